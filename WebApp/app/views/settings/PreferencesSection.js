// How the page looks and behaves for this person. Each choice counts at once.
import { Check } from "../../components/Check.js";
import { Field } from "../../components/Field.js";
import { Icon } from "../../components/Icon.js";
import { Section } from "../../components/Section.js";
import { moment, time } from "../../core/format.js";
import { language, languages, t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { changePreferences, preferences } from "../../core/preferences.js";
import { h } from "../../vue.js";

const themes = [["system", "monitor"], ["light", "sun"], ["dark", "moon"]];

/** @param {Record<string, any>} changes */
async function change(changes) {
  try {
    await changePreferences(changes);
    tell(t("task.saved"));
  } catch (error) {
    // This browser has it already; the server gets it with the next try.
    tellFailure(error, { label: t("retry"), run: () => change(changes) });
  }
}

/** A choice whose first answer leaves it to the browser. @param {string} name @param {string} label @param {[string, string][]} options @param {string} [hint] */
const choice = (name, label, options, hint) =>
  h(Field, {
    as: "select",
    id: `preference-${name}`,
    label,
    hint,
    modelValue: /** @type {any} */ (preferences)[name] ?? "",
    "onUpdate:modelValue": (/** @type {string} */ value) => change({ [name]: value || null }),
  }, () => [
    h("option", { value: "" }, t("preferences.browser")),
    ...options.map(([value, text]) => h("option", { value, key: value }, text)),
  ]);

/** @param {string} day */
const weekday = (day) => new Intl.DateTimeFormat(language(), { weekday: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

export const PreferencesSection = () => [
  h(Section, { title: t("preferences.look") }, () =>
    h("div", { class: "form" }, [
      h("fieldset", { class: "field" }, [
        h("legend", t("preferences.theme")),
        h(
          "div",
          { class: "segments" },
          themes.map(([value, icon]) =>
            h("label", { class: "segment", key: value }, [
              h("input", {
                type: "radio",
                name: "theme",
                value,
                checked: preferences.theme === value,
                onChange: () => change({ theme: value }),
              }),
              h(Icon, { name: icon }),
              t(`preferences.theme.${value}`),
            ])
          ),
        ),
      ]),
      choice("locale", t("preferences.language"), Object.entries(languages)),
    ])),
  h(Section, { title: t("preferences.time") }, () =>
    h("div", { class: "form" }, [
      choice("first_weekday", t("preferences.firstWeekday"), [["monday", weekday("2026-11-23")], ["saturday", weekday("2026-11-28")], [
        "sunday",
        weekday("2026-11-29"),
      ]]),
      choice(
        "hour_cycle",
        t("preferences.clock"),
        [["h23", t("preferences.clock.h23")], ["h12", t("preferences.clock.h12")]],
        t("preferences.now", { moment: moment(new Date().toISOString()), time: time(new Date().toISOString()) }),
      ),
    ])),
  h(Section, { title: t("preferences.keys") }, () =>
    h(Check, {
      label: t("preferences.singleKeys"),
      hint: t("preferences.singleKeys.hint"),
      modelValue: preferences.single_keys,
      "onUpdate:modelValue": (/** @type {boolean} */ value) => change({ single_keys: value }),
    })),
];
