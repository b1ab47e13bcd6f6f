// Shown where there is nothing: what it means, and the one next step.
import { Link } from "../core/router.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";
import { Icon } from "./Icon.js";

/** @param {{ icon: string, title: string, text?: string, action?: { label: string, to?: string, run?: () => void } }} props */
export const EmptyState = ({ icon, title, text, action }) =>
  h("div", { class: "empty" }, [
    h(Icon, { name: icon }),
    h("h2", title),
    text ? h("p", text) : null,
    action?.to ? h(Link, { to: action.to, class: "button button-primary" }, () => action.label) : null,
    action?.run ? h(Button, { kind: "primary", label: action.label, onClick: action.run }) : null,
  ]);
EmptyState.props = ["icon", "title", "text", "action"];
