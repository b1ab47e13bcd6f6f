// Tasks, saved views, labels and people that are called what was typed, each with the address that shows it.
import { get } from "../core/api.js";
import { t } from "../core/messages.js";
import { note } from "../core/notices.js";
import { taskAddress } from "../core/router.js";
import { onUnmounted, shallowReactive } from "../vue.js";
import { statusIcons } from "./choices.js";
import { labels, labelTone, loadLabels } from "./labelStore.js";
import { hrefOf, loadSavedViews, savedViews } from "./savedViews.js";
import { dueText } from "./TaskMarks.js";

/** @typedef {import("../components/Chooser.js").Option & { to: string }} Found */

const fields = "id,title,status,priority,owner_id,assignee_id,labels,due_at,due_on,archived,version";
const most = 8;
/** Milliseconds between two searches, so that who types fast does not ask for every letter. */
const pause = 120;

export function useFound() {
  const state = shallowReactive({
    /** @type {any[]} */
    tasks: [],
    /** @type {any[]} */
    people: [],
    isBusy: false,
  });
  let abort = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  let askedAt = 0;
  const stop = () => {
    clearTimeout(later);
    abort.abort();
  };
  onUnmounted(stop);
  // Without them the rest is still found.
  Promise.all([loadLabels(), loadSavedViews()]).catch(note);

  /** @param {string} q */
  function find(q) {
    stop();
    state.isBusy = q !== "";
    if (!q) return void Object.assign(state, { tasks: [], people: [] });
    const { signal } = abort = new AbortController();
    later = setTimeout(async () => {
      askedAt = Date.now();
      const lists = await Promise.allSettled([
        get("/tasks", { q, limit: most, fields }, { signal }),
        get("/users/search", { q }, { signal }),
      ]);
      if (signal.aborted) return;
      const [tasks, people] = lists.map((list) => list.status === "fulfilled" ? list.value.data.data : []);
      Object.assign(state, { tasks, people, isBusy: false });
    }, askedAt + pause - Date.now());
  }

  /**
   * @param {string} wanted in small letters
   * @param {(text: string, wanted: string) => number} fit
   * @returns {Found[]}
   */
  function entries(wanted, fit) {
    const called = (/** @type {{ name: string }} */ one) => !wanted || fit(one.name, wanted) > 0;
    return [
      ...savedViews.all.filter(called).slice(0, most).map((view) => ({
        key: `view ${view.id}`,
        label: view.name,
        icon: "star",
        group: t("view.views"),
        to: hrefOf(view),
      })),
      ...state.tasks.map((task) => ({
        key: `task ${task.id}`,
        label: task.title,
        icon: statusIcons[/** @type {"pending"} */ (task.status)],
        tone: `status-${task.status}`,
        hint: dueText(task),
        group: t("tasks"),
        to: taskAddress(task.id),
      })),
      ...(wanted ? labels.all.filter(called).slice(0, most) : []).map((label) => ({
        key: `label ${label.name}`,
        label: label.name,
        icon: "tag",
        tone: labelTone(label.name),
        hint: t("tasks.count", { count: label.count }),
        group: t("labels"),
        to: `/?${new URLSearchParams({ label: label.name.toLowerCase() === "none" ? `"${label.name}"` : label.name })}`,
      })),
      ...state.people.map((person) => ({
        key: `person ${person.id}`,
        label: person.name ?? person.username ?? t("person.unnamed", { id: person.id }),
        icon: "user",
        hint: t("palette.person"),
        group: t("palette.people"),
        to: `/?assignee_id=${person.id}`,
      })),
    ];
  }
  return { find, entries, isBusy: () => state.isBusy };
}
