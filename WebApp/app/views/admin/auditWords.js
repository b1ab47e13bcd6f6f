// An event of the audit in words.
import { moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { personName } from "../../tasks/taskStore.js";

/**
 * @typedef {object} AuditEvent
 * @property {number} id
 * @property {string} at
 * @property {number | null} actor_id
 * @property {string} request_id
 * @property {"api" | "command-line" | "job" | "server" | null} source
 * @property {string} action
 * @property {string} subject
 * @property {number} subject_id
 * @property {{ field: string, from: unknown, to: unknown }[]} changes
 */

/** A log-in is done by nobody who was known before: the event names the account among its changes. @param {AuditEvent} event */
export function actorText(event) {
  const id = event.actor_id ?? (event.subject === "session" ? Number(event.changes.find((change) => change.field === "user_id")?.to) : 0);
  return id ? personName(id) : t(`audit.source.${event.source ?? "server"}`);
}

/** @param {AuditEvent} event */
export function eventText(event) {
  const id = event.subject_id;
  return t(`audit.${event.action}`, { id, name: event.subject === "user" ? personName(id) : "" });
}

/** @param {unknown} value */
export function valueText(value) {
  if (value === null || value === undefined || value === "") return t("audit.nothing");
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return moment(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
