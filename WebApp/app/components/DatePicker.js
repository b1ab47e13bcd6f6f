// When a task is due, and a small window to choose another time. `change` brings the fields to send.
import { t } from "../core/messages.js";
import { dueText } from "../tasks/TaskMarks.js";
import { h } from "../vue.js";
import { DateChoices } from "./DateChoices.js";
import { PickerButton } from "./PickerButton.js";

/** @param {{ modelValue: { due_on: string | null, due_at: string | null } }} props @param {import("../vue.d.ts").Context} context */
export const DatePicker = ({ modelValue }, { emit, attrs, slots }) =>
  h(PickerButton, {
    label: t("due"),
    text: dueText(/** @type {any} */ (modelValue)) || t("due.none"),
    icon: "calendar",
    ...attrs,
  }, {
    trigger: slots.trigger,
    default: ({ close = () => {} }) =>
      h(DateChoices, {
        modelValue,
        onChoose: (/** @type {Record<string, string | null>} */ changes) => {
          close();
          emit("change", changes);
        },
      }),
  });
DatePicker.props = ["modelValue"];
DatePicker.emits = ["change"];
DatePicker.inheritAttrs = false;
