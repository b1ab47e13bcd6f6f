// A job in words: its kind, its state, and what came of it.
import { number } from "../../core/format.js";
import { isRunning } from "../../core/jobs.js";
import { t } from "../../core/messages.js";

/** @typedef {import("../../core/jobs.js").Job} Job */

export const stateKinds = /** @type {const} */ ({ queued: "plain", running: "busy", completed: "good", failed: "bad", cancelled: "plain" });

/** An import that only looked: the result is that of an import, and the progress says so. @param {Job} job */
export const isTrial = (job) => job.kind === "tasks.import" && Boolean(job.progress.message?.startsWith("tried"));

/** An import that has made tasks, also one that did not come to its end: each thousand rows is kept. @param {Job} job */
export const canUndo = (job) =>
  job.kind === "tasks.import" && !isRunning(job) &&
  (job.result ? !isTrial(job) && job.result.created > 0 : job.progress.done > 0 && Boolean(job.progress.message?.startsWith("imported")));

/** How far an import came that was cancelled or has failed. @param {Job} job */
export const stoppedText = (job) =>
  canUndo(job) && !job.result
    ? t("import.stopped", { done: number(job.progress.done), total: number(job.progress.total ?? job.progress.done) })
    : "";

/** What the person is asked before an import is taken back. @param {Job} job */
export const undoQuestion = (job) => ({
  title: t("import.undo.ask"),
  text: job.result ? t("import.undo.text", { count: job.result.created }) : t("import.undo.some"),
  action: t("import.undo"),
});

/** @param {Job} job */
export function resultText(job) {
  if (job.error) return [job.error, stoppedText(job)].filter(Boolean).join(" ");
  const result = job.result;
  if (!result) return stoppedText(job);
  if (job.kind === "tasks.import") {
    if (isTrial(job)) return t("jobs.trial", { count: result.created });
    return [
      t("import.created", { count: result.created }),
      result.skipped ? t("import.skipped", { count: result.skipped }) : "",
      result.failed ? t("import.failedRows", { count: result.failed }) : "",
    ].filter(Boolean).join(" ");
  }
  if (job.kind === "tasks.undo_import") return t("import.undone.text", { removed: result.removed ?? 0, kept: result.kept ?? 0 });
  if (job.kind === "report.make") return t("jobs.report", { count: result.tasks ?? 0 });
  if (typeof result.status === "number") return t("jobs.answered", { status: result.status });
  if (result.error) return result.error;
  const counts = Object.values(result).filter((value) => typeof value === "number");
  return counts.length === 1 ? t("jobs.count", { count: number(counts[0]) }) : "";
}

/** A file that can be fetched. @param {Job} job */
export const hasFile = (job) => {
  if (job.state !== "completed" || !job.result) return false;
  if (job.kind === "report.make") return true;
  return job.kind === "tasks.import" && job.result.errors.length + job.result.notes.length + job.result.skipped_rows.length > 0;
};
