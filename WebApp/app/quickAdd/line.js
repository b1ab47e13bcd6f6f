// The first line of what was written, cut into tokens; the rest is the description.

/** @typedef {import("./grammar.js").Range} Range */
/** @typedef {{start: number, end: number, text: string, isLiteral: boolean}} Token */

/** Letters of ASCII alone: no other letter is made to look like a word of the grammar. */
export const lowered = (/** @type {string} */ text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const blank = /[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const lineBreak = /[\n\r\u2028\u2029]/;

/** @param {string | undefined} unit */
const isGap = (unit) => unit === undefined || blank.test(unit) || lineBreak.test(unit);

/** @param {string} text */
export function trimmed(text) {
  let start = 0;
  let end = text.length;
  while (start < end && isGap(text[start])) start += 1;
  while (end > start && isGap(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** The first line of the input in tokens, and what is description. */
export class Line {
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
