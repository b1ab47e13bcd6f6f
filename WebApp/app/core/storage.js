// What this browser keeps of the page, as JSON. Some browsers refuse to keep anything, and a full one takes nothing more: the page works without.

/** @param {string} name @returns {any} null when there is nothing that can be read */
export function readKept(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {any} value null takes it away */
export function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* What was to be kept is forgotten with the page. */ }
}

export function keptNames() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** Whether this browser keeps anything of this page: one that blocks its cookies does not. */
export function canKeep() {
  try {
    return navigator.cookieEnabled && Boolean(localStorage);
  } catch {
    return false;
  }
}
