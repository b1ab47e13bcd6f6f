// The order in which the view at hand shows its tasks, so that one can walk through them with one of them open.
import { onUnmounted } from "../vue.js";

/** @type {Set<() => number[]>} */
const sources = new Set();

/** For as long as the component is there. @param {() => number[]} ids in the order in which they are to be seen */
export function useWalk(ids) {
  sources.add(ids);
  onUnmounted(() => sources.delete(ids));
}

/**
 * The task before or after another one; null at the end.
 * @param {number} id
 * @param {1 | -1} step
 */
export function neighbour(id, step) {
  for (const source of [...sources].reverse()) {
    const ids = source();
    const place = ids.indexOf(id);
    if (place >= 0) return ids[place + step] ?? null;
  }
  return null;
}
