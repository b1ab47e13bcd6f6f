// A task of a day: a chip in the grid, or a row in the list and in the window of a day. Both have “Move to…”; all chips share one window
// for it, since there are hundreds of them.
import { Button } from "../../components/Button.js";
import { DateChoices } from "../../components/DateChoices.js";
import { Icon } from "../../components/Icon.js";
import { PickerButton } from "../../components/PickerButton.js";
import { day as dayText, time } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { follow, taskAddress } from "../../core/router.js";
import { dueDay, isOverdue } from "../../tasks/filters.js";
import { changeTask, toggleCompleted } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @typedef {import("../../tasks/filters.js").Task} Task */

/** @param {Task} task @param {Record<string, any>} due */
export function move(task, due) {
  const day = dueDay({ ...task, due_on: null, due_at: null, ...due });
  const words = day ? t("calendar.moved", { title: task.title, day: dayText(day) }) : t("calendar.undated", { title: task.title });
  changeTask(task.id, due, words);
}

/** What the window of “Move to…” holds. @param {Task} task */
export const moveChoices = (task) => ({
  default: ({ close = () => {} }) =>
    h(DateChoices, {
      modelValue: task,
      onChoose: (/** @type {Record<string, any>} */ due) => {
        close();
        move(task, due);
      },
    }),
});

/** What colours say, in words. @param {Task} task */
const marks = (task) => [
  task.priority === "high" || task.priority === "critical"
    ? h("span", { class: `mark mark-${task.priority}` }, [
      Icon({ name: "flag" }),
      h("span", { class: "visually-hidden" }, t(`priority.${task.priority}`)),
    ])
    : null,
  isOverdue(task) ? h("span", { class: "visually-hidden" }, t("due.overdue")) : null,
];

/**
 * @param {{ task: Task, isRow?: boolean, isOpen?: boolean, isCarried?: boolean, tabindex?: number, chooser?: Record<string, any> }} props
 *   `chooser` is what the button of a chip does
 */
export const CalendarTask = ({ task, isRow, isOpen, isCarried, tabindex, chooser }) => {
  const isDone = task.status === "completed";
  const id = `${isRow ? "row" : "chip"}-${task.id}`;
  return h("li", {
    key: task.id,
    class: [
      isRow ? "day-row" : "day-chip",
      isDone && "is-done",
      isOverdue(task) && "is-overdue",
      isOpen && "is-open",
      isCarried && "is-carried",
    ],
    "data-id": task.id,
    draggable: isRow ? undefined : "true",
  }, [
    isRow
      ? h("button", {
        type: "button",
        class: ["check", `check-${task.priority}`],
        "aria-label": t(isDone ? "reopen" : "complete"),
        "aria-describedby": id,
        title: t(isDone ? "reopen" : "complete"),
        onClick: () => toggleCompleted(task),
      }, Icon({ name: isDone ? "circle-check" : "circle" }))
      : null,
    h("a", {
      href: taskAddress(task.id),
      onClick: follow,
      id,
      class: "day-task",
      tabindex,
      draggable: "false",
      "data-focus": `task-${task.id}`,
      title: isRow ? undefined : task.title,
      "aria-describedby": isRow ? undefined : "calendar-keys",
    }, [
      marks(task),
      task.due_at ? h("time", { datetime: task.due_at }, time(task.due_at)) : null,
      h("span", { class: "day-title", dir: "auto" }, task.title),
    ]),
    chooser
      ? Button({ label: t("moveTo"), icon: "ellipsis", iconOnly: true, kind: "quiet" }, {
        attrs: { class: "day-move", tabindex, "aria-describedby": id, ...chooser },
      })
      : h(PickerButton, { label: t("moveTo"), icon: "ellipsis", iconOnly: true, kind: "quiet", "aria-describedby": id }, moveChoices(task)),
  ]);
};
CalendarTask.props = ["task", "isRow", "isOpen", "isCarried", "tabindex", "chooser"];
