// A list of tasks under a filter: read in pages, kept true while tasks change.
import { computed, onUnmounted, shallowReactive, watch } from "../vue.js";
import { get, Unreachable } from "../core/api.js";
import { session } from "../core/session.js";
import { matches, order } from "./filters.js";
import { learnAll, onReload, onTaskChange, tasks } from "./taskStore.js";
import { useWalk } from "./walk.js";

/** What a row, a card or a day needs of a task; the description comes when it is opened. */
const fields =
  "id,title,status,priority,owner_id,assignee_id,labels,due_at,due_on,archived,completed_at,created_at,updated_at,version,position";

/** With more changes than that in that many milliseconds a list is read again instead. */
const flood = 50;
const floodTime = 500;
/** While a flood lasts, a list is read that often. Read all the time, it would hold up the server that makes the changes. */
const floodPause = 2000;

/** Lists that were read, by person, filter and order. @type {Map<string, number[]>} */
const recent = new Map();
const mostRecent = 8;

/** What this browser keeps, with the changes that wait; null where it keeps nothing. @param {URLSearchParams} filter @param {string} sort */
async function readOffline(filter, sort) {
  const { offlineTasks } = await import("./offline.js");
  return await offlineTasks(filter, sort);
}

/**
 * A list with one task put into its place, or taken out when it does not belong there.
 * @param {number[]} list @param {number} id @param {import("./filters.js").Task | null | undefined} task @param {string} sort
 */
function placed(list, id, task, sort) {
  const ids = list.filter((one) => one !== id);
  if (!task) return ids;
  const compare = order(sort);
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = tasks.get(ids[middle]);
    if (other && compare(other, task) < 0) low = middle + 1;
    else high = middle;
  }
  ids.splice(low, 0, id);
  return ids;
}

/**
 * @param {() => { filter: URLSearchParams, sort: string }} source watched: another filter reads another list
 * @param {{ most: number }} [limits] tasks that are read at most; a larger number counts from the next reload
 */
export function useTaskList(source, limits = { most: 20_000 }) {
  const list = shallowReactive({
    /** @type {number[]} */
    ids: [],
    /** null until it is known @type {number | null} */
    total: null,
    isLoading: true,
    isComplete: false,
    /** @type {unknown} */
    error: null,
    reload: () => reload(),
  });
  let abort = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  let isReading = false;
  /** What changed since the read began: its pages may be older than that. @type {Set<number>} */
  const changedMeanwhile = new Set();

  /** @param {boolean} [quietly] what is shown stays until the new pages are there */
  async function read(quietly = false) {
    abort.abort();
    // The view is on its way out.
    if (session.state === "anonymous") return;
    const { signal } = abort = new AbortController();
    const { filter, sort } = source();
    const key = `${session.user?.id} ${filter} ${sort}`;
    const known = quietly ? null : recent.get(key);
    // Going back shows what was there at once. Otherwise the rows of the filter before stay until the new ones are there: nothing flashes.
    if (known) Object.assign(list, { ids: known, total: known.length, isLoading: false, isComplete: false });
    else if (!quietly) Object.assign(list, { isLoading: true, isComplete: false });
    list.error = null;
    isReading = true;
    changedMeanwhile.clear();
    try {
      /** @type {number[]} */
      let found = [];
      // A view draws its rows again for another array. Groups stand by what the tasks are, so that news is one, too; who asks for the
      // list anew may have learnt the news already.
      let isNew = quietly;
      const put = () => {
        const ids = withChanges(found, filter, sort);
        if (isNew || ids.length !== list.ids.length || ids.some((id, place) => id !== list.ids[place])) list.ids = ids;
        isNew = false;
      };
      const take = (/** @type {any[]} */ items, /** @type {any} */ meta) => {
        if (signal.aborted) return;
        isNew = learnAll(items) || isNew;
        found = found.concat(items.map((item) => item.id));
        if (!quietly && !known || found.length >= list.ids.length) put();
        if (meta.total !== undefined) list.total = meta.total;
        list.isLoading = false;
      };
      const query = (/** @type {Record<string, any>} */ more) => {
        const all = new URLSearchParams(filter);
        if (!filter.has("q") || sort !== "relevance") all.set("sort", sort);
        for (const [name, value] of Object.entries({ fields, ...more })) all.set(name, String(value));
        return Object.fromEntries([...new Set(all.keys())].map((name) => [name, all.getAll(name)]));
      };
      // A small first page, so that the first rows are there soon.
      const first = (await get("/tasks", query({ limit: 100, count: true }), { signal })).data;
      take(first.data, first.meta);
      let cursor = first.meta.next_cursor;
      while (cursor && found.length < limits.most && !signal.aborted) {
        const { data } = await get("/tasks", query({ limit: 1000, cursor }), { signal });
        take(data.data, data.meta);
        cursor = data.meta.next_cursor;
      }
      if (signal.aborted) return;
      put();
      list.isComplete = !cursor;
      recent.delete(key);
      recent.set(key, list.ids);
      if (recent.size > mostRecent) recent.delete([...recent.keys()][0]);
      if (!cursor) list.total = list.ids.length;
    } catch (error) {
      if (signal.aborted) return;
      const kept = error instanceof Unreachable ? await readOffline(filter, sort).catch(() => null) : null;
      if (signal.aborted) return;
      if (kept) {
        learnAll(kept);
        Object.assign(list, { ids: kept.map((task) => task.id), total: kept.length, isComplete: true });
        // Read again in the background, and nobody to ask: what is shown is the newest that is known.
      } else if (!quietly || !(error instanceof Unreachable)) list.error = error;
      list.isLoading = false;
    } finally {
      if (!signal.aborted) isReading = false;
    }
  }

  /** @param {number[]} found @param {URLSearchParams} filter @param {string} sort */
  function withChanges(found, filter, sort) {
    let ids = [...found];
    for (const id of changedMeanwhile) {
      const task = tasks.get(id);
      ids = placed(ids, id, task && matches(task, filter) ? task : undefined, sort);
    }
    return ids;
  }

  function reload(isPatient = false) {
    if (isPatient && later !== undefined) return;
    clearTimeout(later);
    later = setTimeout(() => {
      later = undefined;
      if (isPatient && isReading) reload(true);
      else read(true);
    }, isPatient ? floodPause : 150);
  }

  useWalk(() => list.ids);
  let changes = 0;
  let since = 0;
  const stopListening = onTaskChange((id, task) => {
    // A batch of thousands arrives one by one: putting each into its place would keep the page busy for minutes.
    if (Date.now() - since > floodTime) [since, changes] = [Date.now(), 0];
    if (++changes > flood) return reload(true);
    const { filter, sort } = source();
    const belongs = task ? matches(task, filter) : false;
    if (belongs === null) return reload();
    if (isReading) changedMeanwhile.add(id);
    if (!belongs && !list.ids.includes(id)) return;
    const ids = placed(list.ids, id, belongs ? task : undefined, sort);
    if (list.total !== null) list.total += ids.length - list.ids.length;
    list.ids = ids;
  });
  const stopReloading = onReload(reload);
  const key = computed(() => {
    const { filter, sort } = source();
    return `${filter}\n${sort}`;
  });
  watch(() => key.value, () => read(), { immediate: true });
  onUnmounted(() => {
    clearTimeout(later);
    abort.abort();
    stopListening();
    stopReloading();
  });
  return list;
}
