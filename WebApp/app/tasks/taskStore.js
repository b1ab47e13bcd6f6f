// The tasks that the page knows, and every way to change one. A change is shown at once, sent with the version that it was made from, and
// taken back when the server refuses it. Edits of different fields by two people merge; the same field becomes a conflict to decide.
import { shallowReactive } from "../vue.js";
import { get, patch, post, Problem, randomKey, remove, Unreachable } from "../core/api.js";
import { t } from "../core/messages.js";
import { note, tellFailure } from "../core/notices.js";
import { session } from "../core/session.js";
import { afterUndo, noteDone, tellUndoable } from "../core/undo.js";
import { firstRequest } from "./firstRequest.js";
import { clashes, isNews, merged, paired, takenBack } from "./merge.js";
import { outbox } from "./outbox.js";
import { newestOwn, noteOwn } from "./ownVersions.js";
import { taskOf, tasksOf, withChange } from "./waiting.js";

export { people, personName } from "./people.js";

/** @typedef {import("./filters.js").Task} Task */

/** Every task that some view has read, by its id. @type {Map<number, Task>} */
export const tasks = shallowReactive(new Map());

/**
 * What happened to a task: `task` is null when it is gone.
 * @typedef {(id: number, task: Task | null) => void} Listener
 */
/** @type {Set<Listener>} */
const listeners = new Set();
/** Called when much has changed and lists must be read again; patiently, where still more is to come. @type {Set<(isPatient: boolean) => void>} */
const reloaders = new Set();

/** @param {Listener} then */
export function onTaskChange(then) {
  listeners.add(then);
  return () => listeners.delete(then);
}

/** @param {(isPatient: boolean) => void} then */
export function onReload(then) {
  reloaders.add(then);
  return () => reloaders.delete(then);
}

export function reloadLists(isPatient = false) {
  for (const then of reloaders) then(isPatient);
}
afterUndo(reloadLists);

/**
 * A newer state of a task, from whatever answer brought it. Older ones are ignored.
 * @param {Task} task
 */
export function learn(task) {
  const known = tasks.get(task.id);
  if (known && known.version > task.version) return;
  const now = merged(known, task);
  if (now === known) return;
  tasks.set(task.id, now);
  // No list shows a description.
  if (!known || isNews(known, task, "description")) { for (const then of listeners) then(task.id, now); }
}

/** As it is to be seen until the server answers. @param {Task} task */
function show(task) {
  tasks.set(task.id, task);
  for (const then of listeners) then(task.id, task);
}

/** @param {Task[]} all without telling the lists, which know already @returns {boolean} whether something was new */
export function learnAll(all) {
  let isNew = false;
  for (const task of all) {
    const known = tasks.get(task.id);
    const now = known && known.version > task.version ? known : merged(known, task);
    if (now === known) continue;
    tasks.set(task.id, now);
    isNew = true;
  }
  return isNew;
}

/** @param {number} id */
export function forget(id) {
  tasks.delete(id);
  for (const then of listeners) then(id, null);
}

/** A task with all its fields. @param {number} id */
export async function fetchTask(id) {
  const { data } = await get(`/tasks/${id}`);
  learn(data);
  return /** @type {Task} */ (data);
}

/** Two values for one field of one task, and one must be chosen. */
export const conflicts = shallowReactive({
  /** @type {{ task: Task, mine: Record<string, any>, fields: string[], decide: (changes: Record<string, any> | null) => void }[]} */
  all: [],
});

/** The person put the decision off: the change is not made, and not given up. */
export class Undecided extends Error {}

/** What is being sent, by task; a second change of the same task waits for the first. @type {Map<number, Promise<any>>} */
const turns = new Map();
/** @param {number} id */
export const isBeingSent = (id) => turns.has(id);

/**
 * @template T
 * @param {number} id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function oneByOne(id, work) {
  const before = turns.get(id) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(work);
  turns.set(id, mine);
  mine.catch(() => {}).finally(() => turns.get(id) === mine && turns.delete(id));
  return mine;
}

/**
 * Changes some fields of a task.
 * @param {number} id
 * @param {Record<string, any>} changes
 * @param {string} [words] what is told when it is done; nothing when empty
 * @param {Task} [seen] the task as the person saw it when they began, where that is not what is known now
 * @returns {Promise<boolean>} whether it was made, or waits for the network
 */
export async function changeTask(id, changes, words = t("task.saved"), seen = undefined) {
  const before = tasks.get(id) ?? await fetchTask(id);
  // What others changed beside it is known already, and no reason to be refused.
  const base = seen && clashes(seen, before, changes).length ? seen : before;
  const shown = { ...before, ...paired(changes) };
  show(shown);
  try {
    const requestId = await oneByOne(id, () => orWait(id, () => sendChange(id, changes, base)));
    if (requestId && words) tellUndoable(requestId, words);
    return true;
  } catch (error) {
    if (await mayWait(error, { method: "PATCH", path: `/tasks/${id}`, taskId: id, body: changes, words: words || t("task.saved"), base })) {
      return true;
    }
    const now = tasks.get(id);
    if (now) {
      const back = takenBack(now, changes, shown, before);
      show(back);
    }
    if (error instanceof Problem && error.status === 404) forget(id);
    if (error instanceof Undecided) return false;
    tellFailure(error, error instanceof Unreachable ? { label: t("retry"), run: () => changeTask(id, changes, words) } : undefined);
    return false;
  }
}

/**
 * A change must not overtake one of the same task that waits.
 * @template T
 * @param {number} id
 * @param {() => Promise<T>} work
 */
function orWait(id, work) {
  if (outbox.holds(id)) throw new Unreachable();
  return work();
}

/**
 * Keeps a change that did not reach the server until it does.
 * @param {unknown} error
 * @param {Omit<import("./outbox.js").Waiting, "key"> & { key?: string }} change
 * @returns {Promise<boolean>} false when there was another reason, or this browser keeps nothing (any more)
 */
export async function mayWait(error, change) {
  if (!(error instanceof Unreachable) || !await outbox.canWait()) return false;
  const kept = { key: randomKey(), ...change };
  try {
    await outbox.add(kept);
  } catch (fault) {
    note(fault);
    return false;
  }
  // What takes something back has its own place among what was done.
  if (!kept.undoes) noteDone(kept.key, kept.words);
  for (const id of tasksOf(kept)) {
    const task = tasks.get(id);
    const changed = task && (kept.body.ids ? withChange(task, kept) : id === kept.taskId && { ...task, isWaiting: true });
    if (changed) show(changed);
    else if (changed === null) forget(id);
  }
  return true;
}

/**
 * @param {number} id
 * @param {Record<string, any>} changes
 * @param {Task} base the task that the person saw when they changed it
 * @returns {Promise<string | null>} the request id; null when the person gave their change up
 * @throws {Undecided}
 */
export async function sendChange(id, changes, base) {
  let version = newestOwn(id, base.version);
  let wanted = changes;
  for (let turn = 0; turn < 5; turn++) {
    try {
      const { data, requestId } = await patch(`/tasks/${id}`, wanted, { ifMatch: `"${version}"` });
      noteOwn(id, version, data.version);
      learn(data);
      return requestId;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const theirs = /** @type {Task} */ (error.current ?? (await get(`/tasks/${id}`)).data);
      const fields = clashes(base, theirs, wanted);
      version = theirs.version;
      base = theirs;
      if (!fields.length) continue;
      learn(theirs);
      const decided = await new Promise((decide) => {
        conflicts.all = [...conflicts.all, { task: theirs, mine: wanted, fields, decide }];
      });
      conflicts.all = conflicts.all.filter((one) => one.task !== theirs);
      if (!decided) throw new Undecided();
      if (!Object.keys(decided).length) return null;
      wanted = decided;
    }
  }
  throw new Error(`Task ${id} is being changed by others all the time.`);
}

/**
 * @param {Record<string, any>} draft
 * @param {string} [key] of the attempt, so that a second one after a lost answer makes no second task
 * @returns {Promise<Task>}
 */
export async function createTask(draft, key = randomKey()) {
  try {
    const answer = await post("/tasks", draft, { key });
    const { data } = answer;
    learn(data);
    tellUndoable(await firstRequest(answer, data), t("task.created", { title: data.title }));
    return data;
  } catch (error) {
    const words = t("task.created", { title: draft.title });
    const change = { key, method: /** @type {const} */ ("POST"), path: "/tasks", body: draft, words, taskId: -Date.now() };
    if (!await mayWait(error, change)) throw error;
    const waiting = taskOf({ ...change, user: session.user?.id });
    learn(waiting);
    return waiting;
  }
}

/** @param {Task} task */
export const toggleCompleted = (task) =>
  task.status === "completed"
    ? changeTask(task.id, { status: "pending" }, t("task.reopened", { title: task.title }))
    : changeTask(task.id, { status: "completed" }, t("task.completed", { title: task.title }));

/** To the trash. @param {Task} task */
export async function deleteTask(task) {
  const kept = tasks.get(task.id) ?? task;
  forget(task.id);
  const words = t("task.deleted", { title: task.title });
  try {
    const { requestId } = await oneByOne(task.id, () => orWait(task.id, () => remove(`/tasks/${task.id}`)));
    tellUndoable(requestId, words);
    return true;
  } catch (error) {
    if (await mayWait(error, { method: "DELETE", path: `/tasks/${task.id}`, taskId: task.id, body: {}, words })) return true;
    learn(kept);
    tellFailure(error);
    return false;
  }
}

/**
 * Into another column, or to another place in it.
 * @param {number} id
 * @param {{ status?: Task["status"], before?: number, after?: number }} place
 * @param {string} words
 * @param {number} [position] shown until the server has answered
 */
export async function moveTask(id, place, words, position) {
  const before = tasks.get(id);
  if (before) {
    const shown = { ...before, position: position ?? before.position };
    if (place.status && place.status !== before.status) {
      Object.assign(shown, { status: place.status, completed_at: place.status === "completed" ? new Date().toISOString() : null });
    }
    show(shown);
  }
  try {
    const { data, requestId } = await oneByOne(id, () => orWait(id, () => post(`/tasks/${id}/move`, place)));
    learn(data);
    tellUndoable(requestId, words);
    return true;
  } catch (error) {
    if (await mayWait(error, { method: "POST", path: `/tasks/${id}/move`, taskId: id, body: place, words })) return true;
    if (before) show(before);
    tellFailure(error);
    return false;
  }
}
