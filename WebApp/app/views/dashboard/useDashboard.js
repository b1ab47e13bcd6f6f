// The figures of the dashboard. Each is counted by the filter of the list that it leads to, so that the two cannot disagree.
import { get } from "../../core/api.js";
import { addDays, dayOf, timeZone, today } from "../../core/format.js";
import { daysAsBounds } from "../../core/days.js";
import { route } from "../../core/router.js";
import { filterNames, filterOf, priorities, statuses, weekOf } from "../../tasks/filters.js";
import { onReload, onTaskChange } from "../../tasks/taskStore.js";
import { onUnmounted, shallowReactive, watch } from "../../vue.js";

/** @typedef {{ key: string | null, count: number, to: string }} Bar a value with its number and the list of its tasks */
/** @typedef {{ count: number, to: string }} Figure */

const open = ["pending", "in_progress"];
/** The days for which it is shown how much was completed. */
const span = 30;
/** Bars of a list that can be long. */
const top = 8;

/** The query of a list: the filter at hand with some of it changed; null takes one out. @param {Record<string, string | string[] | null>} changes */
function queryOf(changes) {
  const query = new URLSearchParams();
  for (const [name, value] of route.query) if (filterNames.includes(name) && value && !(name in changes)) query.append(name, value);
  for (const [name, value] of Object.entries(changes)) if (value !== null) { for (const one of [value].flat()) query.append(name, one); }
  return query;
}

/** @param {URLSearchParams} query */
const linkTo = (query) => `/?${query}`;

/** @param {URLSearchParams} query @param {string} by @param {AbortSignal} signal */
async function counts(query, by, signal) {
  const filter = filterOf(query);
  filter.set("group_by", by);
  return /** @type {{ data: { key: string | null, count: number }[], meta: { total: number } }} */ ((await get("/tasks/counts", filter, {
    signal,
  })).data);
}

/** @param {Record<string, string | string[] | null>} changes @param {AbortSignal} signal @returns {Promise<Figure>} */
async function figure(changes, signal) {
  const query = queryOf(changes);
  return { count: (await counts(query, "status", signal)).meta.total, to: linkTo(query) };
}

/**
 * @param {Record<string, string | string[] | null>} changes
 * @param {string} by
 * @param {(key: string | null) => Record<string, string | null>} only the filter of one value
 * @param {AbortSignal} signal
 * @returns {Promise<Bar[]>}
 */
async function bars(changes, by, only, signal) {
  const { data } = await counts(queryOf(changes), by, signal);
  return data.map(({ key, count }) => ({ key, count, to: linkTo(queryOf({ ...changes, ...only(key) })) }));
}

/** @param {Bar[]} all */
const largest = (all) => all.filter((bar) => bar.count).sort((a, b) => b.count - a.count).slice(0, top);

/** @param {Bar[]} all @param {readonly string[]} order */
const inOrder = (all, order) => all.sort((a, b) => order.indexOf(a.key ?? "") - order.indexOf(b.key ?? ""));

/**
 * What was completed on each of the last days. The server counts that without a filter; where the filter leaves some of it out, the tasks
 * are read.
 * @param {AbortSignal} signal
 * @returns {Promise<Bar[]>}
 */
async function completedPerDay(signal) {
  const now = today();
  const days = Array.from({ length: span }, (_, place) => addDays(now, place - span + 1));
  const during = (/** @type {string} */ first, /** @type {string} */ last) => {
    const { after, before } = daysAsBounds(first, last, timeZone());
    return queryOf({ status: null, completed_after: after, completed_before: before });
  };
  const all = during(days[0], now);
  const [total, stats] = await Promise.all([
    counts(all, "status", signal).then(({ meta }) => meta.total),
    get("/tasks/stats", {}, { signal }),
  ]);
  const perDay = new Map(stats.data.completed_per_day.map((/** @type {any} */ one) => [one.day, one.count]));
  const sum = [...perDay.values()].reduce((before, one) => before + one, 0);
  // A part of the tasks that is as large as the whole is the whole.
  if (sum !== total || route.query.get("scope") === "all") {
    perDay.clear();
    const filter = filterOf(all);
    for (const [name, value] of Object.entries({ fields: "id,completed_at", sort: "-completed_at", limit: "1000" })) {
      filter.set(name, value);
    }
    do {
      const { data, meta } = (await get("/tasks", filter, { signal })).data;
      for (const task of data) {
        const day = dayOf(task.completed_at);
        perDay.set(day, (perDay.get(day) ?? 0) + 1);
      }
      filter.set("cursor", meta.next_cursor ?? "");
    } while (filter.get("cursor"));
  }
  return days.map((day) => ({ key: day, count: perDay.get(day) ?? 0, to: linkTo(during(day, day)) }));
}

/** @param {AbortSignal} signal */
async function read(signal) {
  const [first, last] = weekOf(today());
  const week = daysAsBounds(first, last, timeZone());
  const [byStatus, overdue, dueToday, dueWeek, completedWeek, byPriority, byAssignee, byLabel, perDay] = await Promise.all([
    bars({ status: null }, "status", (key) => ({ status: key }), signal),
    figure({ status: null, overdue: "true" }, signal),
    figure({ status: open, due: "today" }, signal),
    figure({ status: open, due: "week" }, signal),
    figure({ status: null, completed_after: week.after, completed_before: week.before }, signal),
    bars({ status: open }, "priority", (key) => ({ priority: key }), signal),
    bars({ status: open }, "assignee", (key) => ({ assignee_id: key ?? "none" }), signal),
    bars({ status: open }, "label", (key) => ({ label: key === "none" ? '"none"' : key ?? "none" }), signal),
    completedPerDay(signal),
  ]);
  const ofOpen = byStatus.filter((bar) => bar.key !== "completed").reduce((sum, bar) => sum + bar.count, 0);
  return {
    tiles: {
      open: { count: ofOpen, to: linkTo(queryOf({ status: open })) },
      overdue,
      dueToday,
      dueWeek,
      completedWeek,
    },
    perDay,
    byStatus: inOrder(byStatus, statuses),
    byPriority: inOrder(byPriority, priorities),
    byAssignee: largest(byAssignee),
    byLabel: largest(byLabel),
  };
}

export function useDashboard() {
  const state = shallowReactive({
    /** @type {Awaited<ReturnType<typeof read>> | null} */
    figures: null,
    /** @type {unknown} */
    error: null,
    reload,
  });
  let abort = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;

  async function reload() {
    clearTimeout(later);
    abort.abort();
    const { signal } = abort = new AbortController();
    try {
      const figures = await read(signal);
      if (!signal.aborted) Object.assign(state, { figures, error: null });
    } catch (error) {
      if (!signal.aborted) state.error = error;
    }
  }
  const soon = () => {
    clearTimeout(later);
    later = setTimeout(reload, 1000);
  };

  watch(() => queryOf({}).toString(), reload, { immediate: true });
  const stop = [onTaskChange(soon), onReload(soon)];
  onUnmounted(() => {
    clearTimeout(later);
    abort.abort();
    for (const one of stop) one();
  });
  return state;
}
