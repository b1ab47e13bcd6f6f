// A month or a week as a grid: arrow keys walk from day to day, tasks are dragged to other days.
import { day as dayText } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { openTask } from "../../core/router.js";
import { defineComponent, h, onMounted, onUnmounted, ref } from "../../vue.js";
import { CalendarDay } from "./CalendarDay.js";

/** The height of a chip with the gap below it, in the root's font size; the same as in the style sheet. */
const chipHeight = matchMedia("(pointer: coarse)").matches ? 2.875 : 1.625;
/** What a day needs besides: its number and the room around. */
const headHeight = matchMedia("(pointer: coarse)").matches ? 3 : 2.375;
/** Chips that a day had room for when it was measured last: most likely it has again, and nothing has to be drawn twice. */
let room = 3;

export const CalendarGrid = defineComponent({
  name: "CalendarGrid",
  props: {
    calendar: { type: Object, required: true },
  },
  emits: ["open"],
  setup(props, { emit }) {
    /** @type {import("./useCalendar.js").Calendar} */
    const calendar = props.calendar;
    const most = ref(room);
    /** The task that a mouse drags. @type {number | null} */
    let dragged = null;
    /** @type {import("../../vue.d.ts").Ref<string | null>} */
    const target = ref(null);
    /** @type {HTMLElement | null} */
    let element = null;

    const observer = new ResizeObserver(() => {
      const row = element?.querySelector(".week");
      const unit = parseFloat(getComputedStyle(document.documentElement).fontSize);
      if (row instanceof HTMLElement) most.value = room = Math.max(1, Math.floor((row.offsetHeight / unit - headHeight) / chipHeight));
    });
    onMounted(() => element && observer.observe(element));
    onUnmounted(() => observer.disconnect());

    const dayAt = (/** @type {Event} */ event) =>
      event.target instanceof Element ? event.target.closest("[data-day]")?.getAttribute("data-day") ?? null : null;
    const drag = {
      /** @param {DragEvent} event */
      onDragstart(event) {
        const chip = event.target instanceof Element ? event.target.closest("[data-id]") : null;
        if (!chip || !event.dataTransfer) return;
        dragged = Number(chip.getAttribute("data-id"));
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", chip.querySelector(".day-title")?.textContent ?? "");
      },
      /** @param {DragEvent} event */
      onDragover(event) {
        const day = dayAt(event);
        if (dragged === null || !day) return;
        event.preventDefault();
        target.value = day;
      },
      /** @param {DragEvent} event */
      onDrop(event) {
        const day = dayAt(event);
        if (dragged === null || !day) return;
        event.preventDefault();
        calendar.moveTo(dragged, day);
        drag.onDragend();
      },
      onDragend() {
        dragged = null;
        target.value = null;
      },
    };

    /** A task where it is one of that day: the other days need not be drawn again for it. @param {string} day @param {number | undefined} id */
    const among = (day, id) => calendar.byDay.value.get(day)?.some((task) => task.id === id) ? id : undefined;

    return () => {
      const { weeks, month, isWeek } = calendar.period.value;
      // The Tab key needs a day to lead to.
      const current = weeks.flat().includes(calendar.focused.value) ? calendar.focused.value : isWeek ? weeks[0][0] : `${month}-01`;
      return h("div", {
        class: ["calendar-grid", isWeek && "calendar-week"],
        role: "grid",
        "aria-labelledby": "calendar-period",
        ref: (/** @type {any} */ found) => void (element = found ?? element),
        ...drag,
        onFocusin: (/** @type {FocusEvent} */ event) => {
          const day = dayAt(event);
          if (day) calendar.focused.value = day;
        },
      }, [
        h(
          "div",
          { role: "row", class: "weekdays" },
          weeks[0].map((day) =>
            h(
              "div",
              { role: "columnheader", key: day, "aria-label": dayText(day, { weekday: "long" }) },
              dayText(day, { weekday: "short" }),
            )
          ),
        ),
        weeks.map((week) =>
          h(
            "div",
            {
              role: "row",
              class: "week",
              key: week[0],
              "aria-label": t("calendar.week", { day: dayText(week[0], { day: "numeric", month: "long" }) }),
            },
            week.map((day) =>
              h(CalendarDay, {
                key: day,
                day,
                tasks: calendar.byDay.value.get(day) ?? [],
                most: isWeek ? Infinity : most.value,
                isOutside: !isWeek && !day.startsWith(month),
                isCurrent: day === current,
                carried: among(day, calendar.carried.value?.id),
                opened: among(day, openTask.value),
                choosing: among(day, calendar.choosing.value?.id),
                chooser: calendar.chooser,
                class: { "day-target": day === target.value },
                onOpen: (/** @type {string} */ opened) => emit("open", opened),
              })
            ),
          )
        ),
      ]);
    };
  },
});
