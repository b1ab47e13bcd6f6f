// Where the page is: the path and the query of its address. Going back restores the scroll position and the focus.
import { computed, h, nextTick, shallowReactive } from "../vue.js";

export const route = shallowReactive({
  path: location.pathname,
  /** Filters, order, search, and the open task. */
  query: new URLSearchParams(location.search),
});

function read() {
  route.path = location.pathname;
  route.query = new URLSearchParams(location.search);
}

/** What had the focus last and can have it again: a click on a link elsewhere has taken it. @type {string | null} */
let lastFocus = null;

addEventListener("focusin", ({ target }) => {
  const focus = target instanceof Element && target.closest("[data-focus]")?.getAttribute("data-focus");
  if (focus) lastFocus = focus;
});

/** Kept with the entry of the history that is left. */
function keepPlace() {
  const scroller = document.querySelector("[data-scroller]");
  history.replaceState({ scroll: scroller?.scrollTop ?? 0, focus: lastFocus }, "");
  lastFocus = null;
}

/**
 * @param {string} to a path with its query
 * @param {{ replace?: boolean }} [how]
 */
export function go(to, { replace = false } = {}) {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", to);
  else {
    keepPlace();
    history.pushState(null, "", to);
  }
  read();
}

addEventListener("popstate", async ({ state }) => {
  read();
  await restorePlace(state);
});

/** Frames for which the place must stay the same: rows become higher or lower when the panel beside them comes or goes. */
const steadyFrames = 3;

/**
 * Rows come later than the view: the place is tried for until it exists, two seconds at most.
 * @param {{ scroll?: number, focus?: string | null } | null} place
 */
async function restorePlace(place) {
  if (!place) return;
  const end = Date.now() + 2000;
  for (let steady = 0; Date.now() < end;) {
    await nextTick();
    const scroller = document.querySelector("[data-scroller]");
    if (scroller && scroller.scrollTop !== (place.scroll ?? 0)) {
      steady = 0;
      scroller.scrollTop = place.scroll ?? 0;
    }
    const target = place.focus ? document.querySelector(`[data-focus="${CSS.escape(place.focus)}"]`) : null;
    if ((scroller?.scrollTop ?? 0) === (place.scroll ?? 0) && (target || !place.focus) && ++steady > steadyFrames) {
      if (target instanceof HTMLElement) target.focus({ preventScroll: true });
      return;
    }
    await new Promise(requestAnimationFrame);
  }
}

/**
 * The address of this view with some parameters changed; null takes one out, a list repeats it.
 * @param {Record<string, string | string[] | null>} changes
 * @param {string} [path]
 */
export function addressWith(changes, path = route.path) {
  const query = new URLSearchParams(route.query);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of Array.isArray(value) ? value : value === null ? [] : [value]) query.append(name, one);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** @param {Record<string, string | string[] | null>} changes @param {{ replace?: boolean }} [how] */
export const setQuery = (changes, how) => go(addressWith(changes), how);

/** The task that is open beside the view; 0 without one. */
export const openTask = computed(() => Number(route.query.get("task")));
/** The same whichever task is open, so that opening one leaves all links to others as they are. */
const taskAddressStart = computed(() => addressWith({ task: "" }));
/** Where a task is shown beside this view. @param {number} id */
export const taskAddress = (id) => taskAddressStart.value + id;

/** A click on a link within the page. With a modifier it opens a tab, as everywhere. @param {any} event */
export function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(event.currentTarget.getAttribute("href"));
}

/** A link within the page. */
export const Link = (/** @type {{ to: string }} */ props, /** @type {import("../vue.d.ts").Context} */ { slots, attrs }) =>
  h("a", {
    ...attrs,
    href: props.to,
    onClick(/** @type {MouseEvent} */ event) {
      /** @type {any} */ (attrs).onClick?.(event);
      follow(event);
    },
  }, slots.default?.());
Link.props = ["to"];
Link.inheritAttrs = false;
