// Cards are dragged by SortableJS. It moves elements that belong to Vue, so they are put back in the end and the state is changed instead.
// @ts-types="./sortable.d.ts"
import { Sortable } from "../../../vendor/sortable.js";

/** Milliseconds in which the cards make room. */
const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150;

/** @param {Element | null | undefined} element */
const idOf = (element) => element instanceof HTMLElement && element.dataset.id ? Number(element.dataset.id) : null;

/**
 * @param {import("./useBoard.js").Board} board
 * @returns {(list: HTMLElement, status: import("./useBoard.js").Status) => () => void} makes the cards of a list movable, gives what ends it
 */
export function useCardDrag(board) {
  /** @type {Map<Element, import("./useBoard.js").Status>} */
  const statusOf = new Map();

  return (list, status) => {
    statusOf.set(list, status);
    const sortable = Sortable.create(list, {
      group: "cards",
      draggable: ".board-card",
      animation,
      // The browser's own drag and drop has no scrolling near the edges on every system, and none on touch.
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      ghostClass: "card-ghost",
      dragClass: "card-dragged",
      preventOnFilter: false,
      // A finger scrolls and taps; only the handle is for dragging. A mouse takes the card anywhere but at its buttons.
      filter: ({ target, pointerType }) => {
        const place = /** @type {Element} */ (target);
        return pointerType === "mouse" ? place.closest("button") !== null : place.closest(".card-handle") === null;
      },
      onStart: () => {
        board.hold();
        // It looks only every 50 ms what is under the pointer: once more before a quick hand lets go.
        document.addEventListener("pointerup", () => sortable._emulateDragOver(), { capture: true, once: true });
      },
      onEnd({ item, from, to }) {
        const id = Number(idOf(item));
        const [above, below] = [idOf(item.previousElementSibling), idOf(item.nextElementSibling)];
        const target = statusOf.get(to);
        const origin = statusOf.get(from);
        if (!target || !origin) return;
        // Back to where Vue believes it to be: before the card that follows it in the list as it is held.
        const held = board.idsOf(origin);
        const next = held[held.indexOf(id) + 1];
        from.insertBefore(item, [...from.children].find((one) => idOf(one) === next) ?? null);
        board.release();
        board.move(id, target, { above, below });
      },
    });
    return () => {
      statusOf.delete(list);
      sortable.destroy();
    };
  };
}
