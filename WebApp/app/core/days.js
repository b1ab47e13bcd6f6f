// Days, local times and instants, in any time zone and across changes of the clock. A day is a text such as 2026-11-20.

const dayLength = 86_400_000;

/** @param {string} day @param {number} days */
export const addDays = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * dayLength).toISOString().slice(0, 10);

/** 1 is Monday, 7 Sunday. @param {string} day */
export const weekdayOf = (day) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * What the clock there shows at an instant, as if it were UTC.
 * @param {number} instant milliseconds
 * @param {string} zone
 */
function shown(instant, zone) {
  let format = formats.get(zone);
  if (!format) {
    const numeric = /** @type {const} */ ("numeric");
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formats.set(zone, format);
  }
  /** @type {Record<string, number>} */
  const part = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const milliseconds = ((instant % 1000) + 1000) % 1000;
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second, milliseconds);
}

/**
 * The instant at which the clock there shows a time of a day. A time that a change of the clock skips goes forward by what is skipped; of one
 * that comes twice it is the first.
 * @param {string} day
 * @param {number} time milliseconds since midnight by the clock
 * @param {string} zone
 */
export function instantAt(day, time, zone) {
  const wanted = Date.parse(`${day}T00:00:00Z`) + time;
  const before = wanted - (shown(wanted - dayLength, zone) - (wanted - dayLength));
  const after = wanted - (shown(wanted + dayLength, zone) - (wanted + dayLength));
  const fitting = [before, after].filter((instant) => shown(instant, zone) === wanted);
  return new Date(fitting.length ? Math.min(...fitting) : before);
}

/** @param {string} day @param {string} zone */
export const startOfDay = (day, zone) => instantAt(day, 0, zone);

/**
 * What the clock there shows, in milliseconds since midnight.
 * @param {string | number | Date} instant
 * @param {string} zone
 */
export const timeOfDay = (instant, zone) => (shown(Number(new Date(instant)), zone) % dayLength + dayLength) % dayLength;

/**
 * The bounds of some days for the filters `…_after` and `…_before`, which leave their own instant out: the first one is the last microsecond
 * before the days, the second the first instant behind them.
 * @param {string} first
 * @param {string} last
 * @param {string} zone
 */
export function daysAsBounds(first, last, zone) {
  const before = new Date(Number(startOfDay(first, zone)) - 1).toISOString().replace("Z", "999Z");
  return { after: before, before: startOfDay(addDays(last, 1), zone).toISOString() };
}

/**
 * The instant of a time on a day.
 * @param {string} day
 * @param {string} time such as 17:30
 * @param {string} zone
 */
export const instantOf = (day, time, zone) => instantAt(day, Date.parse(`1970-01-01T${time.slice(0, 5)}:00Z`), zone).toISOString();

/** The time that the clock there shows, such as 17:30. @param {string} instant @param {string} zone */
export const clockTime = (instant, zone) => new Date(timeOfDay(instant, zone)).toISOString().slice(11, 16);
