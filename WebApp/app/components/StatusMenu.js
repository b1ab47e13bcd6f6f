// The status of a task, and a menu to choose another.
import { t } from "../core/messages.js";
import { statusIcons, statusItems } from "../tasks/choices.js";
import { h } from "../vue.js";
import { Menu } from "./Menu.js";
import { PickerButton } from "./PickerButton.js";

/** @param {{ modelValue: import("../tasks/filters.js").Task["status"] }} props @param {import("../vue.d.ts").Context} context */
export const StatusMenu = ({ modelValue }, { emit, attrs, slots }) =>
  h(PickerButton, {
    label: t("status"),
    text: t(`status.${modelValue}`),
    icon: statusIcons[modelValue],
    popup: "menu",
    ...attrs,
  }, {
    trigger: slots.trigger,
    default: ({ close = () => {} }) =>
      h(Menu, { label: t("status"), items: statusItems(modelValue, (status) => emit("update:modelValue", status)), onDone: close }),
  });
StatusMenu.props = ["modelValue"];
StatusMenu.emits = ["update:modelValue"];
StatusMenu.inheritAttrs = false;
