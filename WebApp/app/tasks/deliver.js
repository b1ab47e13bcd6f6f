// Sends the changes that waited: in their order, once, by one tab. What the server refuses stays in the queue with the reason.
import { post, Problem, randomKey, remove, Unreachable } from "../core/api.js";
import { inTurn } from "../core/locks.js";
import { plural, t } from "../core/messages.js";
import { reason, tell } from "../core/notices.js";
import { queue, settleDone, tellUndoable } from "../core/undo.js";
import { changedIn, takeResults } from "./batch.js";
import { firstRequest } from "./firstRequest.js";
import { discard, onSettled, outbox, readOutbox, replace } from "./outbox.js";
import { noteOwn } from "./ownVersions.js";
import { forget, learn, mayWait, reloadLists, sendChange, tasks, Undecided } from "./taskStore.js";
import { nextToSend, renamed, tasksOf } from "./waiting.js";

/** @typedef {import("./outbox.js").Waiting} Waiting */

/** After so many seconds a server that is busy is asked again, when it names no time itself. */
const usualPause = 15;

let isSending = false;

Object.assign(queue, {
  has: (/** @type {string} */ id) => outbox.all.some((one) => one.key === id),
  async keep(/** @type {string} */ id, /** @type {string} */ words) {
    // The key of a try whose answer was lost, so that nothing is taken back twice.
    const key = queue.has(id) ? randomKey() : `undo-${id}`;
    const undo = { key, undoes: id, method: /** @type {const} */ ("POST"), path: "", body: {}, words, taskId: 0 };
    return await mayWait(new Unreachable(), undo) ? key : null;
  },
});
onSettled(settleDone);
/** What the server called changes that waited, by their keys: one may be taken back at the moment at which it is sent. @type {Map<string, string>} */
const sentAs = new Map();
onSettled((key, requestId) => requestId && sentAs.set(key, requestId));

/** Sends everything that can be sent. Called when the server is back, and by “Send now”, which tells when another tab has to go first. */
export async function deliver(isAsked = false) {
  if (isSending) return;
  isSending = true;
  try {
    if (!await outbox.canWait()) return;
    const isDone = await inTurn("taskflow-outbox", () => sendAll().then(() => true), { ifAvailable: true });
    if (!isDone && isAsked) tell(t("outbox.elsewhere"));
  } finally {
    isSending = false;
  }
}

async function sendAll() {
  /** @type {string[]} */
  const sent = [];
  for (;;) {
    await readOutbox();
    const one = nextToSend(outbox.all);
    if (!one) break;
    try {
      const requestId = await sendOne(one);
      const isTakenBack = outbox.all.some((other) => other.undoes === one.key);
      await discard(one, requestId);
      settle(one);
      if (!requestId || isTakenBack) continue;
      const text = t("outbox.sentNow", { words: one.words });
      if (one.undoes) tell(text);
      else tellUndoable(requestId, text);
      sent.push(one.words);
    } catch (error) {
      if (!await isOver(one, error)) break;
    }
  }
  if (sent.length > 1) tell(plural(sent.length, { one: t("outbox.sent.one"), other: t("outbox.sent.other") }));
}

/** @param {Waiting} one @returns {Promise<string | null>} the request id; null when the person gave the change up */
async function sendOne(one) {
  if (one.method === "PATCH") {
    const base = one.base ?? tasks.get(one.taskId);
    return await sendChange(one.taskId, one.body, /** @type {import("./filters.js").Task} */ (base));
  }
  if (one.method === "DELETE") {
    const { requestId } = await remove(one.path).catch((error) => {
      if (error instanceof Problem && error.status === 404) return { requestId: null };
      throw error;
    });
    forget(one.taskId);
    return requestId;
  }
  if (one.undoes) {
    const { requestId } = await post(`/changes/${sentAs.get(one.undoes) ?? one.undoes}/undo`, undefined, { key: one.key });
    reloadLists();
    return requestId;
  }
  const answer = await post(one.path, one.body, { key: one.key });
  const { data } = answer;
  if (one.path === "/tasks/batch") {
    takeResults(data.results);
    return firstRequest(answer, changedIn(data));
  }
  if (one.path === "/tasks") {
    noteOwn(data.id, 0, data.version);
    await replace(renamed(outbox.all, one.taskId, data.id));
    outbox.renamed = { ...outbox.renamed, [one.taskId]: data.id };
    forget(one.taskId);
  }
  learn(data);
  return firstRequest(answer, data);
}

/** The mark “Not sent yet” goes with the last change of a task. @param {Waiting} one */
export function settle(one) {
  for (const id of tasksOf(one)) {
    const task = tasks.get(outbox.renamed[id] ?? id);
    if (task?.isWaiting && !outbox.holds(task.id)) learn({ ...task, isWaiting: false });
  }
}

/**
 * What a failure means for the rest of the queue.
 * @param {Waiting} one
 * @param {unknown} error
 * @returns {Promise<boolean>} whether the next one may be tried
 */
async function isOver(one, error) {
  if (error instanceof Unreachable) return false;
  if (error instanceof Problem && [401, 429, 503].includes(error.status)) {
    if (error.status !== 401) setTimeout(deliver, (error.retryAfter || usualPause) * 1000);
    return false;
  }
  const problem = error instanceof Undecided ? t("outbox.undecided") : reason(error);
  await replace([{ ...one, problem }]);
  tell(t("outbox.refused", { words: one.words, problem }), {
    kind: "failed",
    details: error instanceof Problem ? error.requestId : undefined,
  });
  return true;
}

/** One that was refused is tried once more. @param {Waiting} one */
export async function sendAgain(one) {
  await replace([{ ...one, problem: undefined }]);
  await deliver();
}
