// A small window beside what opened it. It closes by Escape, by a click elsewhere and by Tab out of it, and gives the focus back.
import { defineComponent, h, onMounted, onUnmounted } from "../vue.js";

/** The distance from the edges of the screen. */
const margin = 8;

export const Popover = defineComponent({
  name: "Popover",
  props: {
    label: { type: String, required: true },
    /** What it stands beside: an element, or a place on the screen. */
    anchor: { type: Object, default: null },
    /** A menu names itself: its window has no role of its own. */
    role: { type: String, default: "dialog" },
  },
  emits: ["close"],
  setup(props, { slots, emit }) {
    /** @type {HTMLElement | null} */
    let element = null;
    const before = document.activeElement;
    let isClosed = false;

    function place() {
      if (!element) return;
      const { clientWidth: width, clientHeight: height } = document.documentElement;
      const anchor = props.anchor instanceof Element ? props.anchor.getBoundingClientRect() : new DOMRect(props.anchor?.x, props.anchor?.y);
      const { offsetWidth, offsetHeight } = element;
      const isRightToLeft = getComputedStyle(element).direction === "rtl";
      const left = isRightToLeft ? anchor.right - offsetWidth : anchor.left;
      const below = anchor.bottom + 4;
      const above = anchor.top - 4 - offsetHeight;
      const top = below + offsetHeight <= height - margin || above < margin ? below : above;
      element.style.left = `${Math.max(margin, Math.min(left, width - offsetWidth - margin))}px`;
      element.style.top = `${Math.max(margin, Math.min(top, height - offsetHeight - margin))}px`;
    }

    function close() {
      if (isClosed) return;
      isClosed = true;
      const hadFocus = element?.contains(document.activeElement) || document.activeElement === document.body;
      if (element?.matches(":popover-open")) element.hidePopover();
      if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      emit("close");
    }

    onMounted(() => {
      element?.showPopover();
      place();
      /** @type {HTMLElement | null | undefined} */
      const first = element?.querySelector("[data-first]") ?? element?.querySelector("input, select, button, [tabindex]");
      first?.focus({ preventScroll: true });
    });
    addEventListener("resize", place);
    addEventListener("scroll", place, true);
    onUnmounted(() => {
      removeEventListener("resize", place);
      removeEventListener("scroll", place, true);
    });

    return () =>
      h("div", {
        ref: (/** @type {any} */ found) => void (element = found ?? element),
        class: "popover",
        popover: "auto",
        role: props.role === "menu" ? undefined : props.role,
        "aria-label": props.role === "menu" ? undefined : props.label,
        // The keys of the view behind it rest meanwhile.
        onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        onToggle: (/** @type {any} */ event) => event.target === element && event.newState === "closed" && close(),
        onFocusout: (/** @type {FocusEvent} */ event) => {
          const next = event.relatedTarget;
          if (next instanceof Node && !element?.contains(next)) close();
        },
      }, slots.default?.({ close }));
  },
});
