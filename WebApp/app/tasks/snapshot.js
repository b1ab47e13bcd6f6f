// A copy of the person's tasks in this browser, for reading without the server. It is filled once and kept up by the change feed; log-out removes it.
import { everyPage } from "../core/api.js";
import { ofUser, transact } from "../core/database.js";
import { note } from "../core/notices.js";
import { matches, order } from "./filters.js";

/** @typedef {import("./filters.js").Task} Task */

/** Tasks that are kept at most: enough for a person, and a few megabytes. */
const most = 20_000;

/** Where the feed was last, when the copy is whole. @param {number} user */
export const loadPlace = async (
  user,
) => /** @type {{ cursor: string, at: number } | undefined} */ (await transact(
  ["facts"],
  "readonly",
  (facts) => facts.get([user, "feed"]),
));

/**
 * @param {IDBObjectStore} store
 * @param {number} user
 * @param {Task} task
 */
function putNewer(store, user, task) {
  const request = store.get([user, task.id]);
  request.onsuccess = () => {
    if (!request.result || request.result.version <= task.version) store.put(task, [user, task.id]);
  };
}

/** What left while the copy was being filled: a page that was read before must not bring it back. @type {Set<number>} */
const gone = new Set();

/**
 * The tasks and the place in the feed change together: a crash between them loses nothing.
 * @param {number} user
 * @param {import("../core/live.js").Change[]} changes
 * @param {string} cursor
 */
export async function saveChanges(user, changes, cursor) {
  await transact(["tasks", "facts"], "readwrite", (store, facts) => {
    for (const { task_id, task } of changes) {
      if (task) putNewer(store, user, task);
      else {
        gone.add(task_id);
        store.delete([user, task_id]);
      }
    }
    const place = facts.get([user, "feed"]);
    place.onsuccess = () => place.result && facts.put({ cursor, at: Date.now() }, [user, "feed"]);
  });
}

/**
 * Reads every task. The place in the feed is kept only when all are there, so that what is cut off begins anew.
 * @param {number} user
 * @param {string} cursor
 * @param {AbortSignal} signal
 * @param {(tasks: Task[]) => void} [take]
 */
export async function fillSnapshot(user, cursor, signal, take) {
  await transact(["tasks", "facts"], "readwrite", (store, facts) => {
    store.delete(ofUser(user));
    facts.delete([user, "feed"]);
  });
  gone.clear();
  let count = 0;
  const stop = new AbortController();
  signal.addEventListener("abort", () => stop.abort());
  await everyPage("/tasks", { limit: 1000, sort: "-updated_at" }, (items) => {
    take?.(items);
    const kept = items.filter((/** @type {Task} */ task) => !gone.has(task.id));
    transact(["tasks"], "readwrite", (store) => {
      for (const task of kept) putNewer(store, user, task);
    }).catch(note);
    count += items.length;
    if (count >= most) stop.abort();
  }, stop.signal);
  if (!signal.aborted) await transact(["facts"], "readwrite", (facts) => void facts.put({ cursor, at: Date.now() }, [user, "feed"]));
}

/** @param {number} user */
export async function dropSnapshot(user) {
  await transact(["tasks", "facts"], "readwrite", (store, facts) => {
    store.delete(ofUser(user));
    facts.delete(ofUser(user));
  });
}

/**
 * The names of the people whom the tasks mention.
 * @param {number} user
 * @returns {Promise<import("./people.js").Names>}
 */
export const readNames = async (user) => await transact(["facts"], "readonly", (facts) => facts.get([user, "people"])) ?? {};

/** @param {number} user @param {import("./people.js").Names} names */
export const saveNames = (user, names) => transact(["facts"], "readwrite", (facts) => void facts.put(names, [user, "people"]));

/** Of everybody else who used this browser. @param {number} user */
export async function dropOtherSnapshots(user) {
  await transact(["tasks", "facts"], "readwrite", (...stores) => {
    for (const store of stores) {
      store.delete(IDBKeyRange.upperBound([user], true));
      store.delete(IDBKeyRange.lowerBound([user, []], true));
    }
  });
}

/** @param {number} user @returns {Promise<Task[]>} */
export async function readSnapshot(user) {
  return await transact(["tasks"], "readonly", (store) => store.getAll(ofUser(user))) ?? [];
}

/**
 * The tasks of a list, found without the server: by the words of the search where it asks for some.
 * @param {Task[]} all
 * @param {URLSearchParams} filter
 * @param {string} sort
 */
export function findOffline(all, filter, sort) {
  const rest = new URLSearchParams(filter);
  const words = (filter.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const after = filter.get("due_after");
  const before = filter.get("due_before");
  for (const name of ["q", "date", "due_after", "due_before"]) rest.delete(name);
  const dueTime = (/** @type {Task} */ task) => Date.parse(task.due_at ?? `${task.due_on}T23:59:59Z`);
  return all.filter((task) => {
    if (matches(task, rest) === false) return false;
    if (after && !(dueTime(task) > Date.parse(after))) return false;
    if (before && !(dueTime(task) < Date.parse(before))) return false;
    const text = `${task.title}\n${task.description ?? ""}\n${task.labels.join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }).sort(order(sort === "relevance" ? "-updated_at" : sort));
}
