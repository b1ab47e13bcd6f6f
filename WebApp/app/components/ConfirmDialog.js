// The question before something that cannot be undone (see core/confirm.js).
import { questions } from "../core/confirm.js";
import { t } from "../core/messages.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";

export const ConfirmDialog = () => {
  const question = questions.current;
  if (!question) return null;
  return h(Dialog, { key: question.title, title: question.title, onClose: () => question.answer(false) }, () => [
    h("p", { class: "dialog-text" }, question.text),
    h("div", { class: "dialog-actions" }, [
      h(Button, { label: t("cancel"), onClick: () => question.answer(false) }),
      h(Button, { kind: question.kind ?? "danger", label: question.action, onClick: () => question.answer(true) }),
    ]),
  ]);
};
