// Style sheets that come with a view. They are there before the view is shown, so that nothing jumps.

/** The address of the folder that holds the page's files. Prepared files (scripts/prepare_web.py) have this module elsewhere below app/. */
export const root = new URL(import.meta.url).pathname.replace(/(?<=\/)app\/[^?]*$/, "");
/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/** @param {string | undefined} name of the file below styles/ */
export function loadStyle(name) {
  if (!name) return Promise.resolve();
  let promise = loaded.get(name);
  if (!promise) {
    promise = new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${root}styles/${name}.css` });
      link.onload = () => resolve();
      link.onerror = () => {
        loaded.delete(name);
        link.remove();
        reject(new Error(`The style sheet ${name} could not be loaded.`));
      };
      document.head.append(link);
    });
    loaded.set(name, promise);
  }
  return promise;
}

/** @type {Set<string>} */
const ofViews = new Set();

/** The sheet of the view that is shown counts, those of others do not: a name may mean something else there. @param {string | undefined} name */
export function showStyle(name) {
  if (name) ofViews.add(name);
  for (const one of ofViews) {
    const link = /** @type {HTMLLinkElement | null} */ (document.querySelector(`link[href$="/${one}.css"]`));
    if (link?.sheet) link.sheet.disabled = one !== name;
  }
}
