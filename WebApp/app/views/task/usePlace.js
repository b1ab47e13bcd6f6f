// Where the task panel stands in the address and in the history of the browser, and whom it gives the focus back to.
import { route, setQuery } from "../../core/router.js";
import { nextTick, onMounted, onUnmounted, watchEffect } from "../../vue.js";

/** Narrower than this, the panel lies over the view. */
const narrow = matchMedia("(max-width: 60rem)");

/** @param {number | null} id of a task that the view shows */
const rowOf = (id) => /** @type {HTMLElement | null} */ (id ? document.querySelector(`[data-focus="task-${id}"]`) : null);

/**
 * @param {() => number} id
 * @param {import("../../vue.d.ts").Ref<HTMLElement | null>} element
 */
export function usePlace(id, element) {
  /** Opened from a view by a link: the entry before this one in the history is that view. */
  const isPushed = history.state === null && document.activeElement !== document.body;
  const first = id();

  /** @param {number} next */
  async function show(next) {
    const isInView = document.activeElement?.closest("[data-focus]");
    setQuery({ task: String(next) }, { replace: true });
    await nextTick();
    if (isInView) rowOf(next)?.focus();
    else rowOf(next)?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number | null} [next] who gets the focus; the row of this task, when nobody is named */
  async function close(next = id()) {
    // A text that has the focus is saved first.
    element.value?.focus({ preventScroll: true });
    if (isPushed && id() === first && next === first) history.back();
    else setQuery({ task: null }, { replace: true });
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(requestAnimationFrame);
      if (route.query.has("task")) continue;
      const row = rowOf(next);
      if (row) return row.focus({ preventScroll: true });
    }
    document.getElementById("content")?.focus({ preventScroll: true });
  }

  // Over the view, nothing behind the panel can be reached.
  const cover = () => {
    for (const other of element.value?.parentElement?.children ?? []) {
      if (other !== element.value) other.toggleAttribute("inert", narrow.matches);
    }
  };
  onMounted(() => {
    watchEffect(cover);
    narrow.addEventListener("change", cover);
  });
  onUnmounted(() => {
    narrow.removeEventListener("change", cover);
    for (const other of document.querySelectorAll(".shell > [inert]")) other.removeAttribute("inert");
  });

  /** No dialog and no small window lies over the panel. */
  const isAlone = () => !document.querySelector("dialog[open], :popover-open");
  return { show, close, isAlone };
}
