// The window of a day: all its tasks, and a box that adds one to it.
import { Popover } from "../../components/Popover.js";
import { t } from "../../core/messages.js";
import { openTask } from "../../core/router.js";
import { QuickAdd } from "../../quickAdd/QuickAdd.js";
import { defineComponent, h, nextTick, watch } from "../../vue.js";
import { CalendarTask } from "./CalendarTask.js";
import { fullDay } from "./useCalendar.js";

export const DayWindow = defineComponent({
  name: "DayWindow",
  props: {
    day: { type: String, required: true },
    /** @type {any} Task[] */
    tasks: { type: Array, required: true },
    anchor: { type: Object, required: true },
  },
  emits: ["close"],
  setup(props, { emit }) {
    /** @type {HTMLElement | null} */
    let body = null;
    watch(() => props.tasks, async () => {
      await nextTick();
      // The row that had the focus went to another day.
      if (document.activeElement === document.body) body?.querySelector("input")?.focus();
    }, { flush: "post" });

    return () =>
      h(Popover, { label: fullDay(props.day), anchor: props.anchor, onClose: () => emit("close") }, {
        default: () =>
          h("div", {
            class: "day-window",
            ref: (/** @type {any} */ element) => void (body = element),
            onClick: (/** @type {any} */ event) => event.target.closest("a") && emit("close"),
          }, [
            h("h3", fullDay(props.day)),
            h(QuickAdd, { defaults: { due_on: props.day }, place: "-day" }),
            props.tasks.length
              ? h(
                "ul",
                props.tasks.map((/** @type {any} */ task) =>
                  h(CalendarTask, { key: task.id, task, isRow: true, isOpen: task.id === openTask.value })
                ),
              )
              : h("p", { class: "hint" }, t("calendar.day.empty")),
          ]),
      });
  },
});
