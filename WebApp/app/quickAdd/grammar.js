// Reads a line of quick add: the title of a task and what its words say of it.
// Sources/Model/QuickAdd/ reads the same grammar; Tests/Examples/quick-add.json holds the examples of both.
import { Chips } from "./chips.js";
import { Clock } from "./clock.js";
import { DueSearch } from "./dueSearch.js";
import { Line } from "./line.js";

/** @typedef {import("./line.js").Token} Token */
/** @typedef {import("./dueSearch.js").DueReading} DueReading */
/** @typedef {"due" | "label" | "assignee" | "priority" | "status" | "description" | "quoted"} Kind */
/** @typedef {{start: number, end: number, kind: Kind, text: string}} Range offsets in UTF-16 units of the input */
/** @typedef {{due_on: string} | {due_at: string}} Due a day, or an instant (RFC 3339 in UTC) */
/** @typedef {{start: number, end: number} & Due} Offer a date in the middle of the title, which is taken only when somebody says so */

/**
 * @typedef {object} Options
 * @property {Date | string} now
 * @property {string} timeZone an IANA name
 * @property {"dmy" | "mdy" | "ymd" | null} [dateOrder] how 1/2 is meant; without it only dates that can be one day are read
 * @property {"monday" | "saturday" | "sunday"} [firstWeekday] Monday without it
 * @property {string | null} [me] who is meant by `@me`; without it the assignee is `me`
 * @property {(name: string) => number | undefined} [count] how many active people have that username or full name; a name of which
 *   nothing is known yet is taken
 */

/**
 * @typedef {object} Fields
 * @property {string} title empty when nothing but chips was written
 * @property {string} [description]
 * @property {"pending" | "in_progress" | "completed"} [status]
 * @property {"low" | "medium" | "high" | "critical"} [priority]
 * @property {string[]} [labels]
 * @property {string} [assignee] the name as it was written
 * @property {string} [due_on]
 * @property {string} [due_at]
 */

/** @typedef {{fields: Fields, hints: string[], ranges: Range[], offered: Offer | null}} Result */

/**
 * @param {string} text
 * @param {Options} options
 * @returns {Result}
 */
export function parse(text, options) {
  const line = new Line(text);
  const chips = new Chips(line.tokens, options);
  const date = new DueSearch(chips.words, new Clock(options)).result();

  const taken = new Set(date.due ? chips.words.slice(date.due.from, date.due.to) : []);
  const kept = chips.words.filter((word) => !taken.has(word));
  const title = line.quotedTitle ?? kept.map((word, index) => (index === 0 ? "" : line.gapBefore(word)) + word.text).join("");

  const hints = [...chips.hints, ...date.hints];
  if (title === "") hints.push("the title is missing");
  /** @type {Fields} */
  const fields = { title };
  if (line.description) fields.description = line.description;
  if (chips.status) fields.status = chips.status;
  if (chips.priority) fields.priority = chips.priority;
  if (chips.labels.length > 0) fields.labels = chips.labels;
  if (chips.assignee !== undefined) fields.assignee = chips.assignee;
  if (date.due) Object.assign(fields, date.due.value);

  const ranges = [...line.ranges, ...chips.ranges, ...dueRanges(text, line.tokens, taken)].sort((a, b) => a.start - b.start);
  return { fields, hints: [...new Set(hints)], ranges, offered: offer(date.offered, chips.words) };
}

/**
 * @param {DueReading | undefined} reading
 * @param {Token[]} words
 * @returns {Offer | null}
 */
function offer(reading, words) {
  if (!reading?.value) return null;
  return { start: words[reading.from].start, end: words[reading.to - 1].end, ...reading.value };
}

/**
 * The words of a due date that stand beside each other are one range.
 * @param {string} text
 * @param {Token[]} tokens
 * @param {Set<Token>} taken
 * @returns {Range[]}
 */
function dueRanges(text, tokens, taken) {
  /** @type {Range[]} */
  const ranges = [];
  let isInside = false;
  for (const token of tokens) {
    const last = ranges.at(-1);
    if (!taken.has(token)) {
      isInside = false;
    } else if (isInside && last) {
      last.end = token.end;
    } else {
      ranges.push({ start: token.start, end: token.end, kind: "due", text: "" });
      isInside = true;
    }
  }
  for (const range of ranges) range.text = text.slice(range.start, range.end);
  return ranges;
}
