// The views that the person saved: a name for a layout with its filters and order.
import { get, patch, post, remove } from "../core/api.js";
import { session } from "../core/session.js";
import { shallowReactive } from "../vue.js";

/**
 * @typedef {object} SavedView
 * @property {number} id
 * @property {string} name
 * @property {"list" | "board" | "calendar" | "dashboard"} layout
 * @property {string} query the query string of the page
 * @property {boolean} pinned shown in the navigation
 * @property {number} position
 * @property {number} version
 */

/** The owner is whose views they are; null while they are not known. @type {{ all: SavedView[], owner: number | null }} */
export const savedViews = shallowReactive({ all: [], owner: null });

/** @type {Record<SavedView["layout"], string>} */
const paths = { list: "/", board: "/board", calendar: "/calendar", dashboard: "/dashboard" };

/** The layout that a path shows; undefined where no view can be saved. @param {string} path */
export const layoutOf = (
  path,
) => /** @type {SavedView["layout"] | undefined} */ (Object.keys(paths).find((layout) => paths[/** @type {"list"} */ (layout)] === path));

/** @param {SavedView} view */
export const hrefOf = (view) => view.query ? `${paths[view.layout]}?${view.query}` : paths[view.layout];

/** The part of an address that a saved view keeps: what is open in it is not. @param {URLSearchParams} query */
export function keptQuery(query) {
  const kept = new URLSearchParams(query);
  kept.delete("task");
  // A saved calendar opens at the month or week of the day.
  kept.delete("month");
  if (kept.has("week")) kept.set("week", "");
  return kept.toString();
}

const inOrder = (/** @type {SavedView[]} */ all) => [...all].sort((a, b) => a.position - b.position || a.id - b.id);

export async function loadSavedViews() {
  const owner = session.user?.id ?? null;
  if (savedViews.owner === owner) return;
  savedViews.all = inOrder((await get("/views")).data.data);
  savedViews.owner = owner;
}

/** @param {Pick<SavedView, "name" | "layout" | "query"> & Partial<SavedView>} draft @param {string} [key] of the attempt */
export async function saveView(draft, key) {
  const { data } = await post("/views", draft, { key });
  savedViews.all = inOrder([...savedViews.all, data]);
}

/** @param {SavedView} view @param {Partial<SavedView>} changes */
export async function changeView(view, changes) {
  const { data } = await patch(`/views/${view.id}`, changes, { ifMatch: `"${view.version}"` });
  savedViews.all = inOrder(savedViews.all.map((one) => one.id === data.id ? data : one));
}

/** @param {SavedView} view */
export async function deleteView(view) {
  await remove(`/views/${view.id}`);
  savedViews.all = savedViews.all.filter((one) => one.id !== view.id);
}

/** One place up or down. @param {SavedView} view @param {-1 | 1} step */
export async function shiftView(view, step) {
  const all = [...savedViews.all];
  const from = all.findIndex((one) => one.id === view.id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= all.length) return;
  all.splice(to, 0, ...all.splice(from, 1));
  for (const [position, one] of all.entries()) {
    const now = savedViews.all.find((other) => other.id === one.id);
    if (now && now.position !== position + 1) await changeView(now, { position: position + 1 });
  }
}
