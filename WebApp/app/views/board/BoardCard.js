// One task on the board. It keeps showing what it knew when the task is deleted by others while it is dragged.
import { Button } from "../../components/Button.js";
import { Icon } from "../../components/Icon.js";
import { t } from "../../core/messages.js";
import { follow, taskAddress } from "../../core/router.js";
import { TaskMarks } from "../../tasks/TaskMarks.js";
import { tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { defineComponent, h } from "../../vue.js";

/** A finger drags by the handle alone. */
const touch = matchMedia("(any-pointer: coarse)");

export const BoardCard = defineComponent({
  name: "BoardCard",
  props: {
    id: { type: Number, required: true },
    /** The Tab key leads to one card of a column, arrows to the others. */
    isCurrent: Boolean,
    isCarried: Boolean,
    isMenuOpen: Boolean,
    isOpen: Boolean,
  },
  emits: ["menu"],
  setup(props, { emit }) {
    /** @type {import("../../tasks/filters.js").Task | undefined} */
    let known;

    return () => {
      const task = known = tasks.get(props.id) ?? known;
      if (!task) return h("li", { class: "board-card", "data-id": props.id });
      const isDone = task.status === "completed";
      const tabindex = props.isCurrent ? undefined : -1;
      return h("li", {
        class: ["board-card", isDone && "card-done", props.isOpen && "card-open", props.isCarried && "card-carried"],
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
        }, Icon({ name: isDone ? "circle-check" : "circle" })),
        h("div", { class: "card-text" }, [
          h("a", {
            href: taskAddress(task.id),
            onClick: follow,
            id: `card-${task.id}`,
            class: "card-title",
            tabindex,
            "data-focus": `task-${task.id}`,
            "aria-describedby": "board-keys",
            dir: "auto",
          }, task.title),
          TaskMarks({ task }),
        ]),
        h("div", { class: "card-tools" }, [
          Button({ label: t("more"), icon: "ellipsis", iconOnly: true, kind: "quiet" }, {
            attrs: {
              class: "card-more",
              tabindex,
              "aria-haspopup": "menu",
              "aria-expanded": String(props.isMenuOpen),
              "aria-describedby": `card-${task.id}`,
              onClick: (/** @type {any} */ event) => emit("menu", { id: task.id, kind: "actions", anchor: event.currentTarget }),
            },
          }),
          touch.matches ? h("span", { class: "card-handle", "aria-hidden": "true" }, Icon({ name: "grip-vertical" })) : null,
        ]),
      ]);
    };
  },
});
