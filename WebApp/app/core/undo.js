// What was changed can be taken back, newest first: the server undoes a request by its id, also a batch of a thousand tasks.
import { post } from "./api.js";
import { plural, t } from "./messages.js";
import { tell, tellFailure } from "./notices.js";

/** One change; a large one is made in several requests. @typedef {{ requestIds: string[], text: string }} Done */

/** @type {Done[]} */
const done = [];
/** @type {Done[]} */
const undone = [];

/**
 * Tells what was done, with “Undo”.
 * @param {string | string[]} requestIds of the answers
 * @param {string} text
 */
export function tellUndoable(requestIds, text) {
  const change = { requestIds: [requestIds].flat(), text };
  done.push(change);
  undone.length = 0;
  tell(text, { action: { label: t("undo"), run: () => undo(change) } });
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
    const place = done.indexOf(target);
    if (place < 0) return;
    done.splice(place, 1);
    await inverse(target, undone, t("undone"));
  });
}

export function redo() {
  return turn = turn.then(async () => {
    const target = undone.pop();
    if (!target) return void tell(t("redo.nothing"));
    await inverse(target, done, t("redone"));
  });
}

/** @param {Done} target @param {Done[]} stack where its own inverse belongs @param {string} words */
async function inverse(target, stack, words) {
  try {
    let refused = 0;
    const requestIds = [];
    for (const id of target.requestIds.toReversed()) {
      const { data, requestId } = await post(`/changes/${id}/undo`);
      requestIds.push(requestId);
      refused += data.refused?.length ?? 0;
    }
    stack.push({ requestIds, text: target.text });
    for (const then of listeners) then();
    tell(
      refused
        ? `${words}: ${target.text} ${plural(refused, { one: t("undo.refused.one"), other: t("undo.refused.other") })}`
        : `${words}: ${target.text}`,
    );
  } catch (error) {
    tellFailure(error);
  }
}
