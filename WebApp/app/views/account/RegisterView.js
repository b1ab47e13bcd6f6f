// A new account.
import { t } from "../../core/messages.js";
import { addressWith, Link } from "../../core/router.js";
import { register } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { AccountForm } from "./AccountForm.js";

export default defineComponent({
  name: "RegisterView",
  setup: () => () =>
    h(AccountForm, {
      title: t("createAccount"),
      submit: t("createAccount"),
      fields: [
        { name: "email", label: t("email"), type: "email", autocomplete: "username" },
        { name: "name", label: t("name"), autocomplete: "name", hint: t("name.hint"), optional: true },
        { name: "password", label: t("password"), type: "password", autocomplete: "new-password", hint: t("password.hint"), minlength: 8 },
      ],
      run: register,
    }, () => h("p", [t("register.other"), " ", h(Link, { to: addressWith({}, "/login") }, () => t("logIn"))])),
});
