// The history of a task in sentences: what each request changed, by whom.
import { day, list, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { personName } from "../../tasks/taskStore.js";

/**
 * @typedef {{ field: string, from: any, to: any }} FieldChange
 * @typedef {object} HistoryEvent
 * @property {number} id
 * @property {string} at
 * @property {number | null} actor_id
 * @property {string} request_id
 * @property {string | null} source
 * @property {string} action
 * @property {FieldChange[]} changes
 *
 * @typedef {object} Entry What one request did.
 * @property {string} key
 * @property {string} at
 * @property {number | null} actor
 * @property {string} action of its first event
 * @property {FieldChange[]} changes
 */

/** Events of one request become one entry. @param {HistoryEvent[]} events the newest first @returns {Entry[]} */
export function entriesOf(events) {
  /** @type {Map<string, Entry>} */
  const byRequest = new Map();
  for (const event of events) {
    const key = `${event.request_id} ${event.actor_id}`;
    const known = byRequest.get(key);
    if (known) {
      known.changes = [...event.changes, ...known.changes];
      known.action = event.action;
    } else byRequest.set(key, { key, at: event.at, actor: event.actor_id, action: event.action, changes: event.changes });
  }
  return [...byRequest.values()];
}

/** Letters of a title that a sentence bears. */
const mostWords = 60;

const dueWords = (/** @type {any} */ value) => String(value).length > 10 ? moment(value) : day(value);

/** A due date is one thing in two fields. @param {FieldChange[]} changes @returns {FieldChange[]} */
function withDue(changes) {
  const due = changes.filter((one) => one.field === "due_at" || one.field === "due_on");
  if (!due.length) return changes;
  const from = due.find((one) => one.from)?.from ?? null;
  const to = due.find((one) => one.to)?.to ?? null;
  return [...changes.filter((one) => !due.includes(one)), { field: "due", from, to }];
}

/** What people wrote keeps its own direction within the sentence, and does not fill it. @param {string} text */
const quoted = (text) => `\u2068${text.length > mostWords ? `${text.slice(0, mostWords).trimEnd()}…` : text}\u2069`;

/** Longer texts are shown beside each other instead. @param {FieldChange} change */
export const isLong = ({ field, from, to }) =>
  field === "description" || (field === "title" && [from, to].some((text) => (text ?? "").length > mostWords));

/** @param {string} name @param {any} from @param {any} to @param {(value: any) => string} show */
function valueWords(name, from, to, show) {
  if (from === null || from === undefined || from === "") return t(`history.${name}.set`, { to: show(to) });
  if (to === null || to === undefined || to === "") return t(`history.${name}.removed`, { from: show(from) });
  return t(`history.${name}.changed`, { from: show(from), to: show(to) });
}

/** @param {FieldChange} change @returns {string[]} */
function clauses({ field, from, to }) {
  const word = (/** @type {any} */ value) => t(`${field}.${value}`);
  if (field === "status") return [t("history.status", { from: word(from), to: word(to) })];
  if (field === "priority") return [t("history.priority", { from: word(from), to: word(to) })];
  if (field === "title") return [t("history.title", { from: quoted(from ?? ""), to: quoted(to ?? "") })];
  if (field === "description") return [valueWords("description", from, to, () => "")];
  if (field === "assignee_id") return [valueWords("assignee", from, to, (id) => quoted(personName(id)))];
  if (field === "due") return [valueWords("due", from, to, dueWords)];
  if (field === "archived") return [t(to ? "history.archived" : "history.unarchived")];
  if (field === "labels") {
    const added = (to ?? []).filter((/** @type {string} */ one) => !(from ?? []).includes(one));
    const removed = (from ?? []).filter((/** @type {string} */ one) => !(to ?? []).includes(one));
    return [
      ...(added.length ? [t("history.labels.added", { labels: list(added.map(quoted)), count: added.length })] : []),
      ...(removed.length ? [t("history.labels.removed", { labels: list(removed.map(quoted)), count: removed.length })] : []),
    ];
  }
  if (field === "position") return [t("history.position")];
  return field === "completed_at" ? [] : [t("history.other", { field })];
}

/** @param {Entry} entry */
export function sentence({ actor, action, changes }) {
  const name = actor ? quoted(personName(actor)) : t("history.server");
  const whole = { "task.created": "created", "task.deleted": "deleted", "task.restored": "restored", "task.overdue": "overdue" }[action];
  if (whole === "overdue") return t("history.overdue");
  const parts = whole ? [t(`history.${whole}`)] : withDue(changes).flatMap(clauses);
  return t("history.sentence", { name, what: list(parts.length ? parts : [t("history.something")]) });
}

/**
 * What must be sent to have the fields as they were before an entry; only those that are different now.
 * @param {Entry} entry
 * @param {import("../../tasks/filters.js").Task} task
 */
export function inverseOf({ action, changes }, task) {
  /** @type {Record<string, any>} */
  const back = {};
  if (action !== "task.updated") return back;
  const isNow = (/** @type {string} */ field, /** @type {any} */ value) =>
    JSON.stringify(/** @type {any} */ (task)[field] ?? null) === JSON.stringify(value ?? null);
  for (const { field, from } of withDue(changes)) {
    if (field === "due") {
      const name = from === null ? (task.due_at ? "due_at" : "due_on") : String(from).length > 10 ? "due_at" : "due_on";
      if (!isNow(name, from)) back[name] = from;
    } else if (["title", "description", "status", "priority", "assignee_id", "labels", "archived"].includes(field) && !isNow(field, from)) {
      back[field] = from;
    }
  }
  return back;
}
