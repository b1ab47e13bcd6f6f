// Which tasks a view shows, and in which order. The same words stand in the address of the page and in the query of the API.
import { addDays, daysAsBounds, startOfDay, weekdayOf } from "../core/days.js";
import { dayOf, timeZone, today } from "../core/format.js";
import { firstWeekday } from "../core/preferences.js";
import { session } from "../core/session.js";

/**
 * @typedef {object} Task
 * @property {number} id
 * @property {string} title
 * @property {string | null} [description]
 * @property {"pending" | "in_progress" | "completed"} status
 * @property {"low" | "medium" | "high" | "critical"} priority
 * @property {number} owner_id
 * @property {number | null} assignee_id
 * @property {string[]} labels
 * @property {string | null} due_at
 * @property {string | null} due_on
 * @property {boolean} archived
 * @property {string | null} completed_at
 * @property {string} created_at
 * @property {string} updated_at
 * @property {number} version
 * @property {number} [position]
 * @property {boolean} [isWaiting] changed while offline; the server does not know yet
 */

export const statuses = /** @type {const} */ (["pending", "in_progress", "completed"]);
export const priorities = /** @type {const} */ (["critical", "high", "medium", "low"]);
export const sorts = [
  "-created_at",
  "created_at",
  "due_at",
  "-due_at",
  "-priority",
  "priority",
  "title",
  "-title",
  "status",
  "-updated_at",
  "-completed_at",
  "position",
];

/** The parameters that decide which tasks are shown. */
export const filterNames = [
  "scope",
  "status",
  "priority",
  "label",
  "label_all",
  "assignee_id",
  "owner_id",
  "archived",
  "q",
  "created_after",
  "created_before",
  "updated_after",
  "updated_before",
  "completed_after",
  "completed_before",
  "due_after",
  "due_before",
  "due_on",
  "due",
  "overdue",
  "date",
];
const known = new Set(filterNames);

/** The first and the last day of the week that a day is in. @param {string} day */
export function weekOf(day) {
  const first = addDays(day, -((weekdayOf(day) - firstWeekday() + 7) % 7));
  return [first, addDays(first, 6)];
}

/**
 * The part of the page's address that the API understands. The page has some words of its own, which mean something else every day:
 * `due=today`, `due=week`; and it leaves archived tasks out unless `archived` is `true` or `any`.
 * @param {URLSearchParams} query
 * @param {Record<string, string | string[]>} [more] takes the place of what is in the address
 */
export function filterOf(query, more = {}) {
  const filter = new URLSearchParams();
  for (const [name, value] of query) {
    if (!known.has(name) || !value || name in more) continue;
    if (name === "due" && value === "today") filter.append("due_on", today());
    else if (name === "due" && value === "week") {
      const [first, last] = weekOf(today());
      const { after, before } = daysAsBounds(first, last, timeZone());
      filter.append("due_after", after);
      filter.append("due_before", before);
    } else if (name !== "archived" || value !== "any") filter.append(name, value);
  }
  if (!query.has("archived") && !("archived" in more)) filter.append("archived", "false");
  for (const [name, value] of Object.entries(more)) for (const one of [value].flat()) filter.append(name, one);
  return filter;
}

/** @param {URLSearchParams} query */
export const hasFilter = (query) => [...query.keys()].some((name) => known.has(name) && name !== "scope");

/** The last day on which a task is not overdue, in the person's time zone; null without a due date. @param {Task} task */
export const dueDay = (task) => task.due_on ?? (task.due_at ? dayOf(task.due_at) : null);

/** @param {Task} task */
export function isOverdue(task) {
  if (task.status === "completed" || task.archived) return false;
  return task.due_at ? Date.parse(task.due_at) < Date.now() : task.due_on !== null && task.due_on < today();
}

/** The moment of the due date for comparisons: a day ends at its midnight. @param {Task} task */
const dueEnd = (task) =>
  task.due_at ? Date.parse(task.due_at) : task.due_on ? Number(startOfDay(addDays(task.due_on, 1), timeZone())) - 1 : null;

/** Whether a task has a label, whatever its case; `"none"` in quotes is the label of that name. @param {Task} task @param {string} wanted */
function hasLabel(task, wanted) {
  if (wanted === "none") return !task.labels.length;
  const name = wanted.replace(/^"(.*)"$/, "$1").toLowerCase();
  return task.labels.some((label) => label.toLowerCase() === name);
}

/**
 * Whether a task that was changed belongs to a list. null when only the server can tell.
 * @param {Task} task
 * @param {URLSearchParams} filter
 * @returns {boolean | null}
 */
export function matches(task, filter) {
  const me = session.user?.id;
  const scope = filter.get("scope") ?? "mine";
  if (scope === "owned" && task.owner_id !== me) return false;
  if (scope === "assigned" && task.assignee_id !== me) return false;
  if (scope === "mine" && task.owner_id !== me && task.assignee_id !== me) return false;
  for (const [name, value] of filter) {
    const all = filter.getAll(name);
    if (name === "status" && !all.includes(task.status)) return false;
    if (name === "priority" && !all.includes(task.priority)) return false;
    if (name === "label" && !all.some((label) => hasLabel(task, label))) return false;
    if (name === "label_all" && !hasLabel(task, value)) return false;
    if (name === "assignee_id" && (value === "none" ? task.assignee_id !== null : task.assignee_id !== Number(value))) return false;
    if (name === "owner_id" && task.owner_id !== Number(value)) return false;
    if (name === "archived" && String(task.archived) !== value) return false;
    if (name === "due" && value === "none" && dueDay(task)) return false;
    if (name === "due_on" && dueDay(task) !== value) return false;
    if (name === "overdue" && String(isOverdue(task)) !== value) return false;
    const bound = /^(created|updated|completed|due)_(after|before)$/.exec(name);
    if (bound) {
      const at = bound[1] === "due" ? dueEnd(task) : Date.parse(task[/** @type {"created_at"} */ (`${bound[1]}_at`)] ?? "");
      if (at === null || !(bound[2] === "after" ? at > Date.parse(value) : at < Date.parse(value))) return false;
    }
  }
  return filter.has("q") || filter.has("date") ? null : true;
}

/** @type {Record<string, (task: Task) => string | number | null>} */
const keys = {
  created_at: (task) => task.created_at,
  updated_at: (task) => task.updated_at,
  completed_at: (task) => task.completed_at,
  due_at: dueEnd,
  priority: (task) => -priorities.indexOf(task.priority),
  status: (task) => statuses.indexOf(task.status),
  title: (task) => task.title,
  // One that the server does not know yet comes first.
  position: (task) => task.position ?? -Infinity,
};
const collator = new Intl.Collator(undefined, { numeric: false, sensitivity: "base" });

/**
 * The order of a list, as the server has it: without a value last in both directions, then by id.
 * @param {string} sort
 * @returns {(a: Task, b: Task) => number}
 */
export function order(sort) {
  const direction = sort.startsWith("-") ? -1 : 1;
  const key = keys[sort.replace("-", "")] ?? keys.created_at;
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return x === y ? direction * (a.id - b.id) : x === null ? 1 : -1;
    const difference = typeof x === "string" && sort.endsWith("title") ? collator.compare(x, String(y)) : x < y ? -1 : x > y ? 1 : 0;
    return direction * (difference || a.id - b.id);
  };
}

/**
 * The heading under which a task stands in a list that is grouped by its due date.
 * @param {Task} task
 */
export function dueGroup(task) {
  const due = dueDay(task);
  const now = today();
  if (!due) return "none";
  if (isOverdue(task)) return "overdue";
  if (due < now) return "earlier";
  if (due === now) return "today";
  if (due === addDays(now, 1)) return "tomorrow";
  return due <= addDays(now, 7) ? "week" : "later";
}
