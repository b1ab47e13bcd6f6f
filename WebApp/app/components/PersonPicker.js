// Who does a task, and a small window to choose somebody else.
import { t } from "../core/messages.js";
import { personName } from "../tasks/taskStore.js";
import { h } from "../vue.js";
import { PersonChoices } from "./PersonChoices.js";
import { PickerButton } from "./PickerButton.js";

/** @param {{ modelValue: number | null }} props @param {import("../vue.d.ts").Context} context */
export const PersonPicker = ({ modelValue }, { emit, attrs, slots }) =>
  h(PickerButton, {
    label: t("assignee"),
    text: personName(modelValue) || t("assignee.none"),
    icon: "user",
    ...attrs,
  }, {
    trigger: slots.trigger,
    default: ({ close = () => {} }) =>
      h(PersonChoices, {
        modelValue,
        onChoose: (/** @type {number | null} */ id) => {
          close();
          emit("update:modelValue", id);
        },
      }),
  });
PersonPicker.props = ["modelValue"];
PersonPicker.emits = ["update:modelValue"];
PersonPicker.inheritAttrs = false;
