// What the page tells: a result in the live region, with “Undo” where there is one.
import { shallowReactive } from "../vue.js";
import { Problem, Unreachable } from "./api.js";
import { t } from "./messages.js";
import { session } from "./session.js";

/**
 * @typedef {object} Notice
 * @property {number} id
 * @property {string} text
 * @property {"done" | "running" | "failed"} kind
 * @property {{ label: string, run: () => void }} [action]
 * @property {string} [details] the request id of what failed
 */

/** @type {{ all: Notice[] }} */
export const notices = shallowReactive({ all: [] });
let lastID = 0;

/** Milliseconds that a notice stays; it waits while it has the focus or the pointer (see Notices.js). */
export const noticeTime = 12_000;

/**
 * @param {string} text
 * @param {Partial<Omit<Notice, "id" | "text">>} [more]
 */
export function tell(text, more = {}) {
  const notice = { id: ++lastID, text, kind: /** @type {const} */ ("done"), ...more };
  // One at a time: a newer result says more than an older one. What failed stays until it is closed, what is under way until it is over.
  notices.all = [...notices.all.filter((old) => old.kind !== "done").slice(-2), notice];
  return notice.id;
}

/** @param {number} id */
export function closeNotice(id) {
  notices.all = notices.all.filter((notice) => notice.id !== id);
}

/**
 * Tells what is under way, unless it is over before anybody wonders.
 * @template T
 * @param {string} text
 * @param {Promise<T>} work
 */
export async function whileTelling(text, work) {
  let id = 0;
  const timer = setTimeout(() => void (id = tell(text, { kind: "running" })), 400);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    closeNotice(id);
  }
}

/** What went wrong, in words that are meant for people. */
export class Told extends Error {}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function reason(error) {
  if (error instanceof Told) return error.message;
  // A part of the page that could not be fetched: every browser says it in its own words.
  const isPart = error instanceof TypeError && /module/i.test(error.message);
  if (isPart || error instanceof Unreachable) return t("error.unreachable");
  if (error instanceof Problem) {
    const faults = error.errors.map((fault) => fault.detail).join("; ");
    return faults || error.message;
  }
  console.error(error);
  return t("error.unknown");
}

/**
 * What went wrong behind the person's back, for who looks. That there is no server, and that the session is over, is shown elsewhere; what was
 * called off went right.
 * @param {any} error
 */
export function note(error) {
  if (error instanceof Unreachable || error?.status === 401 || error?.name === "AbortError") return;
  console.info(error?.message ?? error);
}

/**
 * @param {unknown} error
 * @param {{ label: string, run: () => void }} [action]
 */
export function tellFailure(error, action) {
  // What was under way while somebody logs out.
  if (error instanceof Problem && error.status === 401 && session.state === "anonymous") return;
  tell(reason(error), { kind: "failed", details: error instanceof Problem ? error.requestId : undefined, action });
}
