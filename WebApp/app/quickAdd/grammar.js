// Reads a line of quick add: the title of a task and what its words say of it.
// Sources/Model/QuickAdd.swift reads the same grammar; Tests/Examples/quick-add.json holds the examples of both.

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

/** @typedef {{start: number, end: number, text: string, isLiteral: boolean}} Token */

const labelLength = 50;
const labelCount = 50;
const fullNameLength = 100;
/** So many names of a line are looked for; what comes after them is text. */
const mentionLimit = 10;

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

// MARK: Tokens

const blank = /[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const lineBreak = /[\n\r\u2028\u2029]/;

/** @param {string | undefined} unit */
const isGap = (unit) => unit === undefined || blank.test(unit) || lineBreak.test(unit);

/** @param {string} text */
function trimmed(text) {
  let start = 0;
  let end = text.length;
  while (start < end && isGap(text[start])) start += 1;
  while (end > start && isGap(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** The first line of the input in tokens, and what is description. */
class Line {
  /** @type {Token[]} */
  tokens = [];
  /** @type {Range[]} */
  ranges = [];
  description = "";
  /** @type {string | undefined} the title of a line that is quoted as a whole */
  quotedTitle;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    let start = 0;
    let end = text.length;
    while (start < end && isGap(text[start])) start += 1;
    while (end > start && isGap(text[end - 1])) end -= 1;
    let lineEnd = start;
    while (lineEnd < end && !lineBreak.test(text[lineEnd])) lineEnd += 1;
    let rest = lineEnd;
    while (rest < end && isGap(text[rest])) rest += 1;
    while (lineEnd > start && isGap(text[lineEnd - 1])) lineEnd -= 1;

    const close = text.indexOf('"', start + 1);
    const quoted = trimmed(text.slice(start + 1, lineEnd - 1));
    let remark = lineEnd;
    if (text[start] === '"' && close === lineEnd - 1 && quoted !== "") {
      this.quotedTitle = quoted;
      this.ranges.push({ start, end: lineEnd, kind: "quoted", text: text.slice(start, lineEnd) });
    } else {
      remark = this.#read(start, lineEnd);
    }

    const parts = [];
    if (remark < lineEnd) parts.push(trimmed(text.slice(remark + 2, lineEnd)));
    if (rest < end) parts.push(text.slice(rest, end));
    this.description = parts.join("\n");
    const from = remark < lineEnd ? remark : rest;
    if (parts.length > 0) this.ranges.push({ start: from, end, kind: "description", text: text.slice(from, end) });
  }

  /** @param {Token} token */
  gapBefore(token) {
    let start = token.start;
    while (start > 0 && isGap(this.text[start - 1])) start -= 1;
    return this.text.slice(start, token.start);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @returns {number} where the description begins, or `end`
   */
  #read(start, end) {
    const { text } = this;
    let position = start;
    while (position < end) {
      if (isGap(text[position])) {
        position += 1;
        continue;
      }
      const from = position;
      if (from > start && text.startsWith("//", from) && from + 2 < end && isGap(text[from + 2])) return from;
      const isEscaped = text[from] === "\\" && from + 1 < end && !isGap(text[from + 1]);
      const opening = text[from] === '"' ? from : (text[from] === "#" || text[from] === "@") && text[from + 1] === '"' ? from + 1 : -1;
      const close = opening < 0 ? -1 : text.indexOf('"', opening + 1);
      const isQuoted = close > opening + 1 && close < end;
      if (isQuoted && (opening === from || close + 1 === end || isGap(text[close + 1]))) position = close + 1;
      while (position < end && !isGap(text[position])) position += 1;
      const isLiteral = isEscaped || (isQuoted && opening === from);
      if (isLiteral && !isEscaped) {
        this.ranges.push({ start: from, end: close + 1, kind: "quoted", text: text.slice(from, close + 1) });
      }
      this.tokens.push({ start: from, end: position, text: text.slice(isEscaped ? from + 1 : from, position), isLiteral });
    }
    return end;
  }
}

// MARK: Sigils

/** @type {Record<string, Fields["priority"]>} */
const priorities = {
  low: "low",
  medium: "medium",
  high: "high",
  critical: "critical",
  4: "low",
  3: "medium",
  2: "high",
  1: "critical",
};
/** @type {Record<string, Fields["status"]>} */
const statuses = {
  todo: "pending",
  pending: "pending",
  doing: "in_progress",
  in_progress: "in_progress",
  done: "completed",
  completed: "completed",
};

/** Letters of ASCII alone: no other letter is made to look like a word of the grammar. */
const lowered = (/** @type {string} */ text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const folded = (/** @type {string} */ text) => text.toLowerCase().toUpperCase().toLowerCase().normalize("NFC");
const characters = (/** @type {string} */ text) => [...text].length;

/** What the tokens with a sigil say; the others are the words of the title. */
class Chips {
  /** @type {Token[]} */
  words = [];
  /** @type {Range[]} */
  ranges = [];
  /** @type {string[]} */
  hints = [];
  /** @type {string[]} */
  labels = [];
  /** @type {Fields["status"]} */
  status;
  /** @type {Fields["priority"]} */
  priority;
  /** @type {string | undefined} */
  assignee;
  #mentions = 0;
  /** @type {Set<string>} */
  #folded = new Set();

  /**
   * @param {Token[]} tokens
   * @param {Options} options
   */
  constructor(tokens, options) {
    for (const token of tokens) {
      const kind = token.isLiteral ? undefined : this.#take(token.text, options);
      if (kind) this.ranges.push({ start: token.start, end: token.end, kind, text: token.text });
      else this.words.push(token);
    }
  }

  /**
   * @param {string} text
   * @param {Options} options
   * @returns {Kind | undefined}
   */
  #take(text, options) {
    const name = text.slice(1);
    switch (text[0]) {
      case "#":
        return this.#takeLabel(name);
      case "@":
        return this.#takeAssignee(name, options);
      case "!": {
        const priority = Object.hasOwn(priorities, lowered(name)) ? priorities[lowered(name)] : undefined;
        if (!priority) return undefined;
        if (this.priority) return this.#leave("a task has one priority");
        this.priority = priority;
        return "priority";
      }
      case "/": {
        const status = Object.hasOwn(statuses, lowered(name)) ? statuses[lowered(name)] : undefined;
        if (!status) return undefined;
        if (this.status) return this.#leave("a task has one status");
        this.status = status;
        return "status";
      }
      default:
        return undefined;
    }
  }

  /** @param {string} hint */
  #leave(hint) {
    this.hints.push(hint);
    return undefined;
  }

  /**
   * @param {string} name
   * @returns {Kind | undefined}
   */
  #takeLabel(name) {
    const quoted = quotedName(name);
    const label = quoted ?? name;
    if (quoted === undefined && !/^\p{L}[^",;!?()[\]{}<>#@\\]*$/u.test(label)) return undefined;
    if (quoted === undefined && /[.:]$/.test(label)) return undefined;
    if (label === "") return undefined;
    if (label.length > 2 * labelLength || characters(label) > labelLength) {
      return this.#leave(`a label has at most ${labelLength} characters`);
    }
    if (!this.#folded.has(folded(label))) {
      if (this.labels.length === labelCount) return this.#leave(`a task has at most ${labelCount} labels`);
      this.#folded.add(folded(label));
      this.labels.push(label);
    }
    return "label";
  }

  /**
   * @param {string} text
   * @param {Options} options
   * @returns {Kind | undefined}
   */
  #takeAssignee(text, options) {
    const quoted = quotedName(text);
    const isMe = lowered(text) === "me";
    const name = quoted ?? text;
    if (quoted === undefined && !isMe && !/^[A-Za-z0-9][A-Za-z0-9._-]{1,30}[A-Za-z0-9]$/.test(name)) return undefined;
    if (name === "" || name.length > 2 * fullNameLength || characters(name) > fullNameLength) return undefined;
    this.#mentions += 1;
    if (this.#mentions > mentionLimit) return undefined;
    const count = isMe ? 1 : (options.count?.(name) ?? 1);
    if (count !== 1) return this.#leave(count === 0 ? `nobody is called ${name}` : `several people are called ${name}`);
    if (this.assignee !== undefined) return this.#leave("a task has one assignee");
    this.assignee = isMe ? (options.me ?? "me") : name;
    return "assignee";
  }
}

/** @param {string} text */
function quotedName(text) {
  return text.length > 2 && text.startsWith('"') && text.endsWith('"') ? trimmed(text.slice(1, -1)) : undefined;
}

// MARK: Dates

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
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
const units = new Map(
  Object.entries({
    minute: "minute minutes min mins",
    hour: "hour hours hr hrs",
    day: "day days",
    week: "week weeks",
    month: "month months",
    year: "year years",
  }).flatMap(([unit, names]) => names.split(" ").map((name) => /** @type {[string, string]} */ ([name, unit]))),
);
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

/** @typedef {{value: number | null, end: number, time?: number, isWord?: boolean, hint?: string}} DayReading day number, `null`: none such */
/** @typedef {{minutes: number | null, zone?: Zone, end: number}} TimeReading */
/** @typedef {{from: number, to: number, value: Due | null, hint?: string}} DueReading words from … to, `null`: none such */

/** Looks for the due date among the words of a title. */
class DueSearch {
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
    const { lower, clock } = this;
    const hasPrefix = prefixes.has(lower[from]);
    const start = hasPrefix ? from + 1 : from;
    const moment = this.#moment(start);
    if (moment) return { from, to: moment.end, value: moment.value };
    const day = this.#day(start);
    if (day) {
      const time = this.#time(lower[day.end] === "at" ? day.end + 1 : day.end);
      if (day.isWord && !hasPrefix && !time) return undefined;
      return { from, to: time?.end ?? day.end, hint: day.hint, value: clock.due(day, time) };
    }
    const time = this.#time(start);
    if (!time) return undefined;
    const after = this.#day(lower[time.end] === "on" ? time.end + 1 : time.end);
    if (after) return { from, to: after.end, hint: after.hint, value: clock.due(after, time) };
    return { from, to: time.end, value: clock.next(time) };
  }

  /**
   * So many minutes or hours from now.
   * @param {number} from
   */
  #moment(from) {
    const [word, number, name] = this.lower.slice(from, from + 3);
    const unit = units.get(name ?? "");
    if (word !== "in" || !/^\d{1,4}$/.test(number ?? "") || (unit !== "minute" && unit !== "hour")) return undefined;
    return { end: from + 3, value: this.clock.after(Number(number) * (unit === "hour" ? 60 : 1)) };
  }

  /**
   * @param {number} from
   * @returns {DayReading | undefined}
   */
  #day(from) {
    const { lower, clock } = this;
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
        return this.#thisOne(next, from + 2);
      case "next":
        return this.#nextOne(next, from + 2);
      case "end":
        if (next !== "of" || third !== "month") return undefined;
        return { value: dayNumber(...inMonths(today, 1), 1) - 1, end: from + 3 };
      case "in": {
        const unit = units.get(third);
        if (!/^\d{1,4}$/.test(next) || !unit || unit === "minute" || unit === "hour") return undefined;
        return { value: existing(later(today, Number(next), unit)), end: from + 3 };
      }
      default:
        return numberedDay(word, from + 1, clock) ?? this.#namedMonth(from);
    }
  }

  /**
   * @param {string} name
   * @param {number} end
   * @returns {DayReading | undefined}
   */
  #thisOne(name, end) {
    const { today } = this.clock;
    const weekday = weekdayNames.get(name);
    if (weekday !== undefined) return { value: today + mod(weekday - dayOfWeek(today), 7), end };
    // On a Sunday the weekend is that day.
    if (name === "weekend") return { value: dayOfWeek(today) === 6 ? today : today + 5 - dayOfWeek(today), end };
    return undefined;
  }

  /**
   * @param {string} name
   * @param {number} end
   * @returns {DayReading | undefined}
   */
  #nextOne(name, end) {
    const { today, firstWeekday } = this.clock;
    const week = today + 7 - mod(dayOfWeek(today) - firstWeekday, 7);
    const weekday = weekdayNames.get(name);
    if (weekday !== undefined) return { value: week + mod(weekday - firstWeekday, 7), end };
    if (name === "week") return { value: week, end };
    if (name === "month") return { value: dayNumber(...inMonths(today, 1), 1), end };
    return undefined;
  }

  /**
   * `25 dec`, `December 25 2030`.
   * @param {number} from
   * @returns {DayReading | undefined}
   */
  #namedMonth(from) {
    const [first, second, third] = this.lower.slice(from, from + 3);
    const isDayFirst = /^\d{1,2}$/.test(first ?? "");
    const month = monthNames.get((isDayFirst ? second : first) ?? "");
    const day = isDayFirst ? first : second;
    if (month === undefined || !/^\d{1,2}$/.test(day ?? "")) return undefined;
    const hasYear = yearPattern.test(third ?? "");
    const year = hasYear ? Number(third) : undefined;
    return { value: this.clock.day(year, month, Number(day)), end: from + (hasYear ? 3 : 2) };
  }

  /**
   * @param {number} from
   * @returns {TimeReading | undefined}
   */
  #time(from) {
    let end = from + 1;
    /** @type {number | null} */
    let minutes;
    if (this.lower[from] === "noon") {
      minutes = 12 * 60;
    } else {
      const match = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(this.lower[from] ?? "");
      if (!match) return undefined;
      let half = match[3];
      if (!half && (this.lower[end] === "am" || this.lower[end] === "pm")) {
        half = this.lower[end];
        end += 1;
      }
      if (!half && match[2] === undefined) return undefined;
      minutes = minutesOfDay(Number(match[1]), Number(match[2] ?? 0), half);
    }
    const zone = this.#zone(this.words[end] ?? "");
    if (zone === undefined) return { minutes, end };
    return { minutes: zone === null ? null : minutes, zone: zone ?? undefined, end: end + 1 };
  }

  /**
   * @param {string} text
   * @returns {Zone | null | undefined} `null`: none such
   */
  #zone(text) {
    if (lowered(text) === "utc") return { offset: 0 };
    const match = /^([+-])(\d{2}):(\d{2})$/.exec(text);
    if (match) {
      const offset = Number(match[2]) * 60 + Number(match[3]);
      return Number(match[3]) < 60 && offset <= 14 * 60 ? { offset: match[1] === "-" ? -offset : offset } : null;
    }
    return /^[A-Z][A-Za-z_]*(\/[A-Z][A-Za-z0-9_+-]*)+$/.test(text) && isTimeZone(text) ? { name: text } : undefined;
  }
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

// MARK: Calendar

/** @typedef {{offset: number} | {name: string}} Zone minutes east of UTC, or an IANA name */

const minute = 60_000;
const dayLength = 86_400_000;

const mod = (/** @type {number} */ number, /** @type {number} */ by) => ((number % by) + by) % by;
/** Days since Monday; 1970-01-01 was a Thursday. */
const dayOfWeek = (/** @type {number} */ day) => mod(day + 3, 7);
const civil = (/** @type {number} */ day) => {
  const date = new Date(day * dayLength);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};
const lastDay = (/** @type {number} */ year, /** @type {number} */ month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const existing = (/** @type {number} */ day) => (civil(day).year <= 9999 ? day : null);

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
function dayNumber(year, month, day) {
  return Date.UTC(year, month - 1, day) / dayLength;
}

/**
 * The year and month so many months after those of a day.
 * @param {number} day
 * @param {number} count
 * @returns {[number, number]}
 */
function inMonths(day, count) {
  const { year, month } = civil(day);
  const number = year * 12 + month - 1 + count;
  return [Math.floor(number / 12), (number % 12) + 1];
}

/**
 * @param {number} day
 * @param {number} count
 * @param {string} unit
 */
function later(day, count, unit) {
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
function isTimeZone(name) {
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
class Clock {
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
