// Several small buttons under one name, each of which is on or off.
import { h } from "../vue.js";
import { Icon } from "./Icon.js";

/**
 * @typedef {object} Toggle
 * @property {string} key
 * @property {string} label
 * @property {boolean} isOn
 * @property {string} [icon]
 * @property {string} [tone]
 *
 * @param {{ label: string, toggles: Toggle[] }} props
 * @param {import("../vue.d.ts").Context} context
 */
export const ToggleGroup = ({ label, toggles }, { emit, slots }) =>
  h("fieldset", { class: "toggle-group" }, [
    h("legend", label),
    h("div", { class: "toggles" }, [
      toggles.map((toggle) =>
        h("button", {
          key: toggle.key,
          type: "button",
          class: "toggle",
          "aria-pressed": String(toggle.isOn),
          onClick: () => emit("toggle", toggle.key, !toggle.isOn),
        }, [
          toggle.icon ? h("span", { class: ["menu-icon", toggle.tone] }, h(Icon, { name: toggle.icon })) : null,
          h("span", { dir: "auto" }, toggle.label),
        ])
      ),
      slots.default?.(),
    ]),
  ]);
ToggleGroup.props = ["label", "toggles"];
ToggleGroup.emits = ["toggle"];
