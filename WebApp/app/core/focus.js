// Keeps the focus when what had it goes away.
import { nextTick } from "../vue.js";

/**
 * After a row was taken away: the focus goes to the first button or link of the row that follows, else of the one before, else to the heading.
 * @param {string | number} key the `data-row` of the row that goes
 */
export function focusNeighbour(key) {
  const row = document.querySelector(`[data-row="${CSS.escape(String(key))}"]`);
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  const wanted = neighbour?.getAttribute("data-row");
  return async () => {
    await nextTick();
    const next = wanted ? document.querySelector(`[data-row="${CSS.escape(wanted)}"]`) : null;
    const target = next?.querySelector("button, a") ?? next?.querySelector("input") ?? document.getElementById("content");
    if (target instanceof HTMLElement) target.focus();
  };
}
