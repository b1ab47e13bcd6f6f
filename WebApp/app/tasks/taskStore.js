// The tasks that the page knows, and every way to change one. A change is shown at once, sent with the version that it was made from, and
// taken back when the server refuses it. Edits of different fields by two people merge; the same field becomes a conflict to decide.
import { reactive, shallowReactive } from "../vue.js";
import { get, patch, post, Problem, randomKey, remove, Unreachable } from "../core/api.js";
import { t } from "../core/messages.js";
import { reason, tellFailure } from "../core/notices.js";
import { session } from "../core/session.js";
import { afterUndo, tellUndoable } from "../core/undo.js";
import { outbox } from "./outbox.js";

/** @typedef {import("./filters.js").Task} Task */

/** Every task that some view has read, by its id. @type {Map<number, Task>} */
export const tasks = shallowReactive(new Map());

/**
 * What happened to a task: `task` is null when it is gone.
 * @typedef {(id: number, task: Task | null) => void} Listener
 */
/** @type {Set<Listener>} */
const listeners = new Set();
/** Called when much has changed and lists must be read again. @type {Set<() => void>} */
const reloaders = new Set();

/** @param {Listener} then */
export function onTaskChange(then) {
  listeners.add(then);
  return () => listeners.delete(then);
}

/** @param {() => void} then */
export function onReload(then) {
  reloaders.add(then);
  return () => reloaders.delete(then);
}

export function reloadLists() {
  for (const then of reloaders) then();
}
afterUndo(reloadLists);

/**
 * A newer state of a task, from whatever answer brought it. Older ones are ignored.
 * @param {Task} task
 */
export function learn(task) {
  const known = tasks.get(task.id);
  if (known && known.version > task.version) return;
  tasks.set(task.id, known ? { ...known, ...task } : task);
  for (const then of listeners) then(task.id, tasks.get(task.id) ?? task);
}

/** @param {Task[]} all without telling the lists, which know already */
export function learnAll(all) {
  for (const task of all) {
    const known = tasks.get(task.id);
    if (!known || known.version <= task.version) tasks.set(task.id, known ? { ...known, ...task } : task);
  }
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

/** What is being sent, by task; a second change of the same task waits for the first. @type {Map<number, Promise<any>>} */
const turns = new Map();

/**
 * @template T
 * @param {number} id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function inTurn(id, work) {
  const before = turns.get(id) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(work);
  turns.set(id, mine);
  mine.catch(() => {}).finally(() => turns.get(id) === mine && turns.delete(id));
  return mine;
}

const isSame = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** A due date is one thing in two fields. @param {Record<string, any>} changes */
function paired(changes) {
  const both = { ...changes };
  if (changes.due_at) both.due_on = null;
  if (changes.due_on) both.due_at = null;
  return both;
}

/**
 * Changes some fields of a task.
 * @param {number} id
 * @param {Record<string, any>} changes
 * @param {string} [words] what is told when it is done; nothing when empty
 * @returns {Promise<boolean>} whether it was made, or waits for the network
 */
export async function changeTask(id, changes, words = t("task.saved")) {
  const before = tasks.get(id) ?? await fetchTask(id);
  const shown = { ...before, ...paired(changes) };
  tasks.set(id, shown);
  for (const then of listeners) then(id, shown);
  try {
    const requestId = await inTurn(id, () => sendChange(id, changes, before));
    if (requestId && words) tellUndoable(requestId, words);
    return true;
  } catch (error) {
    if (error instanceof Unreachable && outbox.canWait) {
      await outbox.add({
        key: randomKey(),
        method: "PATCH",
        path: `/tasks/${id}`,
        body: changes,
        base: before,
        words: words || t("task.saved"),
        taskId: id,
      });
      tasks.set(id, { ...shown, isWaiting: true });
      return true;
    }
    const now = tasks.get(id);
    if (now) {
      const back = { ...now };
      for (const name of Object.keys(paired(changes))) {
        if (isSame(/** @type {any} */ (now)[name], /** @type {any} */ (shown)[name])) {
          /** @type {any} */ (back)[name] = /** @type {any} */ (before)[name];
        }
      }
      tasks.set(id, back);
      for (const then of listeners) then(id, back);
    }
    if (error instanceof Problem && error.status === 404) forget(id);
    tellFailure(error, error instanceof Unreachable ? { label: t("retry"), run: () => changeTask(id, changes, words) } : undefined);
    return false;
  }
}

/**
 * @param {number} id
 * @param {Record<string, any>} changes
 * @param {Task} base the task that the person saw when they changed it
 * @returns {Promise<string | null>} the request id; null when the person gave their change up
 */
export async function sendChange(id, changes, base) {
  let version = Math.max(base.version, 0);
  let wanted = changes;
  for (let turn = 0; turn < 5; turn++) {
    try {
      const { data, requestId } = await patch(`/tasks/${id}`, wanted, { ifMatch: `"${version}"` });
      learn(data);
      return requestId;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const theirs = /** @type {Task} */ (error.current ?? (await get(`/tasks/${id}`)).data);
      const fields = Object.keys(wanted).filter((name) => {
        const [b, t, m] = [base, theirs, wanted].map((one) => /** @type {any} */ (one)[name]);
        return !isSame(b, t) && !isSame(t, m);
      });
      version = theirs.version;
      base = theirs;
      if (!fields.length) continue;
      learn(theirs);
      const decided = await new Promise((decide) => {
        conflicts.all = [...conflicts.all, { task: theirs, mine: wanted, fields, decide }];
      });
      conflicts.all = conflicts.all.filter((one) => one.task !== theirs);
      if (!decided || !Object.keys(decided).length) return null;
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
    const { data, requestId } = await post("/tasks", draft, { key });
    learn(data);
    tellUndoable(requestId, t("task.created", { title: data.title }));
    return data;
  } catch (error) {
    if (!(error instanceof Unreachable) || !outbox.canWait) throw error;
    const now = new Date().toISOString();
    const waiting = /** @type {Task} */ ({
      title: "",
      id: -Date.now(),
      description: null,
      status: "pending",
      priority: "medium",
      owner_id: session.user?.id ?? 0,
      assignee_id: null,
      labels: [],
      due_at: null,
      due_on: null,
      archived: false,
      completed_at: null,
      created_at: now,
      updated_at: now,
      version: 0,
      ...draft,
      isWaiting: true,
    });
    await outbox.add({
      key,
      method: "POST",
      path: "/tasks",
      body: draft,
      words: t("task.created", { title: draft.title }),
      taskId: waiting.id,
    });
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
  try {
    const { requestId } = await remove(`/tasks/${task.id}`);
    tellUndoable(requestId, t("task.deleted", { title: task.title }));
    return true;
  } catch (error) {
    learn(kept);
    tellFailure(error);
    return false;
  }
}

/**
 * One change of many tasks. Failures are listed by task.
 * @param {{ action: string, ids?: number[], filter?: Record<string, any>, expected?: number, changes?: Record<string, any> }} batch
 * @param {(count: number) => string} words
 */
export async function changeMany(batch, words) {
  try {
    const { data, requestId } = await post("/tasks/batch", batch);
    for (const result of data.results) if (result.task) learn(result.task);
    if (data.succeeded) tellUndoable(requestId, words(data.succeeded));
    batchFailures.all = data.results.filter((/** @type {any} */ result) => result.error);
    reloadLists();
    return data;
  } catch (error) {
    tellFailure(error);
    return null;
  }
}

/** The tasks that a batch did not change, with the reasons. */
export const batchFailures = shallowReactive({ /** @type {{ id: number, error: { detail: string } }[]} */ all: [] });

/**
 * Into another column, or to another place in it.
 * @param {number} id
 * @param {{ status?: string, before?: number, after?: number }} place
 * @param {string} words
 */
export async function moveTask(id, place, words) {
  const before = tasks.get(id);
  if (before && place.status) {
    tasks.set(id, { ...before, status: /** @type {Task["status"]} */ (place.status) });
    for (const then of listeners) then(id, tasks.get(id) ?? null);
  }
  try {
    const { data, requestId } = await inTurn(id, () => post(`/tasks/${id}/move`, place));
    learn(data);
    tellUndoable(requestId, words);
    return true;
  } catch (error) {
    if (before) {
      tasks.set(id, before);
      for (const then of listeners) then(id, before);
    }
    tellFailure(error);
    return false;
  }
}

/** Names of people by id, asked for in one request for all that are shown. */
/** @type {{ byId: Record<number, { id: number, username: string | null, name: string | null }> }} */
export const people = reactive({ byId: {} });
/** @type {Set<number>} */
let wantedPeople = new Set();
/** @type {Set<number>} */
const askedPeople = new Set();

/** @param {number | null | undefined} id */
export function personName(id) {
  if (!id) return "";
  if (id === session.user?.id) return session.user.name ?? session.user.username ?? session.user.email;
  const known = people.byId[id];
  if (known) return known.name ?? known.username ?? t("person.unnamed", { id });
  if (!askedPeople.has(id)) {
    if (!wantedPeople.size) queueMicrotask(askPeople);
    wantedPeople.add(id);
    askedPeople.add(id);
  }
  return t("person.unnamed", { id });
}

async function askPeople() {
  const ids = [...wantedPeople].slice(0, 100);
  wantedPeople = new Set([...wantedPeople].slice(100));
  if (wantedPeople.size) queueMicrotask(askPeople);
  try {
    for (const person of (await get("/users/lookup", { ids })).data.data) people.byId[person.id] = person;
  } catch (error) {
    for (const id of ids) askedPeople.delete(id);
    console.info(reason(error));
  }
}
