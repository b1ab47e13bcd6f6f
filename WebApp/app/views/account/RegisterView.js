// A new account.
import { instance, loadInstance } from "../../core/instance.js";
import { t } from "../../core/messages.js";
import { addressWith, Link } from "../../core/router.js";
import { register } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { AccountCard } from "./AccountCard.js";
import { AccountForm } from "./AccountForm.js";

export default defineComponent({
  name: "RegisterView",
  setup() {
    loadInstance();
    const logIn = () => h("p", [t("register.other"), " ", h(Link, { to: addressWith({}, "/login") }, () => t("logIn"))]);
    return () => {
      if (!instance.registration_open) return h(AccountCard, { title: t("createAccount"), text: t("register.closed") }, logIn);
      return h(AccountForm, {
        title: t("createAccount"),
        submit: t("createAccount"),
        fields: [
          { name: "email", label: t("email"), type: "email", autocomplete: "username" },
          { name: "name", label: t("name"), autocomplete: "name", hint: t("name.hint"), optional: true, maxlength: 100 },
          {
            name: "password",
            label: t("password"),
            type: "password",
            autocomplete: "new-password",
            hint: t("password.hint"),
            minlength: 8,
            maxlength: 128,
          },
        ],
        run: register,
      }, logIn);
    };
  },
});
