// What was changed can be taken back, newest first: the server undoes a request by its id, also a batch of a thousand tasks.
import { post, Problem, Unreachable } from "./api.js";
import { plural, t } from "./messages.js";
import { tell, tellFailure, whileTelling } from "./notices.js";

/**
 * One change; a large one is made in several requests. What waits for the server goes by its key until it has a request id.
 * @typedef {{ requestIds: string[], text: string }} Done
 */

/** @type {Done[]} */
const done = [];
/** @type {Done[]} */
const undone = [];

/** The queue of what waits for the server, once something keeps it (tasks/deliver.js). */
export const queue = {
  /** @param {string} _id */
  has: (_id) => false,
  /** Keeps the inverse of a request, and gives the key that it waits under. @returns {Promise<string | null>} */
  keep: (/** @type {string} */ _id, /** @type {string} */ _words) => Promise.resolve(null),
};

/**
 * It can be taken back. A large change is several requests.
 * @param {string | string[]} requestIds
 * @param {string} text
 */
export function noteDone(requestIds, text) {
  const ids = [requestIds].flat();
  const waited = done.find((change) => change.requestIds.includes(ids[0]));
  if (waited) return waited;
  const change = { requestIds: ids, text };
  done.push(change);
  undone.length = 0;
  return change;
}

/**
 * Tells what was done, with “Undo”.
 * @param {string | string[]} requestIds of the answers
 * @param {string} text
 */
export function tellUndoable(requestIds, text) {
  const change = noteDone(requestIds, text);
  tell(text, { action: { label: t("undo"), run: () => undo(change) } });
}

/**
 * What waited was sent, or will never be.
 * @param {string} key
 * @param {string | null} requestId
 */
export function settleDone(key, requestId) {
  for (const all of [done, undone]) {
    for (const change of all) {
      change.requestIds = change.requestIds.flatMap((id) => id === key ? requestId ?? [] : id);
    }
    all.splice(0, all.length, ...all.filter((change) => change.requestIds.length));
  }
}

/** Called after something was taken back. @type {Set<() => void>} */
const listeners = new Set();

/** @param {() => void} then */
export const afterUndo = (then) => listeners.add(then);

/** @type {Promise<void>} One after the other: two quick presses take back two changes. */
let turn = Promise.resolve();

/** @param {Done} [change] the newest one, when none is named */
export function undo(change) {
  return turn = turn.then(async () => {
    const target = change ?? done.at(-1);
    if (!target) return void tell(t("undo.nothing"));
    if (done.includes(target)) await inverse(target, done, undone, t("undone"), () => undo(target));
  });
}

export function redo() {
  return turn = turn.then(async () => {
    const target = undone.at(-1);
    if (!target) return void tell(t("redo.nothing"));
    await inverse(target, undone, done, t("redone"), redo);
  });
}

/**
 * A change that could not be taken back now, because no answer came or the server is busy, stays and can be tried again.
 * @param {Done} target
 * @param {Done[]} from where it is
 * @param {Done[]} to where its own inverse belongs
 * @param {string} words
 * @param {() => void} again
 */
async function inverse(target, from, to, words, again) {
  try {
    let refused = 0;
    let isKept = false;
    const text = `${words}: ${target.text}`;
    const requestIds = [];
    for (const id of target.requestIds.toReversed()) {
      try {
        // Not before what it takes back.
        if (queue.has(id)) throw new Unreachable();
        // Tried again after a lost answer, it is the same request: nothing is taken back twice.
        const { data, requestId } = await whileTelling(t("undo.running"), post(`/changes/${id}/undo`, undefined, { key: `undo-${id}` }));
        requestIds.push(requestId);
        refused += data.refused?.length ?? 0;
      } catch (error) {
        const key = error instanceof Unreachable && await queue.keep(id, text);
        if (!key) throw error;
        isKept = true;
        requestIds.push(key);
      }
    }
    from.splice(from.indexOf(target), 1);
    to.push({ requestIds, text: target.text });
    for (const then of listeners) then();
    if (isKept) return;
    tell(
      refused ? `${text} ${plural(refused, { one: t("undo.refused.one"), other: t("undo.refused.other") })}` : text,
    );
  } catch (error) {
    const isFinal = error instanceof Problem && error.status < 500 && error.status !== 429;
    if (isFinal) from.splice(from.indexOf(target), 1);
    tellFailure(error, isFinal ? undefined : { label: t("retry"), run: again });
  }
}
