// Takes the former e-mail address back, with the link that was mailed to it.
import { post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { defineComponent, h } from "../../vue.js";
import { LinkAction } from "./LinkAction.js";

export default defineComponent({
  name: "RevertView",
  setup: () => () =>
    h(LinkAction, {
      title: t("view.revert"),
      text: t("revert.text"),
      action: t("revert.action"),
      done: t("revert.done"),
      run: (/** @type {string} */ token) => post("/auth/revert-email", { token }, { anonymous: true }),
    }),
});
