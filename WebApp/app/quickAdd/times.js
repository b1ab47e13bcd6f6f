// The words that name a time of day, with its zone, or a moment: `5 pm`, `17:30 Europe/Berlin`, `in 20 minutes`.
import { isTimeZone } from "./clock.js";
import { units } from "./dayWords.js";
import { lowered } from "./line.js";

/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {import("./clock.js").Zone} Zone */
/** @typedef {{minutes: number | null, zone?: Zone, end: number}} TimeReading */

/**
 * So many minutes or hours from now.
 * @param {string[]} lower the words in small letters
 * @param {number} from
 * @param {Clock} clock
 */
export function momentAt(lower, from, clock) {
  const [word, number, name] = lower.slice(from, from + 3);
  const unit = units.get(name ?? "");
  if (word !== "in" || !/^\d{1,4}$/.test(number ?? "") || (unit !== "minute" && unit !== "hour")) return undefined;
  return { end: from + 3, value: clock.after(Number(number) * (unit === "hour" ? 60 : 1)) };
}

/**
 * The time of day that the words from there on name.
 * @param {string[]} words as they were written: zones have capitals
 * @param {string[]} lower the same in small letters
 * @param {number} from
 * @returns {TimeReading | undefined}
 */
export function timeAt(words, lower, from) {
  let end = from + 1;
  /** @type {number | null} */
  let minutes;
  if (lower[from] === "noon") {
    minutes = 12 * 60;
  } else {
    const match = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(lower[from] ?? "");
    if (!match) return undefined;
    let half = match[3];
    if (!half && (lower[end] === "am" || lower[end] === "pm")) {
      half = lower[end];
      end += 1;
    }
    if (!half && match[2] === undefined) return undefined;
    minutes = minutesOfDay(Number(match[1]), Number(match[2] ?? 0), half);
  }
  const zone = zoneOf(words[end] ?? "");
  if (zone === undefined) return { minutes, end };
  return { minutes: zone === null ? null : minutes, zone: zone ?? undefined, end: end + 1 };
}

/**
 * @param {string} text
 * @returns {Zone | null | undefined} `null`: none such
 */
function zoneOf(text) {
  if (lowered(text) === "utc") return { offset: 0 };
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(text);
  if (match) {
    const offset = Number(match[2]) * 60 + Number(match[3]);
    return Number(match[3]) < 60 && offset <= 14 * 60 ? { offset: match[1] === "-" ? -offset : offset } : null;
  }
  return /^[A-Z][A-Za-z_]*(\/[A-Z][A-Za-z0-9_+-]*)+$/.test(text) && isTimeZone(text) ? { name: text } : undefined;
}

/**
 * @param {number} hour
 * @param {number} minute
 * @param {string | undefined} half am, pm, or none
 */
function minutesOfDay(hour, minute, half) {
  if (minute > 59 || (half ? hour < 1 || hour > 12 : hour > 23)) return null;
  return (half ? (hour % 12) + (half === "pm" ? 12 : 0) : hour) * 60 + minute;
}
