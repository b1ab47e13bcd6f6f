// Every action for one task or for the selected ones, as the items of a menu.
import { keyText } from "../../core/commands.js";
import { copy } from "../../core/copy.js";
import { t } from "../../core/messages.js";
import { go, taskAddress } from "../../core/router.js";
import { complete, discard, reopen, setArchived, tasksOf } from "../../tasks/actions.js";

/**
 * @param {import("../../tasks/actions.js").Target} target
 * @param {object} list
 * @param {(kind: import("../../tasks/TaskPopover.js").Kind) => void} list.pick opens the next window at the same place
 * @param {() => void} list.rename
 * @param {() => void} list.select
 * @param {boolean} list.isSelected
 * @returns {import("../../components/Menu.js").MenuItem[]}
 */
export function rowActions(target, list) {
  const all = tasksOf(target);
  const [task] = all;
  const isOne = all.length === 1 && !target.filter;
  const isDone = all.length > 0 && all.every((one) => one.status === "completed");
  const isArchived = all.length > 0 && all.every((one) => one.archived);
  const address = isOne ? taskAddress(task.id) : "";
  const one = [
    { label: t("action.open"), icon: "eye", hint: keyText("Enter"), run: () => go(address) },
    { label: t("action.rename"), icon: "pencil", hint: keyText("F2"), run: list.rename },
    { label: t(list.isSelected ? "action.deselect" : "action.select"), icon: "check", hint: keyText("x"), run: list.select },
  ];
  return [
    ...(isOne ? one : []),
    isDone
      ? { label: t("reopen"), icon: "circle", hint: keyText("e"), startsGroup: isOne, run: () => reopen(target) }
      : { label: t("complete"), icon: "circle-check", hint: keyText("e"), startsGroup: isOne, run: () => complete(target) },
    ...(isOne || isDone ? [] : [{ label: t("reopen"), icon: "circle", run: () => reopen(target) }]),
    { label: t("action.status"), icon: "columns-3", hint: keyText("s"), run: () => list.pick("status") },
    { label: t("action.priority"), icon: "flag", hint: keyText("p"), run: () => list.pick("priority") },
    { label: t("action.due"), icon: "calendar", hint: keyText("d"), run: () => list.pick("due") },
    { label: t("action.shift"), icon: "history", run: () => list.pick("shift") },
    { label: t("action.assign"), icon: "user", hint: keyText("a"), run: () => list.pick("assign") },
    { label: t("action.labels"), icon: "tag", hint: keyText("l"), run: () => list.pick("labels") },
    {
      label: t(isArchived ? "action.unarchive" : "action.archive"),
      icon: "archive",
      startsGroup: true,
      run: () => void setArchived(target, !isArchived),
    },
    ...(isOne ? [{ label: t("action.copyLink"), icon: "link", run: () => void copy(new URL(address, location.href).href) }] : []),
    { label: t("action.delete"), icon: "trash-2", hint: keyText("Delete"), isDanger: true, run: () => void discard(target) },
  ];
}
