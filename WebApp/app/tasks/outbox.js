// Changes that were made while the server could not be reached. They are kept in this browser, shown, and sent once, in their order: a change
// whose answer was lost carries the same Idempotency-Key or version again.
import { shallowReactive } from "../vue.js";

/**
 * @typedef {object} Waiting
 * @property {string} key
 * @property {"POST" | "PATCH"} method
 * @property {string} path
 * @property {Record<string, any>} body
 * @property {string} words
 * @property {number} taskId negative for a task that the server has not made yet
 * @property {import("./filters.js").Task} [base]
 */

export const outbox = shallowReactive({
  /** @type {Waiting[]} */
  all: [],
  canWait: false,
  /** @param {Waiting} change */
  add(change) {
    outbox.all = [...outbox.all, change];
    return Promise.resolve();
  },
});
