// What the list remembers apart from its tasks: the current row, the selection, closed groups, the open window, the row that is renamed.
import { openTask, route, setQuery } from "../../core/router.js";
import { filterOf } from "../../tasks/filters.js";
import { useWalk } from "../../tasks/walk.js";
import { computed, nextTick, shallowReactive, watch } from "../../vue.js";
import { groupInForce } from "./ListTools.js";
import { rowsOf } from "./grouping.js";
import { useListKeys } from "./useListKeys.js";
import { useSelection } from "./useSelection.js";

/** @typedef {import("./grouping.js").Row} Row */
/** @typedef {import("../../tasks/actions.js").Target} Target */
/** @typedef {import("../../tasks/TaskPopover.js").Opened} Opened */

/** A batch names that many tasks at most; more are named by their filter. */
const mostIds = 1000;

/** Groups that are closed, for as long as the page is open. @type {{ keys: Set<string> }} */
const closed = shallowReactive({ keys: new Set() });

/** @param {ReturnType<typeof import("../../tasks/useTaskList.js").useTaskList>} list */
export function useListState(list) {
  /** @type {{ focus: (place: number) => Promise<void>, reveal: (place: number) => void, elementAt: (place: number) => HTMLElement | null, hasFocus: () => boolean } | null} */
  let view = null;
  // The address changes with every task that is opened; the rows only when they are grouped in another way.
  const grouping = computed(groupInForce);
  const isClosed = (/** @type {string} */ group) => closed.keys.has(`${grouping.value} ${group}`);
  const rows = computed(() => rowsOf(list.ids, grouping.value, isClosed));
  const walked = computed(() =>
    rows.value.map((/** @type {Row} */ row) => row.id).filter((/** @type {number | null} */ id) => id !== null)
  );
  /** @param {Row | undefined} row @param {number} [otherwise] where it has gone */
  function placeOf(row, otherwise = state.current) {
    const place = rows.value.findIndex((/** @type {Row} */ one) => one.key === row?.key);
    return place < 0 ? otherwise : place;
  }
  const selection = useSelection(() => list.ids, () => rows.value);

  const state = shallowReactive({
    /** @type {Row[]} */
    get rows() {
      return rows.value;
    },
    /** The place of the current row. */
    current: 0,
    selection,
    /** @type {string | null} the key of the row whose title is changed */
    renamed: null,
    /** @type {Opened | null} */
    opened: null,
    isClosed,
    toggleGroup,
    selected,
    clear,
    refocus,
    expected: () => grouping.value === "none" ? list.total ?? 0 : 0,
    attach: (/** @type {any} */ found) => void (view = found),
    openPopover: (/** @type {Opened["kind"]} */ kind, /** @type {Opened["anchor"]} */ anchor, /** @type {Target} */ target) =>
      void (state.opened = { kind, anchor, target }),
    closePopover: () => void (state.opened = null),
    actionsOf,
    handlers: {
      enter: (/** @type {Row} */ row) => void (state.current = placeOf(row)),
      pick: (/** @type {Opened["kind"]} */ kind, /** @type {number} */ id, /** @type {Element} */ anchor) =>
        state.openPopover(kind, anchor, targetOf(id)),
      menu: openMenu,
      click,
      select: (/** @type {Row} */ row) => {
        anchor = placeOf(row, anchor);
        selection.toggle(row.id ?? 0);
      },
      endRename: (/** @type {Row} */ row) => {
        const hadFocus = view?.hasFocus();
        state.renamed = null;
        if (hadFocus) nextTick(() => view?.focus(placeOf(row)));
      },
    },
  });

  /** Where a range began. */
  let anchor = 0;
  /** Where the range under way has come to. */
  let head = 0;

  const currentRow = () => /** @type {Row | undefined} */ (rows.value[Math.min(state.current, rows.value.length - 1)]);

  // The current row stays the same task when others come and go.
  watch(rows, (/** @type {Row[]} */ now, /** @type {Row[]} */ before) => {
    state.current = Math.max(0, Math.min(placeOf(before[state.current]), now.length - 1));
  }, { flush: "sync" });
  watch(() => [list.ids, list.isComplete], () => list.isComplete && selection.ids.size && selection.prune());
  // The bar of the selection goes with the last selected task: the focus must not go with it.
  watch(() => selected() === null, async (/** @type {boolean} */ isOver) => {
    await nextTick();
    if (isOver && document.activeElement === document.body) refocus();
  });
  // The task whose details are open is the current one, and is to be seen.
  watch(openTask, async (/** @type {number} */ id) => {
    if (!id || currentRow()?.id === id) return;
    const place = rows.value.findIndex((/** @type {Row} */ row) => row.id === id);
    if (place < 0) return;
    state.current = place;
    await nextTick();
    view?.reveal(place);
  });
  // Another filter is another list.
  watch(() => `${filterOf(route.query)}`, () => {
    selection.clear();
    state.current = 0;
  });

  /** The selected tasks; null without any. @returns {Target | null} */
  function selected() {
    if (selection.isAll && (!list.isComplete || list.ids.length > mostIds)) {
      return { ids: list.ids, filter: filterOf(route.query), expected: list.total ?? list.ids.length };
    }
    const ids = selection.isAll ? list.ids : [...selection.ids];
    return ids.length ? { ids } : null;
  }

  /** What an action at a row is for: the selection when the row is part of it. @param {number} id @returns {Target} */
  const targetOf = (id) => selection.has(id) ? selected() ?? { ids: [id] } : { ids: [id] };

  function target() {
    const id = currentRow()?.id;
    return selected() ?? (id && view?.hasFocus() ? { ids: [id] } : null);
  }

  /** @param {string} group */
  function toggleGroup(group) {
    const key = `${grouping.value} ${group}`;
    const keys = new Set(closed.keys);
    if (!keys.delete(key)) keys.add(key);
    closed.keys = keys;
  }

  /** @param {number} place */
  function goTo(place) {
    if (!rows.value.length) return;
    state.current = Math.max(0, Math.min(place, rows.value.length - 1));
    anchor = head = state.current;
    view?.focus(state.current);
    // With the details open, they follow.
    const id = currentRow()?.id;
    if (id && route.query.has("task")) setQuery({ task: String(id) }, { replace: true });
  }

  const walk = (/** @type {number} */ step) => goTo(view?.hasFocus() || route.query.has("task") ? state.current + step : state.current);

  /** @param {number} step */
  function extend(step) {
    if (!rows.value.length) return;
    if (head !== state.current) anchor = state.current;
    head = state.current = Math.max(0, Math.min(state.current + step, rows.value.length - 1));
    selection.range(anchor, head);
    view?.focus(head);
  }

  /** Clicks with Shift, Ctrl or ⌘ select, wherever in the row. @param {Row} row @param {MouseEvent} event */
  function click(row, event) {
    const place = placeOf(row, 0);
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return;
    if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
    event.preventDefault();
    event.stopPropagation();
    state.current = place;
    if (event.shiftKey) selection.range(anchor, place);
    else {
      selection.toggle(row.id ?? 0);
      anchor = place;
    }
    head = place;
    view?.focus(place);
  }

  /** @param {Row} row @param {MouseEvent} event */
  function openMenu(row, event) {
    // With Shift, or in a text, the browser's own menu.
    if (event.shiftKey || event.target instanceof HTMLInputElement || row.id === null) return;
    event.preventDefault();
    state.openPopover("actions", { x: event.clientX, y: event.clientY }, targetOf(row.id));
  }

  function clear() {
    selection.clear();
    nextTick(() => view?.focus(state.current));
  }

  function refocus() {
    if (rows.value.length) return void view?.focus(state.current);
    // Not the box for a new task: the next key is a command, such as Ctrl Z, and no text.
    document.getElementById("content")?.focus();
  }

  /** @param {Opened["kind"]} kind */
  function pickHere(kind) {
    const wanted = target();
    const element = view?.elementAt(state.current) ?? document.querySelector(".list-bars");
    if (wanted && element) state.openPopover(kind, element.querySelector(".row-title") ?? element, wanted);
  }

  function rename() {
    const row = currentRow();
    if (row?.id) state.renamed = row.key;
  }

  /** What the menu of a row or of the selection needs of the list. @param {Opened} opened */
  function actionsOf({ anchor, target }) {
    const id = target.ids[0];
    return {
      isSelected: selection.has(id),
      pick: (/** @type {Opened["kind"]} */ kind) => state.openPopover(kind, anchor, target),
      rename,
      select: () => selection.toggle(id),
    };
  }

  useWalk(() => walked.value);
  useListKeys({
    walk,
    goTo,
    extend,
    toggle: () => {
      const row = currentRow();
      if (row?.id) state.handlers.select(row);
    },
    all: selection.all,
    clear,
    hasSelection: () => selected() !== null,
    target,
    pick: pickHere,
    rename,
    open: () => /** @type {HTMLElement | null | undefined} */ (view?.elementAt(state.current)?.querySelector(".row-title"))?.click(),
  });
  return state;
}
