// The tokens with a sigil: labels, an assignee, a priority, a status.
import { lowered, trimmed } from "./line.js";

/** @typedef {import("./grammar.js").Fields} Fields */
/** @typedef {import("./grammar.js").Kind} Kind */
/** @typedef {import("./grammar.js").Options} Options */
/** @typedef {import("./grammar.js").Range} Range */
/** @typedef {import("./line.js").Token} Token */

const labelLength = 50;
const labelCount = 50;
const fullNameLength = 100;
/** So many names of a line are looked for; what comes after them is text. */
const mentionLimit = 10;

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

const folded = (/** @type {string} */ text) => text.toLowerCase().toUpperCase().toLowerCase().normalize("NFC");
const characters = (/** @type {string} */ text) => [...text].length;

/** What the tokens with a sigil say; the others are the words of the title. */
export class Chips {
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
