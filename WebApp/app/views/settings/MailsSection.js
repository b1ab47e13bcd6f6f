// Which mails one gets. Each switch counts at once.
import { Check } from "../../components/Check.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { Section } from "../../components/Section.js";
import { get, patch } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { Link } from "../../core/router.js";
import { session } from "../../core/session.js";
import { defineComponent, h, shallowReactive } from "../../vue.js";

const kinds = ["assignment", "due_tomorrow", "overdue", "weekly_digest", "new_device"];

export const MailsSection = defineComponent({
  name: "MailsSection",
  setup() {
    const state = shallowReactive({
      /** @type {Record<string, boolean> | null} */
      settings: null,
      /** @type {unknown} */
      error: null,
    });
    async function load() {
      state.error = null;
      try {
        state.settings = (await get("/users/me/notifications")).data;
      } catch (error) {
        state.error = error;
      }
    }
    /** @param {string} kind @param {boolean} isOn */
    async function change(kind, isOn) {
      const before = state.settings;
      state.settings = { ...before, [kind]: isOn };
      try {
        state.settings = (await patch("/users/me/notifications", { [kind]: isOn })).data;
        tell(t("task.saved"));
      } catch (error) {
        state.settings = before;
        tellFailure(error);
      }
    }
    load();
    return () =>
      h(Section, { title: t("settings.mails"), text: t("mails.text", { email: session.user?.email }) }, () => {
        if (state.error) return h(ErrorNotice, { error: state.error, onRetry: load });
        return [
          session.user?.email_verified
            ? null
            : h("p", { class: "note" }, [t("mails.unverified"), " ", h(Link, { to: "/settings/profile" }, () => t("settings.profile"))]),
          h(
            "div",
            { class: "checks", "aria-busy": state.settings ? undefined : "true" },
            kinds.map((kind) =>
              h(Check, {
                key: kind,
                label: t(`mails.${kind}`),
                hint: t(`mails.${kind}.hint`),
                disabled: !state.settings,
                modelValue: state.settings?.[kind] ?? false,
                "onUpdate:modelValue": (/** @type {boolean} */ isOn) => change(kind, isOn),
              })
            ),
          ),
        ];
      });
  },
});
