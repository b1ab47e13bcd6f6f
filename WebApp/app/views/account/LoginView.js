// Log-in, by address or username.
import { instance, loadInstance } from "../../core/instance.js";
import { t } from "../../core/messages.js";
import { addressWith, Link } from "../../core/router.js";
import { logIn } from "../../core/session.js";
import { canKeep } from "../../core/storage.js";
import { defineComponent, h } from "../../vue.js";
import { AccountForm } from "./AccountForm.js";

export default defineComponent({
  name: "LoginView",
  setup() {
    loadInstance();
    return () =>
      h(AccountForm, {
        title: t("logIn"),
        text: instance.needs_setup ? t("setup.isNeeded") : canKeep() ? "" : t("login.noCookies"),
        submit: t("logIn"),
        fields: [
          { name: "identifier", label: t("identifier"), autocomplete: "username" },
          { name: "password", label: t("password"), type: "password", autocomplete: "current-password" },
        ],
        run: logIn,
      }, () => [
        h("p", [h(Link, { to: "/reset" }, () => t("login.forgot"))]),
        instance.registration_open
          ? h("p", [t("login.other"), " ", h(Link, { to: addressWith({}, "/register") }, () => t("createAccount"))])
          : null,
      ]);
  },
});
