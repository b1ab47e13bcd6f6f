// How far something is; without a total it only says that it goes on.
import { h } from "../vue.js";

/** @param {{ label: string, done: number, total: number | null, text?: string }} props */
export const ProgressBar = ({ label, done, total, text }) =>
  h("div", { class: "progress" }, [
    h("progress", { "aria-label": label, max: total || 1, value: total ? Math.min(done, total) : undefined }),
    h("span", { class: "hint" }, text ?? ""),
  ]);
ProgressBar.props = ["label", "done", "total", "text"];
