// A card of an account page that says something, with the way on.
import { h } from "../../vue.js";

/** @param {{ title: string, text: string }} props @param {import("../../vue.d.ts").Context} context */
export const AccountCard = ({ title, text }, { slots }) =>
  h("div", { class: "card-form" }, [h("h1", title), h("p", { role: "status" }, text), slots.default?.()]);
AccountCard.props = ["title", "text"];
