// One task on the board. It keeps showing what it knew when the task is deleted by others while it is dragged.
import { Button } from "../../components/Button.js";
import { Icon } from "../../components/Icon.js";
import { t } from "../../core/messages.js";
import { addressWith, Link, route } from "../../core/router.js";
import { TaskMarks } from "../../tasks/TaskMarks.js";
import { tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { defineComponent, h } from "../../vue.js";

export const BoardCard = defineComponent({
  name: "BoardCard",
  props: {
    id: { type: Number, required: true },
    /** The Tab key leads to one card of a column, arrows to the others. */
    isCurrent: Boolean,
    isCarried: Boolean,
    isMenuOpen: Boolean,
  },
  emits: ["menu"],
  setup(props, { emit }) {
    /** @type {import("../../tasks/filters.js").Task | undefined} */
    let known;

    return () => {
      const task = known = tasks.get(props.id) ?? known;
      if (!task) return h("li", { class: "board-card", "data-id": props.id });
      const isDone = task.status === "completed";
      const isOpen = route.query.get("task") === String(task.id);
      const tabindex = props.isCurrent ? undefined : -1;
      return h("li", {
        class: ["board-card", isDone && "card-done", isOpen && "card-open", props.isCarried && "card-carried"],
        "data-id": task.id,
        // Also by Shift+F10, and by a long press.
        onContextmenu: (/** @type {MouseEvent} */ event) => {
          event.preventDefault();
          const anchor = event.clientX ? { x: event.clientX, y: event.clientY } : event.currentTarget;
          emit("menu", { id: task.id, kind: "actions", anchor });
        },
      }, [
        h("button", {
          type: "button",
          class: ["check", `check-${task.priority}`],
          tabindex,
          "aria-label": t(isDone ? "reopen" : "complete"),
          "aria-describedby": `card-${task.id}`,
          title: t(isDone ? "reopen" : "complete"),
          onClick: () => toggleCompleted(task),
        }, h(Icon, { name: isDone ? "circle-check" : "circle" })),
        h("div", { class: "card-text" }, [
          h(Link, {
            to: addressWith({ task: String(task.id) }),
            id: `card-${task.id}`,
            class: "card-title",
            tabindex,
            "data-focus": `task-${task.id}`,
            "aria-describedby": "board-keys",
            dir: "auto",
          }, () => task.title),
          h(TaskMarks, { task }),
        ]),
        h("div", { class: "card-tools" }, [
          h(Button, {
            label: t("more"),
            icon: "ellipsis",
            iconOnly: true,
            kind: "quiet",
            class: "card-more",
            tabindex,
            "aria-haspopup": "menu",
            "aria-expanded": String(props.isMenuOpen),
            "aria-describedby": `card-${task.id}`,
            onClick: (/** @type {any} */ event) => emit("menu", { id: task.id, kind: "actions", anchor: event.currentTarget }),
          }),
          h("span", { class: "card-handle", "aria-hidden": "true" }, h(Icon, { name: "grip-vertical" })),
        ]),
      ]);
    };
  },
});
