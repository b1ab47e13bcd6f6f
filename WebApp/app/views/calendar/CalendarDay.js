// One day of the grid: its number opens it, its first tasks stand below, and a task can be dropped on it.
import { Icon } from "../../components/Icon.js";
import { day as dayText, number, today } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";
import { CalendarTask } from "./CalendarTask.js";
import { fullDay } from "./useCalendar.js";

/**
 * @typedef {object} Props
 * @property {string} day
 * @property {import("../../tasks/filters.js").Task[]} tasks
 * @property {number} most chips that have room
 * @property {boolean} isOutside of another month than the one that is shown
 * @property {boolean} isCurrent the Tab key leads here
 * @property {number | undefined} carried the task of this day that is under way
 * @property {number | undefined} opened the task of this day whose details are shown
 * @property {number | undefined} choosing the task of this day for which another one is being chosen
 * @property {(id: number, isOpen: boolean) => Record<string, any>} chooser
 *
 * @param {Props} props
 * @param {import("../../vue.d.ts").Context} context
 */
export const CalendarDay = ({ day, tasks, most, isOutside, isCurrent, carried, opened, choosing, chooser }, { emit }) => {
  const shown = tasks.length > most ? tasks.slice(0, Math.max(0, most - 1)) : tasks;
  const tabindex = isCurrent ? undefined : -1;
  const isToday = day === today();
  return h("div", {
    role: "gridcell",
    class: ["day", isOutside && "day-outside", isToday && "day-today"],
    "data-day": day,
    // The empty part of a day opens it, too.
    onClick: (/** @type {any} */ event) => event.target === event.currentTarget && emit("open", day),
  }, [
    h("button", {
      type: "button",
      class: "day-number",
      tabindex: isCurrent ? 0 : -1,
      "data-focus": `day-${day}`,
      "aria-label": t("calendar.day", { day: fullDay(day), count: tasks.length }),
      "aria-current": isToday ? "date" : undefined,
      "aria-haspopup": "dialog",
      onClick: () => emit("open", day),
    }, [
      h(
        "span",
        { class: "day-digits" },
        day.endsWith("-01") ? dayText(day, { day: "numeric", month: "short" }) : number(Number(day.slice(8))),
      ),
      Icon({ name: "plus" }),
    ]),
    shown.length
      ? h(
        "ul",
        { class: "day-chips" },
        shown.map((task) =>
          CalendarTask({
            task,
            tabindex,
            isOpen: task.id === opened,
            isCarried: task.id === carried,
            chooser: chooser(task.id, task.id === choosing),
          })
        ),
      )
      : null,
    tasks.length > shown.length
      ? h(
        "button",
        { type: "button", class: "day-more", tabindex, onClick: () => emit("open", day) },
        t("calendar.more", { count: tasks.length - shown.length }),
      )
      : null,
  ]);
};
CalendarDay.props = ["day", "tasks", "most", "isOutside", "isCurrent", "carried", "opened", "choosing", "chooser"];
CalendarDay.emits = ["open"];
