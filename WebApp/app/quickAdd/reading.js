// What quick add understood of a line, and the ways to correct it: a chip becomes text again, an offered date is taken.
import { shallowReactive } from "../vue.js";
import { get } from "../core/api.js";
import { day, moment, timeZone } from "../core/format.js";
import { t } from "../core/messages.js";
import { firstWeekday, preferences } from "../core/preferences.js";
import { session } from "../core/session.js";
import { parse } from "./grammar.js";

/** @typedef {import("./grammar.js").Result} Reading */

/** People by the name that was written, in lower case; null while nobody is known of that name. */
const found = shallowReactive(/** @type {{ all: Map<string, number[]> }} */ ({ all: new Map() }));
/** @type {Map<string, Promise<void>>} */
const lookups = new Map();

/** @param {string} name */
function lookUp(name) {
  const key = name.toLowerCase();
  let lookup = lookups.get(key);
  if (!lookup) {
    lookup = get("/users/search", { q: name }).then(({ data }) => {
      const exact = data.data.filter((/** @type {any} */ person) =>
        [person.username, person.name].some((one) => one?.toLowerCase() === key)
      );
      found.all = new Map(found.all).set(key, exact.map((/** @type {any} */ person) => person.id));
    }).catch(() => {
      lookups.delete(key);
    });
    lookups.set(key, lookup);
  }
  return lookup;
}

/**
 * Reads a line, in the person's time zone, order of dates and week.
 * @param {string} text
 * @returns {Reading}
 */
export function read(text) {
  const reading = parse(text, {
    now: new Date(),
    timeZone: timeZone(),
    dateOrder: preferences.date_order ?? /** @type {any} */ (session.user?.date_order) ?? null,
    firstWeekday: /** @type {any} */ ({ 1: "monday", 6: "saturday", 7: "sunday" })[firstWeekday()],
    me: "me",
    count: (name) => name.toLowerCase() === "me" ? 1 : found.all.get(name.toLowerCase())?.length,
  });
  if (reading.fields.assignee && reading.fields.assignee !== "me") lookUp(reading.fields.assignee);
  return reading;
}

/**
 * The fields of the task, with the assignee by id. Waits for names that are still being looked up.
 * @param {string} text
 */
export async function draftOf(text) {
  const name = read(text).fields.assignee;
  if (name && name !== "me") await lookUp(name);
  const { assignee, ...fields } = read(text).fields;
  /** @type {Record<string, any>} */
  const draft = fields;
  if (assignee === "me") draft.assignee_id = session.user?.id;
  else if (assignee) draft.assignee_id = found.all.get(assignee.toLowerCase())?.[0];
  if (draft.assignee_id === undefined) delete draft.assignee_id;
  return draft;
}

/**
 * The line in which a chip is text again. Every word of a date is marked as literal, of other chips the sign before them.
 * @param {string} text
 * @param {{ start: number, end: number, kind: string }} range
 */
export function asText(text, { start, end, kind }) {
  const phrase = text.slice(start, end);
  return text.slice(0, start) + (kind === "due" ? phrase.replace(/(^|\s)(?=\S)/g, "$1\\") : `\\${phrase}`) + text.slice(end);
}

/**
 * The line with an offered date at its end, where it counts.
 * @param {string} text
 * @param {{ start: number, end: number }} range
 */
export function takeOffer(text, { start, end }) {
  const [line, ...rest] = text.split("\n");
  const phrase = line.slice(start, end);
  const [title, ...description] = (line.slice(0, start).trimEnd() + line.slice(end)).split(" // ");
  return [[`${title.trimEnd()} ${phrase}`, ...description].join(" // "), ...rest].join("\n");
}

/**
 * What a chip says.
 * @param {import("./grammar.js").Range} range
 * @param {Reading} reading
 */
export function chipText(range, { fields }) {
  switch (range.kind) {
    case "due":
      return `${t("due")} ${fields.due_at ? moment(fields.due_at) : day(fields.due_on ?? "")}`;
    case "priority":
      return `${t("priority")}: ${t(`priority.${fields.priority}`)}`;
    case "status":
      return `${t("status")}: ${t(`status.${fields.status}`)}`;
    case "label":
      return `#${range.text.replace(/^#"?|"$/g, "")}`;
    case "assignee":
      return `${t("assignee")}: ${fields.assignee === "me" ? t("me") : fields.assignee}`;
    default:
      return range.text;
  }
}

/** The grammar speaks English; here its hints are in the language of the page. @param {string} hint */
export function hintText(hint) {
  if (hint === "a date was left in the title") return t("quickAdd.hint.date");
  if (hint === "the title is missing") return t("quickAdd.hint.title");
  if (hint === "a task has one priority") return t("quickAdd.hint.priority");
  if (hint === "a task has one status") return t("quickAdd.hint.status");
  const nobody = /^nobody is called (.*)$/.exec(hint);
  if (nobody) return t("quickAdd.hint.nobody", { name: nobody[1] });
  return hint;
}
