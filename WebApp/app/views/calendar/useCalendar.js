// The state of the calendar: the days in sight, their tasks, and how a task gets to another day.
import { addDays, day as dayText, days as daysText, timeZone, today } from "../../core/format.js";
import { daysAsBounds } from "../../core/days.js";
import { t } from "../../core/messages.js";
import { firstWeekday } from "../../core/preferences.js";
import { addressWith, route, setQuery } from "../../core/router.js";
import { dueDay, filterOf } from "../../tasks/filters.js";
import { changeTask, tasks } from "../../tasks/taskStore.js";
import { useTaskList } from "../../tasks/useTaskList.js";
import { computed, shallowRef } from "../../vue.js";
import { isDay, isMonth, onDay, plusMonths, weekOf, weeksOf, weekStart } from "./days.js";

/** @typedef {import("../../tasks/filters.js").Task} Task */

/** In words: “Saturday, 28 November 2026”. @param {string} day */
export const fullDay = (day) => dayText(day, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** A task for the day first, then by the time of day. @param {Task} a @param {Task} b */
function byTime(a, b) {
  const [one, other] = [a.due_at ?? "", b.due_at ?? ""];
  return one < other ? -1 : one > other ? 1 : a.id - b.id;
}

export function useCalendar() {
  /** A task that is carried by the keyboard stands on the day where it is now. @type {import("../../vue.d.ts").Ref<{ id: number, day: string } | null>} */
  const carried = shallowRef(null);
  /** The day that the Tab key leads to. */
  const focused = shallowRef(today());
  /** The task for which another day is being chosen, and the button for it. @type {import("../../vue.d.ts").Ref<{ id: number, anchor: Element } | null>} */
  const choosing = shallowRef(null);
  let wasOpen = false;

  const period = computed(() => {
    const week = route.query.get("week");
    const first = firstWeekday();
    if (week !== null) {
      const days = weekOf(week && isDay(week) ? week : today(), first);
      return { isWeek: true, month: "", weeks: [days], first: days[0], last: days[6], title: daysText(days[0], days[6]) };
    }
    const asked = route.query.get("month");
    const month = asked && isMonth(asked) ? asked : today().slice(0, 7);
    const weeks = weeksOf(month, first);
    const title = dayText(`${month}-01`, { month: "long", year: "numeric" });
    return { isWeek: false, month, weeks, first: weeks[0][0], last: /** @type {string[]} */ (weeks.at(-1))[6], title };
  });

  const list = useTaskList(() => {
    const filter = filterOf(route.query);
    // A day of somebody in another time zone ends up to a day and a bit sooner or later.
    const range = daysAsBounds(addDays(period.value.first, -2), addDays(period.value.last, 2), timeZone());
    const [after, before] = [filter.get("due_after"), filter.get("due_before")];
    filter.set("due_after", after && Date.parse(after) > Date.parse(range.after) ? after : range.after);
    filter.set("due_before", before && Date.parse(before) < Date.parse(range.before) ? before : range.before);
    return { filter, sort: "due_at" };
  });

  /** The tasks of each day, in their order. */
  const byDay = computed(() => {
    /** @type {Map<string, Task[]>} */
    const found = new Map();
    const moved = carried.value;
    const ids = moved && !list.ids.includes(moved.id) ? [...list.ids, moved.id] : list.ids;
    for (const id of ids) {
      const task = tasks.get(id);
      const day = moved?.id === id ? moved.day : task && dueDay(task);
      if (!task || !day) continue;
      const others = found.get(day);
      if (others) others.push(task);
      else found.set(day, [task]);
    }
    for (const all of found.values()) all.sort(byTime);
    // What is carried must not vanish behind “+3 more”.
    const stack = moved && found.get(moved.day);
    if (stack) stack.sort((a, b) => Number(b.id === moved.id) - Number(a.id === moved.id));
    return found;
  });

  const isInSight = (/** @type {string} */ day) =>
    period.value.isWeek ? day >= period.value.first && day <= period.value.last : day.startsWith(period.value.month);

  /** Shows the period that has a day. @param {string} day */
  function show(day, { replace = false } = {}) {
    setQuery(period.value.isWeek ? { week: weekStart(day, firstWeekday()) } : { month: day.slice(0, 7) }, { replace });
  }

  return {
    carried,
    focused,
    choosing,
    /** What the button of a task says of the window, and does with it. @param {number} id @param {boolean} isOpen */
    chooser: (id, isOpen) => ({
      "aria-haspopup": "dialog",
      "aria-expanded": String(isOpen),
      // A click on the button of an open window closes that window, and must not open it again.
      onPointerdown: () => void (wasOpen = choosing.value?.id === id),
      onClick: (/** @type {any} */ event) => {
        if (!(wasOpen && event.detail)) choosing.value = { id, anchor: event.currentTarget };
        wasOpen = false;
      },
    }),
    period,
    list,
    byDay,
    isInSight,
    show,
    /** The address of the period before or after. @param {1 | -1} step */
    beside(step) {
      const { isWeek, month, first } = period.value;
      return isWeek ? addressWith({ week: addDays(first, 7 * step) }) : addressWith({ month: plusMonths(month, step) });
    },
    /** Where the other layout shows the same days; the week of today, when it is in the month. */
    layouts() {
      const { isWeek, month, first } = period.value;
      const day = isInSight(focused.value) ? focused.value : isWeek ? addDays(first, 3) : `${month}-01`;
      return {
        month: isWeek ? addressWith({ week: null, month: day.slice(0, 7) }) : addressWith({}),
        week: isWeek ? addressWith({}) : addressWith({ month: null, week: weekStart(day, firstWeekday()) }),
      };
    },
    /** Another day, the same time of day. @param {number} id @param {string} day */
    moveTo(id, day) {
      const task = tasks.get(id);
      if (!task || dueDay(task) === day) return;
      changeTask(id, onDay(task, day, timeZone()), t("calendar.moved", { title: task.title, day: dayText(day) }));
    },
  };
}

/** @typedef {ReturnType<typeof useCalendar>} Calendar */
