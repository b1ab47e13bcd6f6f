// Work that can wait until the page has nothing else to do.

/** @param {() => void} work Done within two seconds, whatever happens. */
export function whenIdle(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work, 500);
}
