// A picture of the sprite. It says nothing to screen readers: the text beside it, or the name of the button, does.
import { root } from "../core/styles.js";
import { h } from "../vue.js";

export const Icon = (/** @type {{ name: string }} */ { name }) =>
  h("svg", { class: "icon", "aria-hidden": "true", focusable: "false" }, h("use", { href: `${root}vendor/icons.svg#${name}` }));
Icon.props = ["name"];
