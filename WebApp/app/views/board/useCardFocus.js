// The focus stays on the board when its card goes: it follows the card that you moved, else it goes to the neighbour.
import { statuses } from "../../tasks/filters.js";
import { nextTick, shallowReactive, watch } from "../../vue.js";

/** @param {number} id */
const titleOf = (id) => /** @type {HTMLElement | null} */ (document.querySelector(`.board [data-focus="task-${id}"]`));

/** @param {import("./useBoard.js").Board} board */
export function useCardFocus(board) {
  /** The card that the Tab key leads to, with its place. */
  const place = shallowReactive({
    /** @type {number | null} */
    id: null,
    /** @type {import("./useBoard.js").Status} */
    status: "pending",
    index: 0,
  });
  let hasFocus = false;
  /** @type {number | null} */
  let followed = null;

  function focus(/** @type {number} */ id) {
    const title = titleOf(id);
    title?.focus({ preventScroll: true });
    title?.closest(".board-card")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return Boolean(title);
  }

  watch(() => statuses.map((status) => board.idsOf(status)), () => {
    if (followed !== null) {
      if (focus(followed)) followed = null;
      return;
    }
    if (!hasFocus || document.activeElement !== document.body) return;
    const ids = board.idsOf(place.status);
    const next = ids.includes(Number(place.id)) ? place.id : ids[Math.min(place.index, ids.length - 1)];
    /** @type {HTMLElement | null} */
    const column = document.querySelector(`.column[data-status="${place.status}"]`);
    if (!next || !focus(next)) column?.focus();
  }, { flush: "post" });

  return {
    place,
    focus,
    /** After the next change of the columns the focus is on that card. @param {number} id */
    follow(id) {
      followed = id;
      nextTick(() => {
        if (followed === id && focus(id)) followed = null;
      });
    },
    /** @param {FocusEvent} event */
    onFocusin(event) {
      const card = event.target instanceof Element ? event.target.closest(".board-card") : null;
      hasFocus = card !== null;
      if (!(card instanceof HTMLElement)) return;
      const id = Number(card.dataset.id);
      const status = statuses.find((one) => board.idsOf(one).includes(id)) ?? "pending";
      Object.assign(place, { id, status, index: board.idsOf(status).indexOf(id) });
    },
    /** @param {FocusEvent} event */
    onFocusout(event) {
      const left = /** @type {Element} */ (event.target);
      nextTick(() => {
        if (left.isConnected && !document.activeElement?.closest(".board-card")) hasFocus = false;
      });
    },
  };
}
