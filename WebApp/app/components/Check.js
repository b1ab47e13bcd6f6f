// A check box with its label, and a hint below it.
import { h } from "../vue.js";

/** @param {{ label: string, hint?: string, modelValue: boolean }} props @param {import("../vue.d.ts").Context} context */
export const Check = ({ label, hint, modelValue }, { attrs, emit }) =>
  h("label", { class: "check-line" }, [
    h("input", {
      type: "checkbox",
      ...attrs,
      checked: modelValue,
      onChange: (/** @type {any} */ event) => emit("update:modelValue", event.target.checked),
    }),
    h("span", [label, hint ? h("small", { class: "hint" }, hint) : null]),
  ]);
Check.props = ["label", "hint", "modelValue"];
Check.emits = ["update:modelValue"];
Check.inheritAttrs = false;
