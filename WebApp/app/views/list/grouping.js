// The rows of the list: tasks under the heads of their groups, in the order of the groups.
import { t } from "../../core/messages.js";
import { dueGroup, priorities, statuses } from "../../tasks/filters.js";
import { personName, tasks } from "../../tasks/taskStore.js";
import { toRaw } from "../../vue.js";

/** @typedef {import("../../tasks/filters.js").Task} Task */

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {number | null} id of the task; null for the head of a group
 * @property {string} group
 * @property {string} [label] of a head
 * @property {number} [count] of a head
 */

export const groupings = ["none", "status", "priority", "due", "label", "assignee"];

/** In which groups a task stands, by its grouping. @type {Record<string, (task: Task) => string[]>} */
const groupsOf = {
  status: (task) => [task.status],
  priority: (task) => [task.priority],
  due: (task) => [dueGroup(task)],
  label: (task) => task.labels.length ? task.labels : [""],
  assignee: (task) => [String(task.assignee_id ?? "")],
};

/** @type {Record<string, (key: string) => string>} */
const labelOf = {
  status: (key) => t(`status.${key}`),
  priority: (key) => t(`priority.${key}`),
  due: (key) => t(`due.${key}`),
  label: (key) => key || t("labels.none"),
  assignee: (key) => key ? personName(Number(key)) : t("assignee.none"),
};

/** Groups of a fixed order; the others stand by their names, “none” last. @type {Record<string, readonly string[]>} */
const fixedOrder = { status: statuses, priority: priorities, due: ["overdue", "today", "tomorrow", "week", "later", "none", "earlier"] };

/** The row of a task in a list without groups: the same object each time, so that it need not be drawn again. @type {Map<number, Row>} */
const rowsAlone = new Map();
/** @param {number} id */
function rowAlone(id) {
  let row = rowsAlone.get(id);
  if (!row) rowsAlone.set(id, row = { key: String(id), id, group: "" });
  return row;
}

/**
 * @param {number[]} ids in their order
 * @param {string} grouping
 * @param {(group: string) => boolean} isClosed
 * @returns {Row[]}
 */
export function rowsOf(ids, grouping, isClosed) {
  // Read without being watched: the list says itself when one of its tasks has changed.
  const known = toRaw(tasks);
  const of = groupsOf[grouping];
  if (!of) return ids.filter((id) => known.has(id)).map(rowAlone);
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  for (const id of ids) {
    const task = known.get(id);
    if (!task) continue;
    for (const group of of(task)) {
      const members = groups.get(group);
      if (members) members.push(id);
      else groups.set(group, [id]);
    }
  }
  const words = new Map([...groups.keys()].map((group) => [group, labelOf[grouping](group)]));
  const collator = new Intl.Collator(undefined, { numeric: true });
  const order = fixedOrder[grouping];
  const names = [...groups.keys()].sort((a, b) =>
    order ? order.indexOf(a) - order.indexOf(b) : Number(!a) - Number(!b) || collator.compare(words.get(a) ?? "", words.get(b) ?? "")
  );
  return names.flatMap((group) => {
    const members = groups.get(group) ?? [];
    const head = { key: `head ${group}`, id: null, group, label: words.get(group), count: members.length };
    return isClosed(group) ? [head] : [head, ...members.map((id) => ({ key: `${group} ${id}`, id, group }))];
  });
}
