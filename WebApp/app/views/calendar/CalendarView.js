// The calendar: the tasks with a due date by month or week, on wide windows as a grid, else as a list of days.
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { FilterBar } from "../../components/FilterBar.js";
import { Icon } from "../../components/Icon.js";
import { Popover } from "../../components/Popover.js";
import { today } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { addressWith, Link, route } from "../../core/router.js";
import { loadStyle } from "../../core/styles.js";
import { hasFilter } from "../../tasks/filters.js";
import { tasks } from "../../tasks/taskStore.js";
import { useWalk } from "../../tasks/walk.js";
import { defineComponent, h, nextTick, onUnmounted, ref, shallowRef } from "../../vue.js";
import { CalendarAgenda } from "./CalendarAgenda.js";
import { CalendarGrid } from "./CalendarGrid.js";
import { moveChoices } from "./CalendarTask.js";
import { DayWindow } from "./DayWindow.js";
import { useCalendar } from "./useCalendar.js";
import { useCalendarKeys } from "./useCalendarKeys.js";

await loadStyle("days");

/** On a phone seven columns have no room for a title. */
const narrow = matchMedia("(max-width: 48rem)");

export default defineComponent({
  name: "CalendarView",
  setup() {
    const calendar = useCalendar();
    const keys = useCalendarKeys(calendar);
    const isNarrow = ref(narrow.matches);
    /** @type {import("../../vue.d.ts").Ref<string | null>} */
    const opened = shallowRef(null);
    /** @type {HTMLElement | null} */
    let element = null;

    const measure = () => void (isNarrow.value = narrow.matches);
    narrow.addEventListener("change", measure);
    onUnmounted(() => narrow.removeEventListener("change", measure));
    useWalk(() => calendar.period.value.weeks.flat().flatMap((day) => (calendar.byDay.value.get(day) ?? []).map((task) => task.id)));

    const dayElement = (/** @type {string} */ day) => element?.querySelector(`[data-focus="day-${day}"]`);
    async function open(/** @type {string} */ day) {
      opened.value = null;
      await nextTick();
      /** @type {HTMLElement | null | undefined} */ (dayElement(day))?.focus();
      opened.value = day;
    }

    const head = () => {
      const { isWeek, title } = calendar.period.value;
      const { month, week } = calendar.layouts();
      const now = today();
      const step = (/** @type {1 | -1} */ by, /** @type {string} */ icon, /** @type {string} */ label) =>
        h(
          Link,
          { to: calendar.beside(by), class: "button button-quiet button-icon calendar-step", "aria-label": label, title: label },
          () => h(Icon, { name: icon }),
        );
      const layout = (/** @type {string} */ to, /** @type {string} */ label, /** @type {boolean} */ isOn) =>
        h(Link, { to, class: "button", "aria-current": isOn ? "true" : undefined }, () => label);
      return h("header", { class: "view-head calendar-head" }, [
        h("h1", t("view.calendar")),
        h("h2", { id: "calendar-period", "aria-live": "polite" }, title),
        h("nav", { class: "calendar-nav", "aria-label": t("calendar.period") }, [
          step(-1, "chevron-left", t(isWeek ? "calendar.previous.week" : "calendar.previous.month")),
          h(Link, {
            to: addressWith(isWeek ? { week: "" } : { month: null }),
            class: "button",
            onClick: () => void (calendar.focused.value = now),
          }, () => t("calendar.today")),
          step(1, "chevron-right", t(isWeek ? "calendar.next.week" : "calendar.next.month")),
          h("span", { class: "segments" }, [layout(month, t("calendar.month"), !isWeek), layout(week, t("calendar.byWeek"), isWeek)]),
        ]),
      ]);
    };

    /** The window in which another day is chosen for a task of the grid. */
    function choice() {
      const { choosing } = calendar;
      const task = choosing.value && tasks.get(choosing.value.id);
      if (!choosing.value || !task) return null;
      return h(
        Popover,
        { key: task.id, label: t("moveTo"), anchor: choosing.value.anchor, onClose: () => void (choosing.value = null) },
        moveChoices(task),
      );
    }

    const isEmpty = () => !calendar.list.isLoading && calendar.list.isComplete && calendar.byDay.value.size === 0;

    return () =>
      h("div", {
        class: "view calendar-view",
        ref: (/** @type {any} */ found) => void (element = found ?? element),
        onFocusout: keys.onFocusout,
      }, [
        head(),
        // Beside the filter, so that the grid does not jump when it comes.
        h(FilterBar, null, () =>
          isEmpty() ? h("p", { class: "hint" }, t(hasFilter(route.query) ? "calendar.empty.filtered" : "calendar.empty")) : null),
        h("p", { id: "calendar-keys", class: "visually-hidden" }, t("calendar.keys")),
        calendar.list.error ? h(ErrorNotice, { error: calendar.list.error, onRetry: calendar.list.reload }) : null,
        h(isNarrow.value ? CalendarAgenda : CalendarGrid, { calendar, onOpen: open }),
        choice(),
        opened.value
          ? h(DayWindow, {
            key: opened.value,
            day: opened.value,
            tasks: calendar.byDay.value.get(opened.value) ?? [],
            anchor: dayElement(opened.value) ?? element,
            onClose: () =>
              void (opened.value = null),
          })
          : null,
        h("p", { class: ["carry-words", !calendar.carried.value && "visually-hidden"], "aria-live": "assertive" }, keys.words.value),
      ]);
  },
});
