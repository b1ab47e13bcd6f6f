// What can be done with a card: the menu of all actions, the places to which it can be moved, and the small windows for its fields.
import { Menu } from "../../components/Menu.js";
import { Popover } from "../../components/Popover.js";
import { keyText } from "../../core/commands.js";
import { t } from "../../core/messages.js";
import { go, taskAddress } from "../../core/router.js";
import { discard, setArchived } from "../../tasks/actions.js";
import { statusIcons } from "../../tasks/choices.js";
import { statuses } from "../../tasks/filters.js";
import { TaskPopover } from "../../tasks/TaskPopover.js";
import { tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @typedef {import("../../tasks/filters.js").Task} Task */
/** @typedef {import("../../components/Menu.js").MenuItem} MenuItem */
/** @typedef {"move" | import("../../tasks/TaskPopover.js").Kind} Kind */
/** @typedef {{ id: number, kind: Kind, anchor: Element | { x: number, y: number } }} Opened */

/** @param {Task} task @param {(kind: Kind) => void} pick @returns {MenuItem[]} */
function actions(task, pick) {
  const target = { ids: [task.id] };
  const isDone = task.status === "completed";
  return [
    { label: t("action.open"), icon: "eye", hint: keyText("Enter"), run: () => go(taskAddress(task.id)) },
    {
      label: t(isDone ? "reopen" : "complete"),
      icon: isDone ? "circle" : "circle-check",
      hint: keyText("e"),
      run: () => toggleCompleted(task),
    },
    { label: t("moveTo"), icon: "columns-3", hint: keyText("m"), startsGroup: true, run: () => pick("move") },
    { label: t("action.priority"), icon: "flag", run: () => pick("priority") },
    { label: t("action.due"), icon: "calendar", run: () => pick("due") },
    { label: t("action.assign"), icon: "user", run: () => pick("assign") },
    { label: t("action.labels"), icon: "tag", run: () => pick("labels") },
    {
      label: t(task.archived ? "action.unarchive" : "action.archive"),
      icon: "archive",
      startsGroup: true,
      run: () => void setArchived(target, !task.archived),
    },
    { label: t("action.delete"), icon: "trash-2", isDanger: true, run: () => void discard(target) },
  ];
}

/** @param {Task} task @param {(status: Task["status"], end: "top" | "bottom") => void} move @returns {MenuItem[]} */
const places = (task, move) =>
  statuses.flatMap((status, place) => {
    const item = (/** @type {string} */ text, /** @type {"top" | "bottom"} */ end) => ({
      label: t(text, { column: t(`status.${status}`) }),
      icon: statusIcons[status],
      tone: `status-${status}`,
      startsGroup: place > 0 && end === "top",
      run: () => move(status, end),
    });
    // Completed tasks stand by their time: there is one place for a task that comes.
    if (status === "completed") return task.status === "completed" ? [] : [item("board.to", "top")];
    return [item("board.to.top", "top"), item("board.to.bottom", "bottom")];
  });

/** @param {{ opened: Opened }} props @param {import("../../vue.d.ts").Context} context */
export const BoardMenu = ({ opened }, { emit }) => {
  const { id, kind, anchor } = opened;
  const task = tasks.get(id);
  if (!task) return null;
  if (kind !== "move") {
    return h(TaskPopover, {
      key: kind,
      opened: { kind, anchor, target: { ids: [id] } },
      actions: actions(task, (next) => emit("pick", { id, kind: next, anchor })),
      onClose: () => emit("close"),
    });
  }
  return h(Popover, { key: kind, label: t("moveTo"), role: "menu", anchor, onClose: () => emit("close") }, {
    default: ({ close = () => {} }) =>
      h(Menu, { label: t("moveTo"), items: places(task, (status, end) => emit("move", id, status, end)), onDone: close }),
  });
};
BoardMenu.props = ["opened"];
BoardMenu.emits = ["close", "pick", "move"];
