// The priority of a task, and a menu to choose another.
import { t } from "../core/messages.js";
import { priorityItems } from "../tasks/choices.js";
import { h } from "../vue.js";
import { Menu } from "./Menu.js";
import { PickerButton } from "./PickerButton.js";

/** @param {{ modelValue: import("../tasks/filters.js").Task["priority"] }} props @param {import("../vue.d.ts").Context} context */
export const PriorityMenu = ({ modelValue }, { emit, attrs, slots }) =>
  h(PickerButton, {
    label: t("priority"),
    text: t(`priority.${modelValue}`),
    icon: "flag",
    popup: "menu",
    ...attrs,
  }, {
    trigger: slots.trigger,
    default: ({ close = () => {} }) =>
      h(Menu, { label: t("priority"), items: priorityItems(modelValue, (priority) => emit("update:modelValue", priority)), onDone: close }),
  });
PriorityMenu.props = ["modelValue"];
PriorityMenu.emits = ["update:modelValue"];
PriorityMenu.inheritAttrs = false;
