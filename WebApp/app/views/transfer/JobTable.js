// Jobs with their state and progress, kept true while one of them runs.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { ProgressBar } from "../../components/ProgressBar.js";
import { StateBadge } from "../../components/StateBadge.js";
import { get, post } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { useCursorList } from "../../core/cursorList.js";
import { download } from "../../core/download.js";
import { ago, moment, number } from "../../core/format.js";
import { isRunning } from "../../core/jobs.js";
import { t } from "../../core/messages.js";
import { note, tell, tellFailure } from "../../core/notices.js";
import { defineComponent, h, onUnmounted } from "../../vue.js";
import { undoImport } from "./importing.js";
import { canUndo, hasFile, isTrial, resultText, stateKinds, undoQuestion } from "./jobWords.js";

/** @typedef {import("../../core/jobs.js").Job} Job */

export const JobTable = defineComponent({
  name: "JobTable",
  props: ["label", "path", "query", "empty", "isAdmin"],
  setup(props, { expose }) {
    const list = useCursorList(() => ({ path: props.path, query: { limit: 50, ...props.query } }));
    /** @param {Job} job */
    function take(job) {
      list.items = list.items.some((one) => one.id === job.id)
        ? list.items.map((one) => one.id === job.id ? job : one)
        : [job, ...list.items];
    }
    expose({ take });

    let isAsking = false;
    const timer = setInterval(async () => {
      const running = list.items.filter(isRunning).slice(0, 20);
      if (!running.length || isAsking || document.hidden) return;
      isAsking = true;
      try {
        if (props.isAdmin) {
          // Reading the first page again would take away further ones that somebody looks at.
          if (list.items.length <= 50) await list.reload();
        } else for (const job of running) take((await get(`/jobs/${job.id}`)).data);
      } catch (error) {
        note(error);
      } finally {
        isAsking = false;
      }
    }, 1500);
    onUnmounted(() => clearInterval(timer));

    /** @param {() => Promise<any>} work */
    const act = (work) => work().catch(tellFailure);
    /** @param {Job} job */
    const cancel = (job) =>
      act(async () => {
        take((await post(`/jobs/${job.id}/cancel`)).data);
        tell(t("jobs.cancelling"));
      });
    /** @param {Job} job */
    const retry = (job) =>
      act(async () => {
        take((await post(`/admin/jobs/${job.id}/retry`)).data);
        tell(t("jobs.retried"));
      });
    /** @param {Job} job */
    const undo = (job) =>
      act(async () => {
        if (await confirm(undoQuestion(job))) await undoImport(job, take);
      });

    const columns = () => [
      {
        name: "kind",
        label: t("jobs.kind"),
        cell: (/** @type {Job} */ job) => isTrial(job) ? t("jobs.kind.trial") : t(`jobs.kind.${job.kind}`),
      },
      {
        name: "state",
        label: t("jobs.state"),
        cell: (/** @type {Job} */ job) => [
          h(StateBadge, { kind: stateKinds[job.state], text: t(`jobs.state.${job.state}`) }),
          job.state === "running"
            ? h(ProgressBar, {
              label: t(`jobs.kind.${job.kind}`),
              ...job.progress,
              text: job.progress.total ? t("jobs.progress", { done: number(job.progress.done), total: number(job.progress.total) }) : "",
            })
            : null,
        ],
      },
      {
        name: "result",
        label: t("jobs.result"),
        cell: (/** @type {Job} */ job) => h("span", { class: job.error ? "fault" : "", dir: "auto" }, resultText(job)),
      },
      {
        name: "at",
        label: t("jobs.at"),
        cell: (/** @type {Job} */ job) => h("time", { datetime: job.created_at, title: moment(job.created_at) }, ago(job.created_at)),
      },
      {
        name: "actions",
        label: "",
        cell: (/** @type {Job} */ job) =>
          h("div", { class: "actions" }, [
            hasFile(job) && !props.isAdmin
              ? h(Button, {
                icon: "download",
                label: t(job.kind === "report.make" ? "jobs.download" : "import.download"),
                onClick: () => download(`/api/v1/jobs/${job.id}/result`),
              })
              : null,
            canUndo(job) && !props.isAdmin ? h(Button, { icon: "undo-2", label: t("import.undo"), onClick: () => undo(job) }) : null,
            isRunning(job) ? h(Button, { label: t("cancel"), onClick: () => cancel(job) }) : null,
            props.isAdmin && (job.state === "failed" || job.state === "cancelled")
              ? h(Button, { icon: "refresh-cw", label: t("retry"), onClick: () => retry(job) })
              : null,
          ]),
      },
    ];
    return () => h(PagedTable, { list, label: props.label, columns: columns(), empty: props.empty });
  },
});
