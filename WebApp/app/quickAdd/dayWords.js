// The words that name a day: `tomorrow`, `next friday`, `in 3 weeks`, `25 dec`, `2030-01-31`.
import { dayNumber, dayOfWeek, existing, inMonths, later, mod, weekdays } from "./clock.js";

/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {{value: number | null, end: number, time?: number, isWord?: boolean, hint?: string}} DayReading day number, `null`: none such */

/** Days of the week since Monday, by every name of theirs. */
const weekdayNames = new Map([
  ...weekdays.map((name, index) => /** @type {[string, number]} */ ([name, index])),
  ...weekdays.map((name, index) => /** @type {[string, number]} */ ([name.slice(0, 3), index])),
  ["tues", 1],
  ["thur", 3],
  ["thurs", 3],
]);
/** Short names that are words too. */
const wordsToo = new Set(["wed", "sat", "sun"]);
const months = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const monthNames = new Map([
  ...months.map((name, index) => /** @type {[string, number]} */ ([name, index + 1])),
  ...months.map((name, index) => /** @type {[string, number]} */ ([name.slice(0, 3), index + 1])),
  ["sept", 9],
]);
export const units = new Map(
  Object.entries({
    minute: "minute minutes min mins",
    hour: "hour hours hr hrs",
    day: "day days",
    week: "week weeks",
    month: "month months",
    year: "year years",
  }).flatMap(([unit, names]) => names.split(" ").map((name) => /** @type {[string, string]} */ ([name, unit]))),
);

/**
 * The day that the words from there on name.
 * @param {string[]} lower the words in small letters
 * @param {number} from
 * @param {Clock} clock
 * @returns {DayReading | undefined}
 */
export function dayAt(lower, from, clock) {
  const { today } = clock;
  const word = lower[from] ?? "";
  const next = lower[from + 1] ?? "";
  const third = lower[from + 2] ?? "";
  const weekday = weekdayNames.get(word);
  if (weekday !== undefined) {
    return { value: today + 1 + mod(weekday - dayOfWeek(today + 1), 7), end: from + 1, isWord: wordsToo.has(word) };
  }
  switch (word) {
    case "today":
      return { value: today, end: from + 1 };
    case "tonight":
      return { value: today, end: from + 1, time: 20 * 60 };
    case "tomorrow":
      if (next === "morning" || next === "evening") return { value: today + 1, end: from + 2, time: (next === "morning" ? 9 : 19) * 60 };
      return { value: today + 1, end: from + 1 };
    case "this":
      return thisOne(next, from + 2, clock);
    case "next":
      return nextOne(next, from + 2, clock);
    case "end":
      if (next !== "of" || third !== "month") return undefined;
      return { value: dayNumber(...inMonths(today, 1), 1) - 1, end: from + 3 };
    case "in": {
      const unit = units.get(third);
      if (!/^\d{1,4}$/.test(next) || !unit || unit === "minute" || unit === "hour") return undefined;
      return { value: existing(later(today, Number(next), unit)), end: from + 3 };
    }
    default:
      return numberedDay(word, from + 1, clock) ?? namedMonth(lower, from, clock);
  }
}

/**
 * @param {string} name
 * @param {number} end
 * @param {Clock} clock
 * @returns {DayReading | undefined}
 */
function thisOne(name, end, { today }) {
  const weekday = weekdayNames.get(name);
  if (weekday !== undefined) return { value: today + mod(weekday - dayOfWeek(today), 7), end };
  // On a Sunday the weekend is that day.
  if (name === "weekend") return { value: dayOfWeek(today) === 6 ? today : today + 5 - dayOfWeek(today), end };
  return undefined;
}

/**
 * @param {string} name
 * @param {number} end
 * @param {Clock} clock
 * @returns {DayReading | undefined}
 */
function nextOne(name, end, { today, firstWeekday }) {
  const week = today + 7 - mod(dayOfWeek(today) - firstWeekday, 7);
  const weekday = weekdayNames.get(name);
  if (weekday !== undefined) return { value: week + mod(weekday - firstWeekday, 7), end };
  if (name === "week") return { value: week, end };
  if (name === "month") return { value: dayNumber(...inMonths(today, 1), 1), end };
  return undefined;
}

/**
 * `25 dec`, `December 25 2030`.
 * @param {string[]} lower
 * @param {number} from
 * @param {Clock} clock
 * @returns {DayReading | undefined}
 */
function namedMonth(lower, from, clock) {
  const [first, second, third] = lower.slice(from, from + 3);
  const isDayFirst = /^\d{1,2}$/.test(first ?? "");
  const month = monthNames.get((isDayFirst ? second : first) ?? "");
  const day = isDayFirst ? first : second;
  if (month === undefined || !/^\d{1,2}$/.test(day ?? "")) return undefined;
  const hasYear = yearPattern.test(third ?? "");
  const year = hasYear ? Number(third) : undefined;
  return { value: clock.day(year, month, Number(day)), end: from + (hasYear ? 3 : 2) };
}

/** Years from 1900 on: an earlier one is a number or of a title. */
const yearPattern = /^(?:19|[2-9]\d)\d\d$/;

/**
 * @param {string} word
 * @param {number} end
 * @param {Clock} clock
 * @returns {DayReading | undefined}
 */
function numberedDay(word, end, clock) {
  const parts = word.split(/[-./]/);
  const separator = /[-./]/.exec(word)?.[0];
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^(?:\d{1,2}|\d{4}|)$/.test(part))) return undefined;
  const shape = parts.map((part) => (part.length === 4 ? "y" : part.length > 0 ? "n" : "")).join(separator);
  if ((word.match(/[-./]/g) ?? []).some((other) => other !== separator)) return undefined;
  const year = parts.find((part) => part.length === 4);
  if (year !== undefined && !yearPattern.test(year)) return undefined;
  const years = year === undefined ? undefined : Number(year);
  const [a, b, c] = parts.map(Number);
  if (shape === "y-n-n" && word.length === 10) return { value: clock.day(years, b, c), end };
  if (shape === "n.n.y" || shape === "n.n.") return { value: clock.day(years, b, a), end };
  if (shape === "y/n/n" && clock.dateOrder === "ymd") return { value: clock.day(years, b, c), end };
  if (shape !== "n/n" && (shape !== "n/n/y" || clock.dateOrder === "ymd")) return undefined;
  const dayFirst = clock.dateOrder === "mdy" || clock.dateOrder === "ymd" ? null : clock.day(years, b, a);
  const monthFirst = clock.dateOrder === "dmy" ? null : clock.day(years, a, b);
  if (dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst) {
    return { value: null, end, hint: `${word} can be two dates: choose your date order in the settings` };
  }
  return { value: dayFirst ?? monthFirst, end };
}
