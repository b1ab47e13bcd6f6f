// The calendar by the keyboard: arrows walk from day to day, Space picks a task up and puts it down, Escape gives up.
import { addCommands, useCommands } from "../../core/commands.js";
import { today } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { firstWeekday } from "../../core/preferences.js";
import { go } from "../../core/router.js";
import { dueDay } from "../../tasks/filters.js";
import { tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { nextTick, ref, watch } from "../../vue.js";
import { dayByKey } from "./days.js";
import { fullDay } from "./useCalendar.js";

/** @param {import("./useCalendar.js").Calendar} calendar */
export function useCalendarKeys(calendar) {
  /** What is said, and shown, of the task under way. */
  const words = ref("");
  let isStepping = false;

  const active = () => /** @type {HTMLElement | null} */ (document.activeElement);
  const isFree = () => !document.querySelector("dialog[open], .popover");
  const onChip = () => active()?.matches(".day-chip .day-task") ?? false;
  const onGrid = () => onChip() || (active()?.matches(".day-number") ?? false);
  const onTask = () => active()?.matches(".day-task") ?? false;
  const currentID = () => Number(active()?.closest("[data-id]")?.getAttribute("data-id"));
  const currentDay = () => active()?.closest("[data-day]")?.getAttribute("data-day") ?? calendar.focused.value;

  /** @param {string} name */
  const focus = (name) => /** @type {HTMLElement | null} */ (document.querySelector(`.calendar-view [data-focus="${name}"]`))?.focus();

  /** Shows a day, if it is not in sight, and then puts the focus. @param {string} day @param {string} name */
  async function focusOn(day, name) {
    calendar.focused.value = day;
    const { weeks, isWeek } = calendar.period.value;
    if (isWeek ? !calendar.isInSight(day) : !weeks.flat().includes(day)) calendar.show(day, { replace: true });
    await nextTick();
    focus(name);
  }

  function pickUp() {
    const id = currentID();
    calendar.carried.value = { id, day: currentDay() };
    words.value = t("calendar.picked", { title: tasks.get(id)?.title, day: fullDay(currentDay()) });
    nextTick(() => focus(`task-${id}`));
  }

  async function press(/** @type {string} */ key) {
    const isRightToLeft = getComputedStyle(document.documentElement).direction === "rtl";
    const grid = { firstWeekday: firstWeekday(), isWeek: calendar.period.value.isWeek, isRightToLeft };
    const carried = calendar.carried.value;
    if (carried) {
      const day = dayByKey(key, carried.day, grid);
      if (!day) return;
      isStepping = true;
      calendar.carried.value = { id: carried.id, day };
      words.value = t("calendar.step", { title: tasks.get(carried.id)?.title, day: fullDay(day) });
      await focusOn(day, `task-${carried.id}`);
      isStepping = false;
      return;
    }
    if (onChip() && (key === "ArrowDown" || key === "ArrowUp")) return walk(key === "ArrowDown" ? 1 : -1);
    const day = dayByKey(key, currentDay(), grid);
    if (day) await focusOn(day, `day-${day}`);
  }

  /** Within the day: its number, its tasks, what opens the rest. @param {number} step */
  function walk(step) {
    const stops =
      /** @type {HTMLElement[]} */ ([...active()?.closest("[data-day]")?.querySelectorAll(".day-number, .day-task, .day-more") ?? []]);
    stops[stops.indexOf(/** @type {HTMLElement} */ (active())) + step]?.focus();
  }

  function drop() {
    const carried = calendar.carried.value;
    if (!carried) return;
    isStepping = true;
    calendar.carried.value = null;
    words.value = "";
    calendar.moveTo(carried.id, carried.day);
    focusOn(carried.day, `task-${carried.id}`).then(() => {
      isStepping = false;
      // It may stand behind “+3 more” now.
      if (currentID() !== carried.id) focus(`day-${carried.day}`);
    });
  }

  async function giveUp() {
    const carried = calendar.carried.value;
    if (!carried) return;
    const task = tasks.get(carried.id);
    const day = (task && dueDay(task)) ?? carried.day;
    isStepping = true;
    calendar.carried.value = null;
    words.value = t("calendar.gaveUp", { title: task?.title, day: fullDay(day) });
    await focusOn(day, `task-${carried.id}`);
    isStepping = false;
    if (currentID() !== carried.id) focus(`day-${day}`);
  }

  /**
   * @param {string} name @param {string[]} keys @param {() => void} run @param {() => boolean} when
   * @returns {import("../../core/commands.js").Command}
   */
  const command = (name, keys, run, when, isHidden = true) => ({
    id: `calendar.${name}`,
    label: t(`calendar.key.${name}`),
    group: t("keys.calendar"),
    keys,
    run,
    when,
    isHidden,
  });
  // The newest command with a key has it: while a task is under way Escape is for it, and not for the one that is open beside.
  watch(() => calendar.carried.value !== null, (/** @type {boolean} */ isUnderWay, _, onCleanup) => {
    if (isUnderWay) onCleanup(addCommands(command("giveUp", ["Escape"], giveUp, onChip)));
  }, { flush: "sync" });
  useCommands(
    command("today", ["t"], () => focusOn(today(), `day-${today()}`), isFree, false),
    command("next", ["n"], () => go(calendar.beside(1)), isFree, false),
    command("previous", ["p"], () => go(calendar.beside(-1)), isFree, false),
    command("layout", ["w"], () => go(calendar.layouts()[calendar.period.value.isWeek ? "month" : "week"]), isFree, false),
    ...["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "PageDown", "PageUp"].map((key) =>
      command(`walk.${key}`, [key], () => press(key), onGrid)
    ),
    command("pick", ["Space"], () => calendar.carried.value ? drop() : pickUp(), onChip),
    command(
      "moveTo",
      ["m"],
      () => /** @type {HTMLElement | null} */ (active()?.closest("[data-id]")?.querySelector(".picker button"))?.click(),
      onTask,
    ),
    command("complete", ["e"], () => {
      const task = tasks.get(currentID());
      if (task) toggleCompleted(task);
    }, onTask),
  );

  return {
    words,
    /** Who goes elsewhere with a task in the hand gives up. */
    onFocusout() {
      if (!calendar.carried.value || isStepping) return;
      nextTick(() => {
        if (!calendar.carried.value || isStepping || !document.hasFocus() || currentID() === calendar.carried.value.id) return;
        calendar.carried.value = null;
        words.value = "";
      });
    },
  };
}
