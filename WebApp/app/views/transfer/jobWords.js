// A job in words: its kind, its state, and what came of it.
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";

/** @typedef {import("../../core/jobs.js").Job} Job */

export const stateKinds = /** @type {const} */ ({ queued: "plain", running: "busy", completed: "good", failed: "bad", cancelled: "plain" });

/** An import that only looked: the result is that of an import, and the progress says so. @param {Job} job */
export const isTrial = (job) => job.kind === "tasks.import" && Boolean(job.progress.message?.startsWith("tried"));

/** @param {Job} job */
export function resultText(job) {
  if (job.error) return job.error;
  const result = job.result;
  if (!result) return "";
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
  if (typeof result.response_status === "number") return t("jobs.answered", { status: result.response_status });
  const counts = Object.values(result).filter((value) => typeof value === "number");
  return counts.length === 1 ? t("jobs.count", { count: number(counts[0]) }) : "";
}

/** A file that can be fetched. @param {Job} job */
export const hasFile = (job) => {
  if (job.state !== "completed" || !job.result) return false;
  if (job.kind === "report.make") return true;
  return job.kind === "tasks.import" && job.result.errors.length + job.result.notes.length + job.result.skipped_rows.length > 0;
};
