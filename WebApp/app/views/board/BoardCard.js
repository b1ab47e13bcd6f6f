// One task on the board. It keeps showing what it knew when the task is deleted by others while it is dragged.
import { Icon } from "../../components/Icon.js";
import { Menu } from "../../components/Menu.js";
import { PickerButton } from "../../components/PickerButton.js";
import { t } from "../../core/messages.js";
import { addressWith, Link, route } from "../../core/router.js";
import { statusIcons } from "../../tasks/choices.js";
import { statuses } from "../../tasks/filters.js";
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
  },
  emits: ["move"],
  setup(props, { emit }) {
    /** @type {import("../../tasks/filters.js").Task | undefined} */
    let known;

    /** @param {import("../../tasks/filters.js").Task} task @returns {import("../../components/Menu.js").MenuItem[]} */
    const places = (task) =>
      statuses.flatMap((status, place) => {
        const item = (/** @type {string} */ text, /** @type {"top" | "bottom"} */ end) => ({
          label: t(text, { column: t(`status.${status}`) }),
          icon: statusIcons[status],
          tone: `status-${status}`,
          startsGroup: place > 0 && end === "top",
          run: () => emit("move", task.id, status, end),
        });
        if (status === "completed") return task.status === "completed" ? [] : [item("board.to", "top")];
        return [item("board.to.top", "top"), item("board.to.bottom", "bottom")];
      });

    return () => {
      const task = known = tasks.get(props.id) ?? known;
      if (!task) return h("li", { class: "board-card", "data-id": props.id });
      const isDone = task.status === "completed";
      const isOpen = route.query.get("task") === String(task.id);
      const tabindex = props.isCurrent ? undefined : -1;
      return h("li", {
        class: ["board-card", isDone && "card-done", isOpen && "card-open", props.isCarried && "card-carried"],
        "data-id": task.id,
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
          h(PickerButton, {
            label: t("moveTo"),
            icon: "ellipsis",
            iconOnly: true,
            kind: "quiet",
            popup: "menu",
            tabindex,
            "aria-describedby": `card-${task.id}`,
          }, {
            default: ({ close = () => {} }) => h(Menu, { label: t("moveTo"), items: places(task), onDone: close }),
          }),
          h("span", { class: "card-handle", "aria-hidden": "true" }, h(Icon, { name: "grip-vertical" })),
        ]),
      ]);
    };
  },
});
