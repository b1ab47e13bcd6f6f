// What the server does by itself at fixed times; each can be run now.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { Section } from "../../components/Section.js";
import { post, Problem } from "../../core/api.js";
import { useCursorList } from "../../core/cursorList.js";
import { moment } from "../../core/format.js";
import { followJob } from "../../core/jobs.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { defineComponent, h, ref } from "../../vue.js";
import { resultText } from "../transfer/jobWords.js";

export const SchedulesSection = defineComponent({
  name: "SchedulesSection",
  setup() {
    const list = useCursorList(() => ({ path: "/admin/schedules" }));
    const running = ref("");
    /** @param {any} schedule */
    async function run(schedule) {
      running.value = schedule.name;
      try {
        const { data } = await post(`/admin/schedules/${schedule.name}/run`);
        const job = await followJob(data, () => {});
        const name = t(`schedules.${schedule.name}`);
        if (job.state === "completed") tell(t("schedules.done", { name, result: resultText(job) }));
        else tell(t("schedules.failed", { name, why: job.error ?? "" }), { kind: "failed" });
        list.reload();
      } catch (error) {
        // A job that was queued before is the server's own, and only the list of all jobs shows it.
        if (error instanceof Problem && error.status === 404) tell(t("schedules.queued", { name: t(`schedules.${schedule.name}`) }));
        else tellFailure(error);
      } finally {
        running.value = "";
      }
    }
    const columns = () => [
      {
        name: "name",
        label: t("schedules.what"),
        cell: (
          /** @type {any} */ row,
        ) => [t(`schedules.${row.name}`), h("small", { class: "hint block" }, t(`schedules.${row.name}.text`))],
      },
      {
        name: "interval",
        label: t("schedules.interval"),
        cell: (/** @type {any} */ row) =>
          row.interval_seconds % 86_400
            ? t("schedules.hours", { count: row.interval_seconds / 3600 })
            : t("schedules.days", { count: row.interval_seconds / 86_400 }),
      },
      {
        name: "last",
        label: t("schedules.last"),
        cell: (/** @type {any} */ row) => row.last_slot_at ? moment(row.last_slot_at) : t("none"),
      },
      { name: "next", label: t("schedules.next"), cell: (/** @type {any} */ row) => moment(row.next_slot_at) },
      {
        name: "run",
        label: "",
        cell: (/** @type {any} */ row) =>
          h(Button, {
            icon: "play",
            label: t("schedules.run"),
            "aria-label": t("schedules.run.of", { name: t(`schedules.${row.name}`) }),
            busy: running.value === row.name,
            onClick: () => run(row),
          }),
      },
    ];
    return () =>
      h(
        Section,
        { title: t("admin.schedules"), text: t("schedules.text") },
        () =>
          h(PagedTable, {
            list,
            label: t("admin.schedules"),
            columns: columns(),
            keyOf: (/** @type {any} */ row) => row.name,
            empty: { icon: "calendar", title: t("schedules.none") },
          }),
      );
  },
});
