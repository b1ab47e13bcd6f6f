// Changes that were made while the server could not be reached. They are kept in this browser and shown; deliver.js sends them.
import { hasDatabase, transact } from "../core/database.js";
import { session } from "../core/session.js";
import { shallowReactive, watch } from "../vue.js";
import { tasksOf } from "./waiting.js";

/**
 * @typedef {object} Waiting
 * @property {number} [place] in the queue
 * @property {number} [user] whose change it is
 * @property {string} key the Idempotency-Key: the second try of a change whose answer was lost changes nothing twice
 * @property {"POST" | "PATCH" | "DELETE"} method
 * @property {string} path
 * @property {Record<string, any>} body
 * @property {string} words
 * @property {number} taskId negative for a task that the server has not made yet, 0 for a change of many
 * @property {string} [undoes] the request that it takes back, or the key of a change that waits itself
 * @property {import("./filters.js").Task} [base] what the person saw when they changed it
 * @property {number} [at] when; milliseconds
 * @property {string} [problem] why the server did not take it
 */

const channel = new BroadcastChannel("taskflow-outbox");
let user = 0;
/** Whether the database of this browser is open. */
let opening = Promise.resolve(false);
/** Called when something was added. @type {Set<() => void>} */
const listeners = new Set();

export const outbox = shallowReactive({
  /** @type {Waiting[]} */
  all: [],
  /** Where the browser keeps nothing, a change fails at once instead. The first one of a page waits until that is known. */
  canWait: () => opening,
  /** Ids of tasks that were made without the server, and what the server called them. @type {Record<number, number>} */
  renamed: {},
  /** @param {Waiting} change */
  async add(change) {
    await transact(["outbox"], "readwrite", (store) => void store.add({ ...plain(change), user, at: Date.now() }));
    await changed();
    for (const then of listeners) then();
  },
  /** Whether changes of this task wait: a later one must not overtake them. @param {number} id */
  holds: (id) => id < 0 || outbox.all.some((one) => tasksOf(one).includes(id) || one.body.filter && !one.problem),
});

/** @param {() => void} then */
export const onWaiting = (then) => listeners.add(then);

/** Without what Vue wraps around it: the database takes plain things only. */
const plain = (/** @type {any} */ value) => JSON.parse(JSON.stringify(value));

async function read() {
  /** @type {Waiting[]} */
  const all = await transact(["outbox"], "readonly", (store) => store.getAll()) ?? [];
  outbox.all = all.filter((one) => one.user === user);
}

/** Other tabs show the same queue. */
async function changed() {
  await read();
  channel.postMessage({});
}

/** Called when one was sent or discarded, in whatever tab; without a request id it changed nothing. @type {Set<(key: string, requestId: string | null) => void>} */
const settlers = new Set();
/** @param {(key: string, requestId: string | null) => void} then */
export const onSettled = (then) => settlers.add(then);

channel.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  if (data.settled) { for (const then of settlers) then(data.settled, data.requestId); }
  if (await opening) await read();
};

/** It is open before anything else is, so that the first change of a page can wait, too. @param {number} id of the user */
async function open(id) {
  user = id;
  if (!await hasDatabase()) return false;
  await read();
  return true;
}
watch(
  () => session.user?.id,
  (/** @type {number | undefined} */ id) => id && (opening = open(id).catch(() => false)),
  { immediate: true },
);

export const readOutbox = read;

/**
 * Takes one out, and tells those that take it back what it is called now; without it they have nothing to do.
 * @param {Waiting} one
 * @param {string | null} [requestId] when it was sent
 */
export async function discard(one, requestId = null) {
  const undoing = outbox.all.filter((other) => other.undoes === one.key);
  await transact(["outbox"], "readwrite", (store) => {
    store.delete(one.place ?? 0);
    if (requestId) { for (const other of undoing) store.put(plain({ ...other, undoes: requestId })); }
  });
  if (!requestId) { for (const other of undoing) await discard(other); }
  for (const then of settlers) then(one.key, requestId);
  channel.postMessage({ settled: one.key, requestId });
  await changed();
}

/** @param {Waiting[]} all in their new state */
export async function replace(all) {
  await transact(["outbox"], "readwrite", (store) => {
    for (const one of all) store.put(plain(one));
  });
  await changed();
}

export async function emptyOutbox() {
  const places = outbox.all.map((one) => one.place ?? 0);
  await transact(["outbox"], "readwrite", (store) => {
    for (const place of places) store.delete(place);
  });
  await changed();
}
