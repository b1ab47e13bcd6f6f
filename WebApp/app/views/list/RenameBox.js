// The title of a task as a text to change: Enter or leaving saves it, Escape gives up.
import { t } from "../../core/messages.js";
import { changeTask } from "../../tasks/taskStore.js";
import { defineComponent, h, onMounted } from "../../vue.js";

export const RenameBox = defineComponent({
  name: "RenameBox",
  props: { task: { type: Object, required: true } },
  emits: ["end"],
  setup(props, { emit }) {
    /** @type {HTMLInputElement | null} */
    let input = null;
    let isOver = false;
    onMounted(() => input?.select());

    /** @param {boolean} isSaved */
    function end(isSaved) {
      if (isOver) return;
      isOver = true;
      const title = input?.value.trim();
      emit("end");
      if (isSaved && title && title !== props.task.title) changeTask(props.task.id, { title }, t("list.renamed", { title }));
    }

    return () =>
      h("input", {
        ref: (/** @type {any} */ found) => void (input = found ?? input),
        class: "row-rename",
        type: "text",
        "aria-label": t("list.rename"),
        "data-focus": `task-${props.task.id}`,
        maxlength: 255,
        value: props.task.title,
        dir: "auto",
        onKeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.isComposing) return;
          if (event.key === "Enter" || event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            end(event.key === "Enter");
          }
        },
        onBlur: () => end(true),
      });
  },
});
