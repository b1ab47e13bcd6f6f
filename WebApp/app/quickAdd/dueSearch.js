// Looks where in a title its due date stands: at the end, at the start, or in the middle, where it is only offered.
import { dayAt } from "./dayWords.js";
import { lowered } from "./line.js";
import { momentAt, timeAt } from "./times.js";

/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {import("./grammar.js").Due} Due */
/** @typedef {import("./line.js").Token} Token */
/** @typedef {{from: number, to: number, value: Due | null, hint?: string}} DueReading words from … to, `null`: none such */

const prefixes = new Set(["on", "by", "due", "at"]);
/** A date after one of these belongs to the sentence. */
const ties = new Set([
  "to",
  "from",
  "until",
  "till",
  "since",
  "for",
  "of",
  "than",
  "vs",
  "or",
  "and",
  "every",
  "each",
  "per",
  "after",
  "last",
]);
/** A date before one of these is half of what is said. */
const joints = new Set(["to", "until", "till", "or", "and", "vs"]);
/** Words of the longest date: `on December 25 2030 at 5 pm Europe/Berlin`. */
const longestDate = 8;

/** Looks for the due date among the words of a title. */
export class DueSearch {
  /**
   * @param {Token[]} words
   * @param {Clock} clock
   */
  constructor(words, clock) {
    this.words = words.map((word) => (word.isLiteral || word.text.length > 64 ? "" : word.text));
    this.lower = this.words.map(lowered);
    this.clock = clock;
  }

  /** @returns {{due?: DueReading, offered?: DueReading, hints: string[]}} */
  result() {
    const count = this.words.length;
    for (let from = Math.max(0, count - longestDate); from < count; from += 1) {
      const reading = this.#due(from);
      if (reading?.to !== count) continue;
      if (reading.value && from > 0 && !this.#isTied(reading)) return { due: reading, hints: [] };
      break;
    }
    const first = this.#due(0);
    if (first?.value && first.to < count && !this.#isTied(first)) return { due: first, hints: [] };

    /** @type {DueReading | undefined} */
    let offered;
    const hints = [];
    for (let from = 0; from < count;) {
      const reading = this.#due(from);
      if (reading?.hint) hints.push(reading.hint);
      if (reading?.value && this.#isTied(reading)) hints.push("a date was left in the title");
      else if (reading?.value && (from > 0 || reading.to < count)) offered = reading;
      from = reading?.to ?? from + 1;
    }
    return { offered, hints };
  }

  /** @param {DueReading} reading */
  #isTied(reading) {
    return ties.has(this.lower[reading.from - 1] ?? "") || joints.has(this.lower[reading.to] ?? "");
  }

  /**
   * @param {number} from
   * @returns {DueReading | undefined}
   */
  #due(from) {
    const { words, lower, clock } = this;
    const hasPrefix = prefixes.has(lower[from]);
    const start = hasPrefix ? from + 1 : from;
    const moment = momentAt(lower, start, clock);
    if (moment) return { from, to: moment.end, value: moment.value };
    const day = dayAt(lower, start, clock);
    if (day) {
      const time = timeAt(words, lower, lower[day.end] === "at" ? day.end + 1 : day.end);
      if (day.isWord && !hasPrefix && !time) return undefined;
      return { from, to: time?.end ?? day.end, hint: day.hint, value: clock.due(day, time) };
    }
    const time = timeAt(words, lower, start);
    if (!time) return undefined;
    const after = dayAt(lower, lower[time.end] === "on" ? time.end + 1 : time.end, clock);
    if (after) return { from, to: after.end, hint: after.hint, value: clock.due(after, time) };
    return { from, to: time.end, value: clock.next(time) };
  }
}
