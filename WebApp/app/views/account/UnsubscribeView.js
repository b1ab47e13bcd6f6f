// Switches off one kind of mail, with the link of such a mail and without a log-in.
import { post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { defineComponent, h } from "../../vue.js";
import { LinkAction } from "./LinkAction.js";

export default defineComponent({
  name: "UnsubscribeView",
  setup: () => () =>
    h(LinkAction, {
      title: t("view.unsubscribe"),
      text: t("unsubscribe.text"),
      action: t("unsubscribe.action"),
      done: t("unsubscribe.done"),
      run: (/** @type {string} */ token) => post("/unsubscribe", undefined, { query: { token }, anonymous: true }),
    }),
});
