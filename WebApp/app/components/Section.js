// A part of a page with a heading, a sentence about it, and its content.
import { h } from "../vue.js";

/** @param {{ title: string, text?: string }} props @param {import("../vue.d.ts").Context} context */
export const Section = ({ title, text }, { slots }) =>
  h("section", { class: "section" }, [
    h("div", { class: "section-head" }, [h("h2", title), slots.actions?.()]),
    text ? h("p", { class: "hint" }, text) : null,
    slots.default?.(),
  ]);
Section.props = ["title", "text"];
