// A state in a word, with a colour that says how good it is.
import { h } from "../vue.js";

/** @param {{ kind: "good" | "bad" | "busy" | "plain", text: string }} props */
export const StateBadge = ({ kind, text }) => h("span", { class: ["badge", `badge-${kind}`] }, text);
StateBadge.props = ["kind", "text"];
