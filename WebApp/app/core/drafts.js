// What is typed and not saved yet, kept in this browser until it is saved or the person logs out. A reload, a crash, a dead server or the
// end of the session loses nothing.
import { beforeLogOut, session } from "./session.js";
import { keep, keptNames, readKept } from "./storage.js";

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {number} at milliseconds
 * @property {number} [version] of the task that it was made from
 * @property {string} [base] the text that it was made from
 * @property {string} [key] the Idempotency-Key under which it was sent, when no answer came yet
 */

const prefix = "taskflow-draft";
/** Older ones are nobody's any more. */
const longest = 30 * 86_400_000;

/** @param {string} place such as `task 42 title` */
const key = (place) => `${prefix} ${session.user?.id ?? 0} ${place}`;

/** @param {string} place @returns {Draft | null} */
export const readDraft = (place) => readKept(key(place));

/** @param {string} place @param {Omit<Draft, "at">} draft An empty text that was made from nothing is no draft. */
export const keepDraft = (place, draft) => keep(key(place), draft.text || draft.base ? { ...draft, at: Date.now() } : null);

/** @param {string} place */
export const dropDraft = (place) => keep(key(place), null);

/** @param {(key: string) => boolean} isOver */
function dropWhere(isOver) {
  for (const name of keptNames()) if (name.startsWith(`${prefix} `) && isOver(name)) keep(name, null);
}

// What cannot be read is over, too.
dropWhere((name) => !(Date.now() - readKept(name)?.at < longest));
beforeLogOut((user) => Promise.resolve(() => Promise.resolve(dropWhere((name) => name.startsWith(`${prefix} ${user.id} `)))));
