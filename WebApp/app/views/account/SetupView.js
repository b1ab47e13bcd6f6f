// The first admin of an empty installation, with the link that the server printed when it started.
import { Problem } from "../../core/api.js";
import { instance, loadInstance } from "../../core/instance.js";
import { t } from "../../core/messages.js";
import { Told } from "../../core/notices.js";
import { go } from "../../core/router.js";
import { setUp } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { AccountCard } from "./AccountCard.js";
import { AccountForm } from "./AccountForm.js";
import { wayOn } from "./LinkAction.js";
import { useLinkToken } from "./useLinkToken.js";

export default defineComponent({
  name: "SetupView",
  setup() {
    const token = useLinkToken();
    loadInstance();
    async function run(/** @type {{ email: string, name: string, password: string }} */ { name, ...account }) {
      try {
        await setUp({ ...account, ...(name ? { name } : {}), token: token.value });
      } catch (error) {
        if (error instanceof Problem && (error.of("token") || error.code === "invalid_setup_token")) throw new Told(t("setup.staleToken"));
        throw error;
      }
      instance.needs_setup = false;
      go("/", { replace: true });
    }
    return () => {
      if (instance.isKnown && !instance.needs_setup) return h(AccountCard, { title: t("view.setup"), text: t("setup.isDone") }, wayOn);
      return h(AccountForm, {
        title: t("view.setup"),
        text: t("setup.text"),
        submit: t("setup.action"),
        alert: token.value ? "" : t("setup.noToken"),
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
        run,
      });
    };
  },
});
