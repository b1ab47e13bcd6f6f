// What is typed and not saved yet, kept in this browser until it is saved or the person logs out. A reload, a crash, a dead server or the
// end of the session loses nothing.
import { beforeLogOut, session } from "./session.js";

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
export function readDraft(place) {
  try {
    return JSON.parse(localStorage.getItem(key(place)) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} place @param {Omit<Draft, "at">} draft An empty text that was made from nothing is no draft. */
export function keepDraft(place, draft) {
  if (!draft.text && !draft.base) return dropDraft(place);
  try {
    localStorage.setItem(key(place), JSON.stringify({ ...draft, at: Date.now() }));
  } catch (error) {
    // A full storage must not stop the typing.
    console.info(/** @type {Error} */ (error).message);
  }
}

/** @param {string} place */
export const dropDraft = (place) => localStorage.removeItem(key(place));

/** @param {(key: string, draft: Draft | null) => boolean} isOver */
function dropWhere(isOver) {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(`${prefix} `)) continue;
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(name) ?? "null");
    } catch { /* What cannot be read is over. */ }
    if (isOver(name, draft)) localStorage.removeItem(name);
  }
}

dropWhere((_, draft) => !draft || Date.now() - draft.at > longest);
beforeLogOut((user) => Promise.resolve(() => Promise.resolve(dropWhere((name) => name.startsWith(`${prefix} ${user.id} `)))));
