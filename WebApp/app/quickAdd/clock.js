// Days, times and time zones in numbers, and what they mean now.

/** @typedef {import("./dayWords.js").DayReading} DayReading */
/** @typedef {import("./grammar.js").Due} Due */
/** @typedef {import("./grammar.js").Options} Options */
/** @typedef {import("./times.js").TimeReading} TimeReading */
/** @typedef {{offset: number} | {name: string}} Zone minutes east of UTC, or an IANA name */

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const minute = 60_000;
const dayLength = 86_400_000;

export const mod = (/** @type {number} */ number, /** @type {number} */ by) => ((number % by) + by) % by;
/** Days since Monday; 1970-01-01 was a Thursday. */
export const dayOfWeek = (/** @type {number} */ day) => mod(day + 3, 7);
const civil = (/** @type {number} */ day) => {
  const date = new Date(day * dayLength);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};
const lastDay = (/** @type {number} */ year, /** @type {number} */ month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
export const existing = (/** @type {number} */ day) => (civil(day).year <= 9999 ? day : null);

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
export function dayNumber(year, month, day) {
  return Date.UTC(year, month - 1, day) / dayLength;
}

/**
 * The year and month so many months after those of a day.
 * @param {number} day
 * @param {number} count
 * @returns {[number, number]}
 */
export function inMonths(day, count) {
  const { year, month } = civil(day);
  const number = year * 12 + month - 1 + count;
  return [Math.floor(number / 12), (number % 12) + 1];
}

/**
 * @param {number} day
 * @param {number} count
 * @param {string} unit
 */
export function later(day, count, unit) {
  if (unit === "day" || unit === "week") return day + count * (unit === "week" ? 7 : 1);
  const [year, month] = inMonths(day, unit === "year" ? count * 12 : count);
  return dayNumber(year, month, Math.min(civil(day).day, lastDay(year, month)));
}

const formats = new Map();

/** @param {string} name */
function format(name) {
  let known = formats.get(name);
  if (!known) {
    known = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(name, known);
  }
  return known;
}

/** @param {string} name */
export function isTimeZone(name) {
  try {
    format(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Milliseconds that clocks there are ahead of UTC.
 * @param {Zone} zone
 * @param {number} instant
 */
function offset(zone, instant) {
  if ("offset" in zone) return zone.offset * minute;
  /** @type {Record<string, number>} */
  const parts = {};
  for (const { type, value } of format(zone.name).formatToParts(instant)) parts[type] = Number(value);
  const shown = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return shown - Math.floor(instant / 1000) * 1000;
}

/** What time it is, and what days and times mean now. */
export class Clock {
  /** @param {Options} options */
  constructor(options) {
    this.now = new Date(options.now).getTime();
    /** @type {Zone} */
    this.zone = { name: options.timeZone };
    this.today = this.#dayIn(this.zone);
    this.dateOrder = options.dateOrder ?? null;
    this.firstWeekday = weekdays.indexOf(options.firstWeekday ?? "monday");
  }

  /** @param {Zone} zone */
  #dayIn(zone) {
    return Math.floor((this.now + offset(zone, this.now)) / dayLength);
  }

  /**
   * The day with that date; without a year the next one, today among them.
   * @param {number | undefined} year
   * @param {number} month
   * @param {number} day
   */
  day(year, month, day) {
    if (month < 1 || month > 12 || day < 1) return null;
    if (year !== undefined) return day <= lastDay(year, month) ? dayNumber(year, month, day) : null;
    const first = civil(this.today).year;
    // 29 February comes within eight years, as after 2096.
    for (let each = first; each <= first + 8; each += 1) {
      if (day <= lastDay(each, month) && dayNumber(each, month, day) >= this.today) return existing(dayNumber(each, month, day));
    }
    return null;
  }

  /**
   * So many minutes from now; seconds are cut.
   * @param {number} minutes
   */
  after(minutes) {
    return at(Math.floor(this.now / minute + minutes) * minute);
  }

  /**
   * @param {DayReading} day
   * @param {TimeReading | undefined} time
   * @returns {Due | null}
   */
  due(day, time) {
    const minutes = time ? time.minutes : day.time;
    if (day.value === null || minutes === null) return null;
    if (minutes === undefined) return { due_on: new Date(day.value * dayLength).toISOString().slice(0, 10) };
    return at(instant(day.value, minutes, time?.zone ?? this.zone));
  }

  /**
   * The next time that clocks show that time.
   * @param {TimeReading} time
   */
  next(time) {
    if (time.minutes === null) return null;
    const zone = time.zone ?? this.zone;
    const today = instant(this.#dayIn(zone), time.minutes, zone);
    return at(today > this.now ? today : instant(this.#dayIn(zone) + 1, time.minutes, zone));
  }
}

/**
 * The instant at which clocks show that time: of two the first; of none, what the clock before the change would have shown then.
 * @param {number} day
 * @param {number} minutes
 * @param {Zone} zone
 */
function instant(day, minutes, zone) {
  const shown = day * dayLength + minutes * minute;
  const before = offset(zone, shown - dayLength);
  const after = offset(zone, shown + dayLength);
  const fits = [before, after].find((each) => offset(zone, shown - each) === each);
  return shown - (fits ?? before);
}

/**
 * @param {number} instant
 * @returns {Due | null}
 */
function at(instant) {
  const text = new Date(instant).toISOString();
  return /^\d{4}-/.test(text) ? { due_at: text } : null;
}
