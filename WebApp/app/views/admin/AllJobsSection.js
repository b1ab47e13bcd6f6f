// Everybody's jobs and the server's own; those that were given up can be tried again.
import { QuerySelect } from "../../components/QueryField.js";
import { Section } from "../../components/Section.js";
import { t } from "../../core/messages.js";
import { route } from "../../core/router.js";
import { h } from "../../vue.js";
import { JobTable } from "../transfer/JobTable.js";

const states = ["queued", "running", "completed", "failed", "cancelled"];
const kinds = [
  "tasks.import",
  "tasks.undo_import",
  "report.make",
  "mail.deliver",
  "webhook.deliver",
  "webhook.replay",
  "webhook.test",
  "password_reset.request",
  "task_log.write",
  "tasks.announce_overdue",
  "tasks.announce_due",
  "digests.write",
  "trash.empty",
  "records.clean_up",
  "tasks.unassign",
  "tasks.move_due_days",
];

export const AllJobsSection = () => {
  const query = { state: route.query.get("state") ?? undefined, kind: route.query.get("kind") ?? undefined };
  return h(Section, { title: t("admin.jobs"), text: t("allJobs.text") }, () => [
    h("div", { class: "filters" }, [
      h(QuerySelect, { name: "state", label: t("jobs.state"), all: t("all"), options: states.map((one) => [one, t(`jobs.state.${one}`)]) }),
      h(QuerySelect, { name: "kind", label: t("jobs.kind"), all: t("all"), options: kinds.map((one) => [one, t(`jobs.kind.${one}`)]) }),
    ]),
    h(JobTable, {
      label: t("admin.jobs"),
      path: "/admin/jobs",
      query,
      isAdmin: true,
      empty: query.state || query.kind
        ? { icon: "clock", title: t("jobs.noneSuch"), action: { label: t("jobs.showAll"), to: "/admin/jobs" } }
        : { icon: "clock", title: t("allJobs.none") },
    }),
  ]);
};
