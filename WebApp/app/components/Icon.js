// A picture of one path. It says nothing to screen readers: the text beside it, or the name of the button, does.
// Rows and cards call it, as they call Button and TaskMarks: a component for each of their parts would cost more than the part.
import { icons } from "../../vendor/icons.js";
import { h } from "../vue.js";

export const Icon = (/** @type {{ name: string }} */ { name }) =>
  h(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    h("path", { d: /** @type {Record<string, string>} */ (icons)[name] }),
  );
Icon.props = ["name"];
