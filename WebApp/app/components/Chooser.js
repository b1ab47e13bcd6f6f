// A box to type in and the things that match below it: arrows walk, Enter takes. Screen readers hear it as a combo box with a list.
import { computed, defineComponent, h, nextTick, ref, watch } from "../vue.js";
import { Icon } from "./Icon.js";

let last = 0;

/**
 * @typedef {object} Option
 * @property {string} key
 * @property {string} label
 * @property {string} [icon]
 * @property {string} [tone] a class for the colour of the icon
 * @property {string} [hint]
 * @property {string} [group] the heading above it, when it differs from the one before
 * @property {boolean | "some"} [isChosen] of a choice of several; “some” of the tasks have it
 */

export const Chooser = defineComponent({
  name: "Chooser",
  props: {
    label: { type: String, required: true },
    placeholder: { type: String, default: "" },
    /** @type {any} Option[] */
    options: { type: Array, required: true },
    /** Said where nothing matches. */
    empty: { type: String, default: "" },
    isMultiple: { type: Boolean, default: false },
    maxlength: { type: Number, default: 200 },
    /** What stands in the box at first. */
    typed: { type: String, default: "" },
  },
  emits: ["query", "choose"],
  setup(props, { emit }) {
    const id = `chooser-${++last}`;
    const text = ref(props.typed);
    const place = ref(0);
    /** @type {HTMLElement | null} */
    let list = null;
    const active = computed(() => Math.min(place.value, props.options.length - 1));
    watch(text, () => void (place.value = 0));
    watch(active, () => nextTick(() => list?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" })));

    function press(/** @type {KeyboardEvent} */ event) {
      const count = props.options.length;
      if (event.isComposing) return;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        place.value = (active.value + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
      }
      if (event.key === "Enter") {
        event.preventDefault();
        if (count) choose(props.options[active.value], event);
      }
    }

    /** @param {Option} option @param {Event} event */
    function choose(option, event) {
      emit("choose", option.key, event);
      if (props.isMultiple && text.value) type("");
    }

    /** @param {string} value */
    function type(value) {
      text.value = value;
      emit("query", value);
    }

    return () =>
      h("div", { class: "chooser" }, [
        h("input", {
          type: "text",
          role: "combobox",
          "data-first": "",
          "aria-label": props.label,
          "aria-expanded": String(props.options.length > 0),
          "aria-controls": `${id}-list`,
          "aria-autocomplete": "list",
          "aria-activedescendant": props.options.length ? `${id}-${active.value}` : undefined,
          placeholder: props.placeholder || props.label,
          autocomplete: "off",
          spellcheck: "false",
          maxlength: props.maxlength,
          value: text.value,
          onInput: (/** @type {any} */ event) => type(event.target.value),
          onKeydown: press,
        }),
        h(
          "ul",
          {
            id: `${id}-list`,
            role: "listbox",
            class: "chooser-list",
            "aria-label": props.label,
            "aria-multiselectable": props.isMultiple ? "true" : undefined,
            ref: (/** @type {any} */ found) => void (list = found),
          },
          props.options.map((/** @type {Option} */ option, /** @type {number} */ index) => [
            option.group && option.group !== props.options[index - 1]?.group
              ? h("li", { key: `group ${option.group}`, role: "presentation", class: "chooser-group" }, option.group)
              : null,
            h("li", {
              key: option.key,
              id: `${id}-${index}`,
              role: "option",
              class: "menu-item",
              "aria-selected": String(props.isMultiple ? option.isChosen === true : index === active.value),
              "data-active": index === active.value ? "" : undefined,
              onPointermove: () => void (place.value = index),
              // The focus stays in the box.
              onPointerdown: (/** @type {Event} */ event) => event.preventDefault(),
              onClick: (/** @type {Event} */ event) => choose(option, event),
            }, [
              option.icon ? h("span", { class: ["menu-icon", option.tone] }, h(Icon, { name: option.icon })) : null,
              h("span", { class: "menu-label", dir: "auto" }, option.label),
              option.hint ? h("span", { class: "hint" }, option.hint) : null,
              option.isChosen ? h("span", { class: option.isChosen === "some" && "some" }, h(Icon, { name: "check" })) : null,
            ]),
          ]),
        ),
        props.options.length ? null : h("p", { class: "hint chooser-empty", role: "status" }, props.empty),
      ]);
  },
});
