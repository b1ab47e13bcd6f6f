// The days of a month or a week below each other, for narrow windows.
import { Icon } from "../../components/Icon.js";
import { day as dayText, today } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { openTask } from "../../core/router.js";
import { defineComponent, h, onMounted, watch } from "../../vue.js";
import { CalendarTask } from "./CalendarTask.js";
import { fullDay } from "./useCalendar.js";

export const CalendarAgenda = defineComponent({
  name: "CalendarAgenda",
  props: {
    calendar: { type: Object, required: true },
  },
  emits: ["open"],
  setup(props, { emit }) {
    /** @type {import("./useCalendar.js").Calendar} */
    const calendar = props.calendar;
    /** @type {HTMLElement | null} */
    let element = null;
    const begin = () => {
      const now = element?.querySelector("[aria-current=date]")?.closest("li");
      if (element) element.scrollTop = now?.offsetTop ?? 0;
    };
    onMounted(begin);
    watch(() => [calendar.period.value.first, calendar.list.isLoading], begin, { flush: "post" });

    return () =>
      h(
        "ol",
        {
          class: "agenda",
          "data-scroller": "",
          "aria-labelledby": "calendar-period",
          ref: (/** @type {any} */ found) => void (element = found ?? element),
        },
        calendar.period.value.weeks.flat().filter(calendar.isInSight).map((day) => {
          const all = calendar.byDay.value.get(day) ?? [];
          return h("li", { key: day, class: ["agenda-day", day === today() && "day-today"], "data-day": day }, [
            h("button", {
              type: "button",
              class: "agenda-head",
              "data-focus": `day-${day}`,
              "aria-current": day === today() ? "date" : undefined,
              "aria-label": t("calendar.day", { day: fullDay(day), count: all.length }),
              "aria-haspopup": "dialog",
              onClick: () => emit("open", day),
            }, [h("span", dayText(day, { weekday: "short", day: "numeric", month: "short" })), h(Icon, { name: "plus" })]),
            all.length
              ? h("ul", all.map((task) => h(CalendarTask, { key: task.id, task, isRow: true, isOpen: task.id === openTask.value })))
              : null,
          ]);
        }),
      );
  },
});
