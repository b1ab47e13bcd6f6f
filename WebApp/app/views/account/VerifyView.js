// Proves an e-mail address with the link of the mail.
import { get, post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { session, updateUser } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { LinkAction } from "./LinkAction.js";

/** @param {string} token */
async function verify(token) {
  await post("/auth/verify-email", { token }, { anonymous: true });
  if (session.state === "active") updateUser((await get("/users/me")).data);
}

export default defineComponent({
  name: "VerifyView",
  setup: () => () =>
    h(LinkAction, { title: t("view.verify"), text: t("verify.text"), action: t("verify.action"), done: t("verify.done"), run: verify }),
});
