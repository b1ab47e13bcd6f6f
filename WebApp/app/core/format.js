// Days, times and numbers in the words of the person: their language, time zone, clock and order of dates.
import { language } from "./messages.js";
import { preferences } from "./preferences.js";
import { session } from "./session.js";

export { addDays, weekdayOf } from "./days.js";

const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options */
function format(options) {
  const locale = navigator.languages.find((one) => one.startsWith(language())) ?? language();
  const key = JSON.stringify([locale, options]);
  let found = formats.get(key);
  if (!found) formats.set(key, found = new Intl.DateTimeFormat(locale, options));
  return found;
}

export const timeZone = () => session.user?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
const clock = () => preferences.hour_cycle ? { hourCycle: preferences.hour_cycle } : {};

/** Making one costs more than using it a hundred times. @template T @param {string} key @param {() => T} make @returns {T} */
function once(key, make) {
  const full = `${key} ${language()}`;
  if (!formats.has(full)) formats.set(full, make());
  return formats.get(full);
}
const relative = () => once("relative", () => new Intl.RelativeTimeFormat(language(), { numeric: "auto" }));

/** @param {number} value */
export const number = (value) => once("number", () => new Intl.NumberFormat(language())).format(value);

/**
 * The day that an instant belongs to in the person's time zone, as 2026-11-20.
 * @param {Date | string | number} instant
 */
export function dayOf(instant, zone = timeZone()) {
  const key = `day ${zone}`;
  let found = formats.get(key);
  if (!found) {
    formats.set(key, found = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }));
  }
  return found.format(new Date(instant));
}

/** Asked for several times for each row: it is found once a minute. */
let now = { minute: 0, zone: "", day: "" };
export function today() {
  const minute = Math.floor(Date.now() / 60_000);
  const zone = timeZone();
  if (now.minute !== minute || now.zone !== zone) now = { minute, zone, day: dayOf(minute * 60_000, zone) };
  return now.day;
}

/** Whole days from one day to another. @param {string} from @param {string} to */
export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const shortDay = /** @type {const} */ ({ weekday: "short", day: "numeric", month: "short" });
const dayOfYear = /** @type {const} */ ({ ...shortDay, year: "numeric" });

/** @param {string} day @param {Intl.DateTimeFormatOptions} [options] */
export function day(day, options = day.slice(0, 4) === today().slice(0, 4) ? shortDay : dayOfYear) {
  return format({ timeZone: "UTC", ...options }).format(new Date(`${day}T00:00:00Z`));
}

/** “23–29 November 2026”. @param {string} first @param {string} last */
export function days(first, last) {
  const [from, to] = [first, last].map((day) => new Date(`${day}T00:00:00Z`));
  return format({ timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }).formatRange(from, to);
}

/** @param {string} instant */
export const time = (instant) => format({ timeZone: timeZone(), timeStyle: "short", ...clock() }).format(new Date(instant));

/** @param {string} instant */
export const moment = (instant) =>
  format({ timeZone: timeZone(), dateStyle: "medium", timeStyle: "short", ...clock() }).format(new Date(instant));

/** “yesterday”, “in 3 days”. @param {string} of a day */
export function relativeDay(of) {
  const days = daysBetween(today(), of);
  return Math.abs(days) > 6 ? day(of) : relative().format(days, "day");
}

/** “3 minutes ago”. @param {string} instant */
export function ago(instant) {
  const seconds = (Date.parse(instant) - Date.now()) / 1000;
  const words = relative();
  for (const [unit, size] of /** @type {const} */ ([["day", 86_400], ["hour", 3600], ["minute", 60]])) {
    if (Math.abs(seconds) >= size) {
      return unit === "day" && seconds < -7 * 86_400 ? moment(instant) : words.format(Math.round(seconds / size), unit);
    }
  }
  return words.format(0, "second");
}

/** “a, b and c”. @param {string[]} parts */
export const list = (parts) => new Intl.ListFormat(language()).format(parts);

/** @param {number} bytes */
export function bytes(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1000)));
  return new Intl.NumberFormat(language(), { style: "unit", unit: units[step], maximumFractionDigits: step ? 1 : 0 }).format(
    bytes / 1000 ** step,
  );
}
