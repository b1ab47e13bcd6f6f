// A list of actions or of values to choose from, walked with the arrow keys or by the first letters.
import { defineComponent, h } from "../vue.js";
import { Icon } from "./Icon.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {string} [icon]
 * @property {string} [tone] a class for the colour of the icon
 * @property {string} [hint] such as the key that does the same
 * @property {boolean} [isChecked] makes it a value of a choice
 * @property {boolean} [isDanger]
 * @property {boolean} [startsGroup] a line stands above it
 * @property {() => void} run
 */

export const Menu = defineComponent({
  name: "Menu",
  props: {
    label: { type: String, required: true },
    /** @type {any} MenuItem[] */
    items: { type: Array, required: true },
  },
  emits: ["done"],
  setup(props, { emit }) {
    /** @type {HTMLElement | null} */
    let element = null;
    let typed = "";
    let typedAt = 0;

    const buttons = () => /** @type {HTMLElement[]} */ ([...element?.querySelectorAll("button") ?? []]);

    function walk(/** @type {KeyboardEvent} */ event) {
      const all = buttons();
      const now = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      /** @type {number | undefined} */
      let next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
      if (next === undefined && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
        typed = (Date.now() - typedAt < 800 ? typed : "") + event.key.toLowerCase();
        typedAt = Date.now();
        const from = typed.length > 1 ? now : now + 1;
        const order = all.map((_, place) => (from + place) % all.length);
        next = order.find((place) => props.items[place].label.toLowerCase().startsWith(typed));
      }
      if (next === undefined) return;
      event.preventDefault();
      all[(next + all.length) % all.length]?.focus();
    }

    return () => {
      const first = Math.max(0, props.items.findIndex((/** @type {MenuItem} */ item) => item.isChecked));
      return h(
        "div",
        {
          ref: (/** @type {any} */ found) => void (element = found),
          class: "menu",
          role: "menu",
          "aria-label": props.label,
          onKeydown: walk,
        },
        props.items.map((/** @type {MenuItem} */ item, /** @type {number} */ place) =>
          h("button", {
            key: item.label,
            type: "button",
            role: item.isChecked === undefined ? "menuitem" : "menuitemradio",
            "aria-checked": item.isChecked === undefined ? undefined : String(item.isChecked),
            tabindex: -1,
            "data-first": place === first ? "" : undefined,
            class: ["menu-item", item.isDanger && "menu-danger", item.startsGroup && "menu-group"],
            onPointermove: (/** @type {any} */ event) =>
              event.pointerType === "mouse" && event.currentTarget.focus({ preventScroll: true }),
            onClick: () => {
              emit("done");
              item.run();
            },
          }, [
            item.icon ? h("span", { class: ["menu-icon", item.tone] }, h(Icon, { name: item.icon })) : null,
            h("span", { class: "menu-label", dir: "auto" }, item.label),
            item.isChecked ? h(Icon, { name: "check" }) : null,
            item.hint ? h("kbd", { "aria-hidden": "true" }, item.hint) : null,
          ])
        ),
      );
    };
  },
});
