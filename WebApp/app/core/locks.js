// Turns of tabs. Web Locks exist on localhost and HTTPS only, and a browser that blocks cookies refuses them.

/** @param {unknown} error of a request for a lock */
export const isRefused = (error) => error instanceof DOMException && error.name === "SecurityError";

/**
 * Does the work when it is this tab's turn; at once where there are no turns.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {LockOptions} [options]
 * @returns {Promise<T | null>} null when somebody else has the turn, and `options` say not to wait
 */
export async function inTurn(name, work, options = {}) {
  if (!navigator.locks) return await work();
  try {
    return await navigator.locks.request(name, options, async (lock) => lock ? await work() : null);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return await work();
  }
}
