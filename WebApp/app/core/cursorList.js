// A list that the server gives in pages, with “more” at its end.
import { onUnmounted, shallowReactive, watch } from "../vue.js";
import { get } from "./api.js";

/**
 * @param {() => { path: string, query?: Record<string, any> }} source watched: other filters read another list
 * @param {number} [every] Milliseconds after which a list that changes by itself is read again, as long as somebody looks at its first page.
 */
export function useCursorList(source, every) {
  const list = shallowReactive({
    /** @type {any[]} */
    items: [],
    /** @type {any} */
    meta: {},
    isLoading: true,
    isLoadingMore: false,
    /** @type {unknown} */
    error: null,
    /** @type {string | null} */
    cursor: null,
    more,
    reload: () => read(true),
  });
  let abort = new AbortController();
  let isReading = false;
  let hasFurther = false;

  /** @param {boolean} [quietly] what is shown stays until the answer is there */
  async function read(quietly = false) {
    abort.abort();
    const { signal } = abort = new AbortController();
    const { path, query } = source();
    list.error = null;
    isReading = true;
    if (!quietly) Object.assign(list, { isLoading: true, items: [], cursor: null });
    try {
      const { data } = await get(path, query, { signal });
      if (signal.aborted) return;
      hasFurther = false;
      Object.assign(list, { items: data.data, meta: data.meta ?? {}, cursor: data.meta?.next_cursor ?? null, isLoading: false });
    } catch (error) {
      if (!signal.aborted) Object.assign(list, { error, isLoading: false });
    } finally {
      if (!signal.aborted) isReading = false;
    }
  }

  async function more() {
    if (!list.cursor || list.isLoadingMore) return;
    const { signal } = abort;
    const { path, query } = source();
    list.isLoadingMore = true;
    try {
      const { data } = await get(path, { ...query, cursor: list.cursor }, { signal });
      hasFurther = true;
      if (!signal.aborted) Object.assign(list, { items: [...list.items, ...data.data], cursor: data.meta.next_cursor ?? null });
    } catch (error) {
      if (!signal.aborted) list.error = error;
    } finally {
      list.isLoadingMore = false;
    }
  }
  watch(() => JSON.stringify(source()), () => read(), { immediate: true });
  const timer = every && setInterval(() => {
    if (!document.hidden && !isReading && !hasFurther && !list.error) read(true);
  }, every);
  onUnmounted(() => {
    clearInterval(timer);
    abort.abort();
  });
  return list;
}
