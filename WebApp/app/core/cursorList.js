// A list that the server gives in pages, with “more” at its end.
import { onUnmounted, shallowReactive, watch } from "../vue.js";
import { get } from "./api.js";

/**
 * @param {() => { path: string, query?: Record<string, any> }} source watched: other filters read another list
 */
export function useCursorList(source) {
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

  /** @param {boolean} [quietly] what is shown stays until the answer is there */
  async function read(quietly = false) {
    abort.abort();
    const { signal } = abort = new AbortController();
    const { path, query } = source();
    list.error = null;
    if (!quietly) Object.assign(list, { isLoading: true, items: [], cursor: null });
    try {
      const { data } = await get(path, query, { signal });
      if (signal.aborted) return;
      Object.assign(list, { items: data.data, meta: data.meta ?? {}, cursor: data.meta?.next_cursor ?? null, isLoading: false });
    } catch (error) {
      if (!signal.aborted) Object.assign(list, { error, isLoading: false });
    }
  }

  async function more() {
    if (!list.cursor || list.isLoadingMore) return;
    const { signal } = abort;
    const { path, query } = source();
    list.isLoadingMore = true;
    try {
      const { data } = await get(path, { ...query, cursor: list.cursor }, { signal });
      if (!signal.aborted) Object.assign(list, { items: [...list.items, ...data.data], cursor: data.meta.next_cursor ?? null });
    } catch (error) {
      if (!signal.aborted) list.error = error;
    } finally {
      list.isLoadingMore = false;
    }
  }
  watch(() => JSON.stringify(source()), () => read(), { immediate: true });
  onUnmounted(() => abort.abort());
  return list;
}
