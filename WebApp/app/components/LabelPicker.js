// The labels of a task, and a small window to put some on and take some off.
import { t } from "../core/messages.js";
import { h } from "../vue.js";
import { LabelChoices } from "./LabelChoices.js";
import { PickerButton } from "./PickerButton.js";

/** @param {{ modelValue: string[] }} props @param {import("../vue.d.ts").Context} context */
export const LabelPicker = ({ modelValue }, { emit, attrs, slots }) =>
  h(PickerButton, {
    label: t("labels"),
    text: modelValue.join(", ") || t("labels.none"),
    icon: "tag",
    ...attrs,
  }, {
    trigger: slots.trigger,
    default: () =>
      h(LabelChoices, { modelValue, "onUpdate:modelValue": (/** @type {string[]} */ labels) => emit("update:modelValue", labels) }),
  });
LabelPicker.props = ["modelValue"];
LabelPicker.emits = ["update:modelValue"];
LabelPicker.inheritAttrs = false;
