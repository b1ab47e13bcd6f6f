// What can be done with one task or with many at once. One alone is changed where it stands; many go to the server as one batch, which one
// “Undo” takes back.
import { confirm } from "../core/confirm.js";
import { number } from "../core/format.js";
import { t } from "../core/messages.js";
import { tell } from "../core/notices.js";
import { changeMany } from "./batch.js";
import { forgetLabels, labels as known } from "./labelStore.js";
import { changeTask, deleteTask, personName, tasks, toggleCompleted } from "./taskStore.js";

/**
 * The tasks that an action is for: some by their ids, or all that match a filter.
 * @typedef {{ ids: number[], filter?: URLSearchParams, expected?: number }} Target
 */

/** @param {Target} target */
export const countOf = (target) => target.filter ? target.expected ?? target.ids.length : target.ids.length;

/** @param {Target} target */
export const tasksOf = (target) => target.ids.map((id) => tasks.get(id)).filter((task) => task !== undefined);

/** The API changes that many tasks at once. */
const most = 10_000;
/** From so many tasks on, it is asked before they are deleted. */
const many = 20;

const lists = ["status", "priority", "label", "label_all"];
const flags = ["archived", "overdue"];

/** The filter of an address as the batch takes it, with the types of JSON. @param {URLSearchParams} filter */
const asFields = (filter) =>
  Object.fromEntries([...new Set(filter.keys())].map((name) => {
    const value = filter.get(name) ?? "";
    if (lists.includes(name)) return [name, filter.getAll(name)];
    if (flags.includes(name)) return [name, value === "true"];
    return [name, name.endsWith("_id") && value !== "none" ? Number(value) : value];
  }));

/**
 * @param {Target} target
 * @param {string} action of the API
 * @param {Record<string, any> | undefined} changes
 * @param {string} words the name of the text that tells what was done
 * @param {Record<string, string>} [values]
 */
async function batch(target, action, changes, words, values = {}) {
  if (countOf(target) > most) {
    tell(t("batch.tooMany", { count: number(most) }), { kind: "failed" });
    return false;
  }
  const which = target.filter ? { filter: asFields(target.filter), expected: countOf(target) } : { ids: target.ids };
  return await changeMany({ action, ...which, changes }, (count) => t(words, { count, ...values })) !== null;
}

/**
 * @param {Target} target
 * @param {Record<string, any>} changes
 * @param {string} words
 * @param {Record<string, string>} [values]
 */
function update(target, changes, words, values = {}) {
  if (!target.filter && target.ids.length === 1) return changeTask(target.ids[0], changes, t(words, { count: 1, ...values }));
  return batch(target, "update", changes, words, values);
}

/** Completes them, or opens them again when all are completed. @param {Target} target */
export function complete(target) {
  const all = tasksOf(target);
  if (all.length === 1 && !target.filter) return toggleCompleted(all[0]);
  return all.every((task) => task.status === "completed") ? reopen(target) : batch(target, "complete", undefined, "batch.completed");
}

/** @param {Target} target */
export const reopen = (target) => batch(target, "reopen", undefined, "batch.reopened");

/** @param {Target} target @param {import("./filters.js").Task["status"]} status */
export const setStatus = (target, status) => update(target, { status }, "batch.moved", { to: t(`status.${status}`) });

/** @param {Target} target @param {import("./filters.js").Task["priority"]} priority */
export const setPriority = (target, priority) => update(target, { priority }, "batch.priority", { to: t(`priority.${priority}`) });

/** @param {Target} target @param {Record<string, string | null>} due one of due_on and due_at, or both as null */
export const setDue = (target, due) => update(target, due, "batch.due");

/** @param {Target} target @param {number} days */
export const shiftDue = (target, days) => batch(target, "update", { shift_due: days }, "batch.shifted");

/** @param {Target} target @param {number | null} id */
export const assign = (target, id) => update(target, { assignee_id: id }, "batch.assigned", { to: personName(id) });

/** @param {Target} target @param {string} label @param {boolean} isOn */
export async function setLabel(target, label, isOn) {
  const words = isOn ? "batch.labelled" : "batch.unlabelled";
  const [only] = target.filter ? [] : tasksOf(target);
  const done = await (only && target.ids.length === 1
    ? changeTask(
      only.id,
      { labels: isOn ? [...only.labels, label] : only.labels.filter((one) => one !== label) },
      t(words, { count: 1, label }),
    )
    : batch(target, "update", isOn ? { add_labels: [label] } : { remove_labels: [label] }, words, { label }));
  if (!known.all.some((one) => one.name === label)) forgetLabels();
  return done;
}

/** @param {Target} target @param {boolean} isArchived */
export const setArchived = (target, isArchived) =>
  update(target, { archived: isArchived }, isArchived ? "batch.archived" : "batch.unarchived");

/** @param {Target} target */
export async function discard(target) {
  const count = countOf(target);
  const [only] = target.filter ? [] : tasksOf(target);
  if (only && count === 1) return deleteTask(only);
  const isSure = count <= many || await confirm({
    title: t("batch.delete.title", { count }),
    text: t("batch.delete.text"),
    action: t("action.delete"),
  });
  return isSure && batch(target, "delete", undefined, "batch.deleted");
}
