// The rules of the queue of changes that wait: which is next, what a new id means for the rest, and how tasks look with all of them made.
import { addDays } from "../core/days.js";
import { paired } from "./merge.js";

/** @typedef {import("./outbox.js").Waiting} Waiting */
/** @typedef {import("./filters.js").Task} Task */

/**
 * The tasks that a change speaks of. Those of a filter are not known here.
 * @param {Waiting} one
 * @returns {number[]}
 */
export const tasksOf = ({ taskId, body }) => [taskId, body?.before, body?.after, ...body?.ids ?? []].filter(Boolean);

/**
 * The first change that can be sent. What the server refused waits for the person, and with it every later change of the same task.
 * @param {Waiting[]} all in the order in which they were made
 */
export function nextToSend(all) {
  const held = new Set();
  for (const one of all) {
    if (!one.problem && ![one.undoes, ...tasksOf(one)].some((id) => held.has(id))) return one;
    for (const id of [one.key, one.taskId, ...one.body.ids ?? []]) if (id) held.add(id);
  }
  return null;
}

/**
 * The changes that speak of a task which now has a real id.
 * @param {Waiting[]} all
 * @param {number} from negative
 * @param {number} to
 * @returns {Waiting[]} only those that are different now
 */
export function renamed(all, from, to) {
  const now = (/** @type {number} */ id) => id === from ? to : id;
  return all.filter((one) => tasksOf(one).includes(from)).map((one) => ({
    ...one,
    taskId: now(one.taskId),
    path: one.path.replace(`/tasks/${from}`, `/tasks/${to}`),
    body: Object.fromEntries(
      Object.entries(one.body ?? {}).map(([name, value]) => {
        return [name, name === "before" || name === "after" ? now(value) : name === "ids" ? value.map(now) : value];
      }),
    ),
  }));
}

/**
 * A task as the person made it without the server.
 * @param {Waiting} change
 * @returns {Task}
 */
export function taskOf({ taskId, body, at = Date.now(), user = 0 }) {
  const now = new Date(at).toISOString();
  return /** @type {Task} */ ({
    title: "",
    id: taskId,
    description: null,
    status: "pending",
    priority: "medium",
    owner_id: user,
    assignee_id: null,
    labels: [],
    due_at: null,
    due_on: null,
    archived: false,
    completed_at: null,
    created_at: now,
    updated_at: now,
    version: 0,
    ...body,
    isWaiting: true,
  });
}

/** The fields that a batch changes. @param {Task} task @param {Record<string, any>} body @returns {Record<string, any>} */
function batchChanges(task, { action, changes = {} }) {
  if (action !== "update") return action === "complete" ? { status: "completed" } : action === "reopen" ? { status: "pending" } : {};
  const { add_labels = [], remove_labels = [], shift_due: days, ...fields } = changes;
  const labels = [...new Set([...task.labels, ...add_labels])].filter((name) => !remove_labels.includes(name));
  const due = !days ? {} : {
    due_on: task.due_on && addDays(task.due_on, days),
    // The server knows the changes of the clock between the days.
    due_at: task.due_at && new Date(Date.parse(task.due_at) + days * 86_400_000).toISOString(),
  };
  return { labels, ...due, ...fields };
}

/**
 * A task as it is with a change that waits; null when that deletes it.
 * @param {Task} task
 * @param {Waiting} one
 * @returns {Task | null}
 */
export function withChange(task, { method, path, body }) {
  const isBatch = path === "/tasks/batch";
  if (method === "DELETE" || isBatch && body.action === "delete") return null;
  const changes = isBatch ? batchChanges(task, body) : method === "PATCH" ? body : body.status ? { status: body.status } : {};
  return { ...task, ...paired(changes), isWaiting: true };
}

/** Without what is taken back again, and without what takes it back. @param {Waiting[]} waiting */
function inForce(waiting) {
  const undone = new Set();
  return waiting.toReversed().filter((one) => {
    const isUndone = undone.has(one.key);
    if (one.undoes && !isUndone) undone.add(one.undoes);
    return !one.undoes && !isUndone;
  }).toReversed();
}

/**
 * Tasks with every change that waits.
 * @param {Task[]} known
 * @param {Waiting[]} waiting
 */
export function withWaiting(known, waiting) {
  const byId = new Map(known.map((task) => [task.id, task]));
  for (const one of inForce(waiting)) {
    if (one.path === "/tasks") byId.set(one.taskId, taskOf(one));
    else {
      for (const id of one.body.ids ?? [one.taskId]) {
        const task = byId.get(id);
        const changed = task && withChange(task, one);
        if (changed) byId.set(id, changed);
        else byId.delete(id);
      }
    }
  }
  return [...byId.values()];
}
