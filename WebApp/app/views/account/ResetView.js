// A forgotten password: without a token the page asks for the address, with the token of the mail for the new password.
import { post, Problem } from "../../core/api.js";
import { instance, loadInstance } from "../../core/instance.js";
import { t } from "../../core/messages.js";
import { Told } from "../../core/notices.js";
import { Link } from "../../core/router.js";
import { defineComponent, h, ref, watch } from "../../vue.js";
import { AccountCard } from "./AccountCard.js";
import { AccountForm } from "./AccountForm.js";
import { forgetLinkToken, useLinkToken } from "./useLinkToken.js";

export default defineComponent({
  name: "ResetView",
  setup() {
    const token = useLinkToken();
    /** @type {import("../../vue.d.ts").Ref<"" | "asked" | "changed">} */
    const done = ref(/** @type {"" | "asked" | "changed"} */ (""));
    watch(() => token.value, () => void (done.value = ""));
    loadInstance();

    async function ask(/** @type {{ email: string }} */ { email }) {
      await post("/auth/password-reset", { email }, { anonymous: true });
      done.value = "asked";
    }
    async function change(/** @type {{ new_password: string }} */ values) {
      try {
        await post("/auth/password-reset/confirm", { ...values, token: token.value }, { anonymous: true });
      } catch (error) {
        if (error instanceof Problem && error.of("token")) throw new Told(t("link.stale"));
        throw error;
      }
      done.value = "changed";
      forgetLinkToken();
    }
    const back = () => h("p", h(Link, { to: "/login" }, () => t("reset.back")));

    return () => {
      if (done.value === "asked") return h(AccountCard, { title: t("reset.ask"), text: t("reset.asked") }, back);
      if (done.value === "changed") {
        return h(
          AccountCard,
          { title: t("view.reset"), text: t("reset.changed") },
          () => h(Link, { to: "/login", class: "button button-primary" }, () => t("logIn")),
        );
      }
      if (token.value) {
        return h(AccountForm, {
          key: token.value,
          title: t("view.reset"),
          text: t("reset.text"),
          submit: t("reset.action"),
          fields: [
            {
              name: "new_password",
              label: t("reset.password"),
              type: "password",
              autocomplete: "new-password",
              hint: t("password.hint"),
              minlength: 8,
              maxlength: 128,
            },
          ],
          run: change,
        });
      }
      if (!instance.sends_mail) return h(AccountCard, { title: t("reset.ask"), text: t("reset.noMail") }, back);
      return h(AccountForm, {
        key: "ask",
        title: t("reset.ask"),
        text: t("reset.ask.text"),
        submit: t("reset.ask.action"),
        fields: [{ name: "email", label: t("email"), type: "email", autocomplete: "username" }],
        run: ask,
      }, back);
    };
  },
});
