// The head of the task panel: complete, move, walk on, close.
import { Button } from "../../components/Button.js";
import { Menu } from "../../components/Menu.js";
import { PickerButton } from "../../components/PickerButton.js";
import { t } from "../../core/messages.js";
import { statusItems } from "../../tasks/choices.js";
import { moveTask } from "../../tasks/taskStore.js";
import { neighbour } from "../../tasks/walk.js";
import { h } from "../../vue.js";

/** @param {{ task: import("../../tasks/filters.js").Task | undefined }} props @param {import("../../vue.d.ts").Context} context */
export const TaskHead = ({ task }, { emit }) => {
  const isDone = task?.status === "completed";
  const step = (/** @type {1 | -1} */ direction, /** @type {string} */ icon, /** @type {string} */ label) => {
    const isEnd = !task || neighbour(task.id, direction) === null;
    return h(Button, {
      class: "task-step",
      kind: "quiet",
      icon,
      iconOnly: true,
      label,
      "aria-disabled": isEnd ? "true" : undefined,
      onClick: () => isEnd || emit("step", direction),
    });
  };
  return h("header", { class: "task-head" }, [
    h(
      "div",
      { class: "task-main" },
      task
        ? [
          h(Button, { icon: isDone ? "circle-check" : "circle", label: t(isDone ? "reopen" : "complete"), onClick: () => emit("toggle") }),
          h(PickerButton, { label: t("moveTo"), popup: "menu" }, {
            default: ({ close = () => {} }) =>
              h(Menu, {
                label: t("moveTo"),
                items: statusItems(task.status, (status) => moveTask(task.id, { status }, t("task.moved", { to: t(`status.${status}`) }))),
                onDone: close,
              }),
          }),
        ]
        : null,
    ),
    step(-1, "chevron-up", t("task.previous")),
    step(1, "chevron-down", t("task.next")),
    h(Button, { kind: "quiet", icon: "x", iconOnly: true, label: t("task.close"), onClick: () => emit("close") }),
  ]);
};
TaskHead.props = ["task"];
TaskHead.emits = ["step", "close", "toggle"];
