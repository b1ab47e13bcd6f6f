// When a task is due: a few days at one click, or any day, with or without a time.
import { addDays, day, dayOf, timeZone, today, weekdayOf } from "../core/format.js";
import { t } from "../core/messages.js";
import { firstWeekday } from "../core/preferences.js";
import { clockTime, instantOf } from "../core/days.js";
import { defineComponent, h, ref } from "../vue.js";
import { Button } from "./Button.js";

let last = 0;

/** The first day of the next week. */
function nextWeek() {
  const now = today();
  return addDays(now, (firstWeekday() - weekdayOf(now) + 6) % 7 + 1);
}

export const DateChoices = defineComponent({
  name: "DateChoices",
  props: {
    /** @type {any} { due_on, due_at } */
    modelValue: { type: Object, default: () => ({}) },
  },
  emits: ["choose"],
  setup(props, { emit }) {
    const id = `due-${++last}`;
    const { due_at = null, due_on = null } = props.modelValue ?? {};
    const chosen = ref(due_on ?? (due_at ? dayOf(due_at) : ""));
    const time = ref(due_at ? clockTime(due_at, timeZone()) : "");

    /** A task has either a day or an instant: the other one goes. @param {string} day */
    const choose = (day, clock = time.value) => emit("choose", clock ? { due_at: instantOf(day, clock, timeZone()) } : { due_on: day });

    function submit(/** @type {Event} */ event) {
      event.preventDefault();
      if (chosen.value) choose(chosen.value);
    }

    return () => {
      const quick = /** @type {const} */ ([["due.today", today()], ["due.tomorrow", addDays(today(), 1)], ["due.nextWeek", nextWeek()]]);
      return h("form", { class: "date-choices", onSubmit: submit }, [
        h("div", { class: "menu" }, [
          quick.map(([name, value], place) =>
            h("button", {
              key: name,
              type: "button",
              class: "menu-item",
              "data-first": place === 0 ? "" : undefined,
              "aria-pressed": String(chosen.value === value),
              onClick: () => choose(value),
            }, [h("span", { class: "menu-label" }, t(name)), h("span", { class: "hint" }, day(value))])
          ),
          h("button", {
            type: "button",
            class: "menu-item",
            onClick: () => emit("choose", { due_on: null, due_at: null }),
          }, h("span", { class: "menu-label" }, t("due.none"))),
        ]),
        h("div", { class: "date-fields" }, [
          h("div", { class: "field" }, [
            h("label", { for: `${id}-day` }, t("due.day")),
            h("input", {
              id: `${id}-day`,
              type: "date",
              required: true,
              max: "9999-12-31",
              value: chosen.value,
              onInput: (/** @type {any} */ event) => void (chosen.value = event.target.value),
            }),
          ]),
          h("div", { class: "field" }, [
            h("label", { for: `${id}-time` }, t("due.time")),
            h("input", {
              id: `${id}-time`,
              type: "time",
              value: time.value,
              onInput: (/** @type {any} */ event) => void (time.value = event.target.value),
            }),
          ]),
        ]),
        h(Button, { type: "submit", kind: "primary", label: t("due.set") }),
      ]);
    };
  },
});
