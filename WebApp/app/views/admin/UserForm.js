// Creates an account for somebody.
import { Button } from "../../components/Button.js";
import { Dialog } from "../../components/Dialog.js";
import { useForm } from "../../components/useForm.js";
import { post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { defineComponent, h } from "../../vue.js";

export const UserForm = defineComponent({
  name: "UserForm",
  emits: ["close", "created"],
  setup(_, { emit }) {
    const form = useForm({ email: "", name: "", username: "", password: "", role: "user" }, async (values) => {
      const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
      const answer = await withRecentPassword(() => post("/users", body));
      if (answer) emit("created", answer.data);
    }, "user new");
    const close = () => {
      form.giveUp();
      emit("close");
    };
    return () =>
      h(
        Dialog,
        { title: t("users.create"), onClose: close },
        () =>
          h("form", { class: "dialog-form", onSubmit: form.submit }, [
            form.field("email", { label: t("email"), type: "email", required: true, autocomplete: "off", autofocus: true }),
            form.field("name", { label: t("name"), maxlength: 100, autocomplete: "off" }),
            form.field("username", { label: t("users.username"), maxlength: 32, autocomplete: "off" }),
            form.field("password", {
              label: t("password"),
              type: "password",
              hint: t("users.password.hint"),
              required: true,
              minlength: 8,
              maxlength: 128,
              autocomplete: "new-password",
            }),
            form.field("role", { label: t("users.role"), as: "select" }, () =>
              ["user", "admin"].map((role) => h("option", { value: role, key: role }, t(`users.role.${role}`)))),
            form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
            h("div", { class: "dialog-actions" }, [
              h(Button, {
                label: t("cancel"),
                onClick: close,
              }),
              h(Button, { type: "submit", kind: "primary", label: t("users.create"), busy: form.isBusy }),
            ]),
          ]),
      );
  },
});
