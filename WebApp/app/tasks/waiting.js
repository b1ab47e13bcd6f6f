// The rules of the queue of changes that wait: which is next, what a new id means for the rest, and how tasks look with all of them made.
import { paired } from "./merge.js";

/** @typedef {import("./outbox.js").Waiting} Waiting */
/** @typedef {import("./filters.js").Task} Task */

/**
 * The first change that can be sent. What the server refused waits for the person, and with it every later change of the same task.
 * @param {Waiting[]} all in the order in which they were made
 */
export function nextToSend(all) {
  const held = new Set();
  for (const one of all) {
    const speaksOf = [one.taskId, one.body?.before, one.body?.after];
    if (!one.problem && !speaksOf.some((id) => held.has(id))) return one;
    held.add(one.taskId);
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
  const speaks = (/** @type {Waiting} */ one) => one.taskId === from || one.body?.before === from || one.body?.after === from;
  return all.filter(speaks).map((one) => ({
    ...one,
    taskId: one.taskId === from ? to : one.taskId,
    path: one.path.replace(`/tasks/${from}`, `/tasks/${to}`),
    body: Object.fromEntries(
      Object.entries(one.body ?? {}).map(([name, value]) => {
        return [name, (name === "before" || name === "after") && value === from ? to : value];
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

/**
 * Tasks with every change that waits.
 * @param {Task[]} known
 * @param {Waiting[]} waiting
 */
export function withWaiting(known, waiting) {
  const byId = new Map(known.map((task) => [task.id, task]));
  for (const one of waiting) {
    const task = byId.get(one.taskId);
    if (one.method === "DELETE") byId.delete(one.taskId);
    else if (one.path === "/tasks") byId.set(one.taskId, taskOf(one));
    else if (task) {
      const changes = one.method === "PATCH" ? paired(one.body) : one.body.status ? { status: one.body.status } : {};
      byId.set(one.taskId, { ...task, ...changes, isWaiting: true });
    }
  }
  return [...byId.values()];
}
