// How much of each quota is used.
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { Section } from "../../components/Section.js";
import { get } from "../../core/api.js";
import { bytes, number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { defineComponent, h, shallowReactive } from "../../vue.js";

const quotas = ["tasks", "labels", "text", "changes", "files", "answers", "jobs", "exports", "sessions", "tokens", "webhooks"];
const inBytes = new Set(["text", "changes", "files", "answers"]);

export const UsageSection = defineComponent({
  name: "UsageSection",
  setup() {
    const state = shallowReactive({
      /** @type {Record<string, { used: number, limit: number }> | null} */
      usage: null,
      /** @type {unknown} */
      error: null,
    });
    async function load() {
      state.error = null;
      try {
        state.usage = (await get("/users/me/usage")).data;
      } catch (error) {
        state.error = error;
      }
    }
    load();
    const quota = (/** @type {string} */ name) => {
      const { used, limit } = state.usage?.[name] ?? { used: 0, limit: 0 };
      const text = inBytes.has(name) ? bytes : number;
      return h("li", { class: ["quota", used >= limit && "quota-full"], key: name }, [
        h("span", { class: "quota-name" }, [t(`usage.${name}`), h("small", { class: "hint" }, t(`usage.${name}.hint`))]),
        h("span", { class: "quota-figures" }, t("usage.of", { used: text(used), limit: text(limit) })),
        h("meter", { min: 0, max: limit || 1, value: used, high: limit * 0.9, "aria-label": t(`usage.${name}`) }),
      ]);
    };
    return () =>
      h(Section, { title: t("settings.usage"), text: t("usage.about") }, () => {
        if (state.error) return h(ErrorNotice, { error: state.error, onRetry: load });
        return state.usage ? h("ul", { class: "quotas" }, quotas.map(quota)) : h("p", { class: "hint" }, t("loading"));
      });
  },
});
