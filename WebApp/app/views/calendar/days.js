// Which days a month or a week shows, and where a key leads from a day. Days are texts such as 2026-11-20, so no time zone is involved.
import { addDays, instantAt, timeOfDay, weekdayOf } from "../../core/days.js";

/**
 * @param {string} day
 * @param {number} firstWeekday 1 is Monday, 7 Sunday
 */
export const weekStart = (day, firstWeekday) => addDays(day, -((weekdayOf(day) - firstWeekday + 7) % 7));

/** @param {string} day @param {number} firstWeekday */
export const weekOf = (day, firstWeekday) => Array.from({ length: 7 }, (_, place) => addDays(weekStart(day, firstWeekday), place));

/**
 * The weeks that hold the days of a month, four to six.
 * @param {string} month such as 2026-11
 * @param {number} firstWeekday
 */
export function weeksOf(month, firstWeekday) {
  const weeks = [];
  const end = plusMonths(month, 1);
  for (let day = weekStart(`${month}-01`, firstWeekday); day.slice(0, 7) < end; day = addDays(day, 7)) {
    weeks.push(weekOf(day, firstWeekday));
  }
  return weeks;
}

/** @param {string} month @param {number} count */
export function plusMonths(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/**
 * The same day of another month, or the last one there.
 * @param {string} day
 * @param {number} count
 */
export function sameDayOf(day, count) {
  const month = plusMonths(day.slice(0, 7), count);
  const last = addDays(`${plusMonths(month, 1)}-01`, -1);
  const wanted = `${month}-${day.slice(8)}`;
  return wanted < last ? wanted : last;
}

/** A real day of the years that a calendar shows. @param {string | null} text */
export function isDay(text) {
  if (!text || !/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(Number(date)) && date.toISOString().slice(0, 10) === text;
}

/** @param {string | null} text */
export const isMonth = (text) => isDay(`${text}-01`);

/**
 * Where a key leads from a day in the grid; null when the key has no meaning there.
 * @param {string} key
 * @param {string} day
 * @param {{ firstWeekday: number, isWeek: boolean, isRightToLeft?: boolean }} grid
 */
export function dayByKey(key, day, { firstWeekday, isWeek, isRightToLeft = false }) {
  const ahead = isRightToLeft ? -1 : 1;
  switch (key) {
    case "ArrowRight":
      return addDays(day, ahead);
    case "ArrowLeft":
      return addDays(day, -ahead);
    case "ArrowDown":
      return addDays(day, 7);
    case "ArrowUp":
      return addDays(day, -7);
    case "Home":
      return weekStart(day, firstWeekday);
    case "End":
      return addDays(weekStart(day, firstWeekday), 6);
    case "PageDown":
      return isWeek ? addDays(day, 7) : sameDayOf(day, 1);
    case "PageUp":
      return isWeek ? addDays(day, -7) : sameDayOf(day, -1);
    default:
      return null;
  }
}

/**
 * The change that makes a task due on another day: a time of day stays by the clock of the zone, a day stays a day.
 * @param {{ due_at: string | null, due_on: string | null }} task
 * @param {string} day
 * @param {string} zone
 * @returns {{ due_at: string } | { due_on: string }}
 */
export const onDay = (task, day, zone) =>
  task.due_at ? { due_at: instantAt(day, timeOfDay(task.due_at, zone), zone).toISOString() } : { due_on: day };
