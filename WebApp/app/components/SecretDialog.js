// Shows a secret that is shown once, with a button that copies it.
import { t } from "../core/messages.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";
import { CopyButton } from "./CopyButton.js";
import { Dialog } from "./Dialog.js";

/** @param {{ title: string, text: string, secret: string }} props @param {import("../vue.d.ts").Context} context */
export const SecretDialog = ({ title, text, secret }, { emit }) =>
  h(Dialog, { title, onClose: () => emit("close") }, () => [
    h("p", { class: "dialog-text" }, text),
    h("div", { class: "secret" }, [h("code", secret), h(CopyButton, { text: secret })]),
    h("div", { class: "dialog-actions" }, h(Button, { kind: "primary", label: t("secret.done"), onClick: () => emit("close") })),
  ]);
SecretDialog.props = ["title", "text", "secret"];
SecretDialog.emits = ["close"];
