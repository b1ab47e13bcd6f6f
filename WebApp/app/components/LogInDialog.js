// The log-in over the page, for whoever was working there when their session ended. What they typed and what is on its way stays behind it.
import { t } from "../core/messages.js";
import { logIn, session } from "../core/session.js";
import { defineComponent, h, ref } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";
import { useForm } from "./useForm.js";

const Form = defineComponent({
  name: "LogInForm",
  setup() {
    const form = useForm({ identifier: session.user?.email ?? "", password: "" }, logIn);
    return () =>
      h("form", { class: "dialog-form", onSubmit: form.submit }, [
        h("p", t("session.ended")),
        form.field("identifier", { label: t("identifier"), autocomplete: "username", required: true }),
        form.field("password", {
          label: t("password"),
          type: "password",
          autocomplete: "current-password",
          required: true,
          autofocus: true,
        }),
        form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
        // In another tab: here nothing would be left of the page.
        h("p", h("a", { href: "/reset", target: "_blank" }, t("login.forgot"))),
        h("div", { class: "dialog-actions" }, h(Button, { type: "submit", kind: "primary", label: t("logIn"), busy: form.isBusy })),
      ]);
  },
});

export const LogInDialog = defineComponent({
  name: "LogInDialog",
  setup() {
    /** Browsers that do not know `closedby` let Escape close it: it is opened anew. */
    const attempt = ref(0);
    return () =>
      session.state === "ended"
        ? h(
          Dialog,
          { title: t("logIn"), class: "log-in-dialog", key: attempt.value, closedby: "none", onClose: () => void attempt.value++ },
          () => h(Form),
        )
        : null;
  },
});
