// A labelled input with its fault below it.
import { h } from "../vue.js";

let last = 0;

/**
 * @typedef {object} FieldProps
 * @property {string} label
 * @property {string} [fault]
 * @property {string} [hint]
 * @property {string} [id]
 * @property {"input" | "textarea" | "select"} [as]
 * @property {string} modelValue
 */

/** @param {FieldProps} props @param {import("../vue.d.ts").Context} context */
export const Field = (props, { attrs, slots, emit }) => {
  const { label, fault, hint, as = "input", modelValue } = props;
  const id = props.id ?? `field-${attrs.name ?? ++last}`;
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return h("div", { class: "field" }, [
    h("label", { for: id }, label),
    h(as, {
      id,
      ...attrs,
      value: modelValue,
      "aria-invalid": fault ? "true" : undefined,
      "aria-describedby": described || undefined,
      onInput: (/** @type {any} */ event) => emit("update:modelValue", event.target.value),
    }, as === "select" ? slots.default?.() : undefined),
    hint ? h("p", { id: `${id}-hint`, class: "hint" }, hint) : null,
    fault ? h("p", { id: `${id}-fault`, class: "fault" }, fault) : null,
  ]);
};
Field.props = ["label", "fault", "hint", "as", "id", "modelValue"];
Field.emits = ["update:modelValue"];
Field.inheritAttrs = false;
