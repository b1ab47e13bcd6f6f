// Asks for the password again (see core/recentPassword.js).
import { t } from "../core/messages.js";
import { passwordPrompt } from "../core/recentPassword.js";
import { session } from "../core/session.js";
import { useForm } from "./useForm.js";
import { defineComponent, h } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";

const PasswordDialog = defineComponent({
  name: "PasswordDialog",
  setup() {
    const form = useForm({ password: "" }, async ({ password }) => {
      try {
        await passwordPrompt.current?.enter(password);
      } finally {
        form.values.password = "";
      }
    });
    return () =>
      h(
        Dialog,
        { title: t("passwordPrompt"), onClose: () => passwordPrompt.current?.giveUp() },
        () =>
          h("form", { class: "dialog-form", onSubmit: form.submit }, [
            h("p", t("passwordPrompt.text")),
            // Password managers look for the name beside the password.
            h("input", {
              type: "text",
              class: "visually-hidden",
              name: "username",
              autocomplete: "username",
              value: session.user?.email,
              readonly: true,
              tabindex: -1,
              "aria-hidden": "true",
            }),
            form.field("password", {
              label: t("password"),
              type: "password",
              autocomplete: "current-password",
              required: true,
              autofocus: true,
            }),
            form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
            h("div", { class: "dialog-actions" }, [
              h(Button, { label: t("cancel"), onClick: () => passwordPrompt.current?.giveUp() }),
              h(Button, { type: "submit", kind: "primary", label: t("continue"), busy: form.isBusy }),
            ]),
          ]),
      );
  },
});

export const PasswordPrompt = () => passwordPrompt.current ? h(PasswordDialog) : null;
