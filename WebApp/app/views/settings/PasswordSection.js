// A new password for one's own account.
import { Button } from "../../components/Button.js";
import { Section } from "../../components/Section.js";
import { useForm } from "../../components/useForm.js";
import { post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { tell } from "../../core/notices.js";
import { session } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";

export const PasswordSection = defineComponent({
  name: "PasswordSection",
  setup() {
    const form = useForm({ current_password: "", new_password: "" }, async (values) => {
      await post("/auth/password", values);
      Object.assign(form.values, { current_password: "", new_password: "" });
      tell(t("password.changed"));
    });
    return () =>
      h(Section, { title: t("settings.password"), text: t("password.text") }, () =>
        h("form", { class: "form", onSubmit: form.submit }, [
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
          form.field("current_password", {
            label: t("password.current"),
            type: "password",
            autocomplete: "current-password",
            required: true,
          }),
          form.field("new_password", {
            label: t("password.new"),
            type: "password",
            autocomplete: "new-password",
            required: true,
            minlength: 8,
            maxlength: 128,
            hint: t("password.hint"),
          }),
          form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
          h(Button, { type: "submit", kind: "primary", label: t("password.change"), busy: form.isBusy }),
        ]));
  },
});
