// A button that shows a value and opens a small window to choose another.
import { defineComponent, h, ref } from "../vue.js";
import { Button } from "./Button.js";
import { Popover } from "./Popover.js";

export const PickerButton = defineComponent({
  name: "PickerButton",
  inheritAttrs: false,
  props: {
    /** What is chosen here, such as “Priority”. */
    label: { type: String, required: true },
    /** What is chosen now. */
    text: { type: String, default: "" },
    icon: { type: String, default: undefined },
    iconOnly: { type: Boolean, default: false },
    kind: { type: String, default: "plain" },
    /** @type {any} "menu" or "dialog" */
    popup: { type: String, default: "dialog" },
  },
  setup(props, { slots, attrs, expose }) {
    /** @type {import("../vue.d.ts").Ref<Element | null>} */
    const anchor = ref(null);
    let wasOpen = false;
    /** @type {HTMLElement | null} */
    let place = null;
    const open = () => void (anchor.value = place?.querySelector("button") ?? null);
    expose({ open });

    return () => {
      const name = props.text ? `${props.label}: ${props.text}` : props.label;
      const handlers = {
        "aria-haspopup": props.popup,
        "aria-expanded": String(Boolean(anchor.value)),
        // A click on the button of an open window closes that window, and must not open it again.
        onPointerdown: () => void (wasOpen = Boolean(anchor.value)),
        onClick: (/** @type {MouseEvent} */ event) => {
          if (!(wasOpen && event.detail)) open();
          wasOpen = false;
        },
      };
      return h("span", { class: "picker", ref: (/** @type {any} */ found) => void (place = found) }, [
        slots.trigger ? h("button", { type: "button", ...attrs, "aria-label": name, ...handlers }, slots.trigger()) : h(Button, {
          ...attrs,
          kind: props.kind,
          icon: props.icon,
          iconOnly: props.iconOnly,
          label: props.iconOnly ? name : props.text || props.label,
          "aria-label": name,
          ...handlers,
        }),
        anchor.value
          ? h(
            Popover,
            { label: props.label, role: props.popup, anchor: anchor.value, onClose: () => void (anchor.value = null) },
            { default: slots.default },
          )
          : null,
      ]);
    };
  },
});
