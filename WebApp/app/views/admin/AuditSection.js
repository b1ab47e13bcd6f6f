// The audit: everything that happened, and the proof that nobody changed its record.
import { PagedTable } from "../../components/PagedTable.js";
import { QueryField, QuerySelect } from "../../components/QueryField.js";
import { Section } from "../../components/Section.js";
import { useCursorList } from "../../core/cursorList.js";
import { moment, timeZone } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Link, route, taskAddress } from "../../core/router.js";
import { daysAsBounds } from "../../core/days.js";
import { defineComponent, h } from "../../vue.js";
import { AuditProof } from "./AuditProof.js";
import { actorText, eventText, valueText } from "./auditWords.js";

/** @typedef {import("./auditWords.js").AuditEvent} AuditEvent */

const actions = [
  "task.created",
  "task.updated",
  "task.deleted",
  "task.restored",
  "task.purged",
  "task.overdue",
  "user.registered",
  "user.created",
  "user.updated",
  "user.deleted",
  "user.password_changed",
  "user.password_reset",
  "user.email_verified",
  "user.email_changed",
  "user.email_restored",
  "user.access_ended",
  "user.notifications_changed",
  "user.preferences_changed",
  "session.started",
  "session.reauthenticated",
  "session.ended",
  "session.all_ended",
  "session.refresh_reused",
  "token.created",
  "token.revoked",
  "job.cancelled",
  "job.retried",
  "import.started",
  "import.undone",
  "report.requested",
  "schedule.run",
  "webhook.created",
  "webhook.updated",
  "webhook.secret_rotated",
  "webhook.disabled",
  "webhook.deleted",
  "view.created",
  "view.updated",
  "view.deleted",
];
const subjects = ["task", "user", "session", "token", "job", "webhook", "view"];
const sources = ["api", "command-line", "job", "server"];
const filters = ["actor_id", "action", "subject", "subject_id", "source"];

export const AuditSection = defineComponent({
  name: "AuditSection",
  setup() {
    const given = (/** @type {string} */ name) => route.query.get(name) ?? undefined;
    const query = () => {
      const [from, to] = [given("from"), given("to")];
      const bounds = daysAsBounds(from ?? "2000-01-01", to ?? from ?? "2000-01-01", timeZone());
      return {
        ...Object.fromEntries(filters.map((name) => [name, given(name)])),
        after: from ? bounds.after : undefined,
        before: to ? bounds.before : undefined,
      };
    };
    const list = useCursorList(() => ({ path: "/admin/audit", query: { limit: 50, ...query() } }));
    const subject = (/** @type {AuditEvent} */ event) => {
      const text = eventText(event);
      if (event.subject === "user" && event.action !== "user.deleted") {
        return h(Link, { to: `/admin/users/${event.subject_id}`, dir: "auto" }, () => text);
      }
      if (event.subject === "task" && event.action !== "task.purged") {
        return h(Link, { to: taskAddress(event.subject_id), dir: "auto" }, () => text);
      }
      return h("span", { dir: "auto" }, text);
    };
    const columns = () => [
      { name: "at", label: t("audit.at"), cell: (/** @type {AuditEvent} */ event) => h("time", { datetime: event.at }, moment(event.at)) },
      { name: "who", label: t("audit.who"), cell: (/** @type {AuditEvent} */ event) => h("span", { dir: "auto" }, actorText(event)) },
      {
        name: "what",
        label: t("audit.what"),
        cell: (/** @type {AuditEvent} */ event) => [
          subject(event),
          h("details", [
            h("summary", event.changes.length ? t("audit.changes", { count: event.changes.length }) : t("audit.details")),
            h(
              "ul",
              { class: "bullets" },
              event.changes.map((change, place) =>
                h("li", { key: place, dir: "auto" }, [h("b", change.field), `: ${valueText(change.from)} → ${valueText(change.to)}`])
              ),
            ),
            h(
              "p",
              { class: "hint" },
              t("audit.facts", { id: event.id, request: event.request_id, source: t(`audit.source.${event.source ?? "server"}`) }),
            ),
          ]),
        ],
      },
    ];
    const hasFilter = () => Object.values(query()).some(Boolean);
    return () => [
      h(AuditProof),
      h(Section, { title: t("admin.audit"), text: t("audit.text") }, () => [
        h("div", { class: "filters" }, [
          h(QuerySelect, {
            name: "action",
            label: t("audit.action"),
            all: t("all"),
            options: actions.map((one) => [one, t(`audit.name.${one}`)]),
          }),
          h(QuerySelect, {
            name: "subject",
            label: t("audit.subject"),
            all: t("all"),
            options: subjects.map((one) => [one, t(`audit.subject.${one}`)]),
          }),
          h(QueryField, { name: "subject_id", label: t("audit.subjectID"), type: "number" }),
          h(QueryField, { name: "actor_id", label: t("audit.actorID"), type: "number" }),
          h(QuerySelect, {
            name: "source",
            label: t("audit.source"),
            all: t("all"),
            options: sources.map((one) => [one, t(`audit.source.${one}`)]),
          }),
          h(QueryField, { name: "from", label: t("audit.from"), type: "date" }),
          h(QueryField, { name: "to", label: t("audit.to"), type: "date" }),
        ]),
        h(PagedTable, {
          list,
          label: t("admin.audit"),
          columns: columns(),
          empty: hasFilter()
            ? { icon: "search", title: t("audit.noneFound"), action: { label: t("audit.showAll"), to: "/admin/audit" } }
            : { icon: "history", title: t("audit.none") },
        }),
      ]),
    ];
  },
});
