// A modal dialog: the native one, so that the page behind it is inert, Escape closes it, and the focus goes back to where it was.
import { defineComponent, h, onBeforeUnmount, onMounted } from "../vue.js";

let last = 0;

export const Dialog = defineComponent({
  name: "Dialog",
  props: ["title"],
  emits: ["close"],
  setup(props, { slots, emit }) {
    const id = `dialog-${++last}`;
    /** @type {HTMLDialogElement | null} */
    let element = null;
    onMounted(() => element?.showModal());
    onBeforeUnmount(() => element?.close());
    return () =>
      h("dialog", {
        ref: (/** @type {any} */ one) => void (element = one ?? element),
        "aria-labelledby": id,
        // The owner takes the dialog away; it must not vanish by itself and leave its owner believing that it is open.
        onCancel: (/** @type {Event} */ event) => {
          event.preventDefault();
          emit("close");
        },
        onClose: () => element?.isConnected && emit("close"),
      }, [h("h2", { id }, props.title), slots.default?.()]);
  },
});
