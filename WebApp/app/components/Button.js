// A button with an icon, a text, or both. One with an icon alone has its text as its name and as a hint.
import { h } from "../vue.js";
import { Icon } from "./Icon.js";

/**
 * @typedef {object} ButtonProps
 * @property {string} label
 * @property {string} [icon]
 * @property {"plain" | "primary" | "danger" | "quiet"} [kind]
 * @property {boolean} [iconOnly]
 * @property {boolean} [busy] shows that it works, and takes no second click
 */

/** What a button is at work on. A second click on the same would do it twice. @type {WeakMap<EventTarget, string>} */
const working = new WeakMap();

/** @param {any} event @param {string} label @param {(event: any) => any} run */
async function once(event, label, run) {
  const button = event.currentTarget;
  if (working.get(button) === label) return;
  working.set(button, label);
  try {
    await run(event);
  } finally {
    working.delete(button);
  }
}

/** @param {ButtonProps} props @param {{ attrs: Record<string, any> }} context */
export const Button = (props, { attrs }) => {
  const { label, icon, kind = "plain", iconOnly, busy } = props;
  return h("button", {
    type: "button",
    ...attrs,
    class: ["button", `button-${kind}`, iconOnly && "button-icon", attrs.class],
    "aria-busy": busy ? "true" : undefined,
    "aria-disabled": busy ? "true" : attrs["aria-disabled"],
    onClick: busy || !attrs.onClick ? undefined : (/** @type {any} */ event) => once(event, label, attrs.onClick),
    "aria-label": iconOnly ? attrs["aria-label"] ?? label : attrs["aria-label"],
    title: iconOnly ? label : attrs.title,
  }, [busy || icon ? Icon({ name: busy ? "loader-circle" : String(icon) }) : null, iconOnly ? null : h("span", label)]);
};
Button.props = ["label", "icon", "kind", "iconOnly", "busy"];
Button.inheritAttrs = false;
