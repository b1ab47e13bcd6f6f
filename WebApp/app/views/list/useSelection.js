// Which tasks of the list are selected: some of them, or all that match the filter.
import { shallowReactive } from "../../vue.js";

/**
 * @typedef {object} Selection
 * @property {Set<number>} ids
 * @property {boolean} isAll all that match, also those that are not loaded
 * @property {(id: number) => boolean} has
 * @property {(id: number) => void} toggle
 * @property {(from: number, to: number) => void} range everything between two rows
 * @property {() => void} all
 * @property {() => void} clear
 * @property {() => void} prune what has left the list is not selected any more
 */

/**
 * @param {() => number[]} loaded every task of the list
 * @param {() => import("./grouping.js").Row[]} rows
 * @returns {Selection}
 */
export function useSelection(loaded, rows) {
  /** What was selected before the range under way. @type {Set<number>} */
  let base = new Set();
  const selection = shallowReactive({
    /** @type {Set<number>} */
    ids: new Set(),
    isAll: false,
    has: (/** @type {number} */ id) => selection.isAll || selection.ids.has(id),
    toggle(/** @type {number} */ id) {
      const ids = new Set(selection.isAll ? loaded() : selection.ids);
      if (!ids.delete(id)) ids.add(id);
      selection.isAll = false;
      selection.ids = base = ids;
    },
    range(/** @type {number} */ from, /** @type {number} */ to) {
      const ids = new Set(base);
      for (const row of rows().slice(Math.min(from, to), Math.max(from, to) + 1)) if (row.id !== null) ids.add(row.id);
      selection.isAll = false;
      selection.ids = ids;
    },
    all() {
      selection.ids = base = new Set(loaded());
      selection.isAll = true;
    },
    clear() {
      selection.isAll = false;
      selection.ids = base = new Set();
    },
    prune() {
      const left = selection.ids.intersection(new Set(loaded()));
      if (left.size < selection.ids.size) selection.ids = base = left;
      if (!loaded().length) selection.isAll = false;
    },
  });
  return selection;
}
