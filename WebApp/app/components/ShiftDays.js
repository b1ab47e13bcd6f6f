// By how many days due dates move.
import { t } from "../core/messages.js";
import { defineComponent, h, ref } from "../vue.js";
import { Button } from "./Button.js";

export const ShiftDays = defineComponent({
  name: "ShiftDays",
  emits: ["shift"],
  setup(_, { emit }) {
    const days = ref("1");
    return () =>
      h("form", {
        class: "date-choices",
        onSubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (Number(days.value)) emit("shift", Number(days.value));
        },
      }, [
        h("div", { class: "field shift-days" }, [
          h("label", { for: "shift-days" }, t("shift.days")),
          h("input", {
            id: "shift-days",
            type: "number",
            min: -3650,
            max: 3650,
            step: 1,
            required: true,
            "aria-describedby": "shift-hint",
            value: days.value,
            onInput: (/** @type {any} */ event) => void (days.value = event.target.value),
          }),
          h("p", { id: "shift-hint", class: "hint" }, t("shift.hint")),
        ]),
        h(Button, { type: "submit", kind: "primary", label: t("shift.do") }),
      ]);
  },
});
