// What came of an import: counts, what is wrong with which row, and how to take it back.
import { Button } from "../../components/Button.js";
import { confirm } from "../../core/confirm.js";
import { download } from "../../core/download.js";
import { t } from "../../core/messages.js";
import { Link } from "../../core/router.js";
import { h } from "../../vue.js";
import { importing, startAgain, undoThisImport } from "./importing.js";
import { canUndo, stoppedText, undoQuestion } from "./jobWords.js";
import { Remarks } from "./Remarks.js";

/** @param {import("../../core/jobs.js").Job} job */
async function undo(job) {
  if (await confirm(undoQuestion(job))) await undoThisImport();
}

export const ImportResult = () => {
  const { job, file } = importing;
  const result = job?.result;
  const remarks = result ? result.errors.length + result.notes.length + result.skipped_rows.length : 0;
  const title = job?.state === "cancelled" ? t("import.cancelled") : job?.state === "failed" ? t("import.failed") : t("import.done");
  return h("div", { class: "sections" }, [
    h("section", { class: "section" }, [
      h("h2", title),
      h("p", { class: "hint" }, h("bdi", file?.name)),
      job?.error ? h("p", { class: "note note-bad", role: "alert", dir: "auto" }, job.error) : null,
      result
        ? h("p", { class: "counts", role: "status" }, [
          h("span", t("import.created", { count: result.created })),
          result.skipped ? h("span", t("import.skipped", { count: result.skipped })) : null,
          result.failed ? h("span", { class: "fault" }, t("import.failedRows", { count: result.failed })) : null,
        ])
        : null,
      job && stoppedText(job) ? h("p", { role: "status" }, stoppedText(job)) : null,
      h("div", { class: "actions" }, [
        result?.created ? h(Link, { to: "/?sort=-created_at", class: "button button-primary" }, () => t("import.show")) : null,
        remarks
          ? h(Button, { icon: "download", label: t("import.download"), onClick: () => download(`/api/v1/jobs/${job?.id}/result`) })
          : null,
        job && canUndo(job) ? h(Button, { icon: "undo-2", label: t("import.undo"), onClick: () => undo(job) }) : null,
        h(Button, { label: t("import.another"), onClick: startAgain }),
      ]),
    ]),
    result ? h(Remarks, { title: t("import.errors"), remarks: result.errors }) : null,
    result ? h(Remarks, { title: t("import.notes"), remarks: result.notes }) : null,
  ]);
};
