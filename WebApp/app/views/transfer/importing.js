// The import that goes on in this window: chosen, tried, looked at, made, perhaps taken back. It lives outside the view, so that one may look at something
// else meanwhile.
import { post, Problem, randomKey, Unreachable } from "../../core/api.js";
import { followJob } from "../../core/jobs.js";
import { reason, tell, tellFailure } from "../../core/notices.js";
import { instance } from "../../core/instance.js";
import { bytes } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { reloadLists } from "../../tasks/taskStore.js";
import { shallowReactive } from "../../vue.js";
import { decode, previewBytes, previewOf } from "./filePreview.js";

/** @typedef {import("../../core/jobs.js").Job} Job */

const fresh = () => ({
  /** @type {"choose" | "trying" | "preview" | "running" | "done" | "undoing" | "undone"} */
  step: /** @type {any} */ ("choose"),
  /** @type {File | null} */
  file: null,
  /** @type {Job | null} */
  job: null,
  /** Why the file was refused. */
  fault: "",
  /** The fault is not one of the file: nobody has looked at it. */
  isUnreachable: false,
  /** @type {Record<string, string>} What the person says of the file: format, charset, delimiter, date_order. */
  options: {},
  /** @type {Record<string, string>} What the person says of columns. */
  columns: {},
  /** All tasks or none. */
  isAtomic: false,
  /** Something was said since the file was tried. */
  isStale: false,
  /** @type {import("./filePreview.js").Preview | null} */
  preview: null,
});

export const importing = shallowReactive(fresh());

export const startAgain = () => void Object.assign(importing, fresh());

/** @param {File} file */
export async function chooseFile(file) {
  startAgain();
  importing.file = file;
  const most = instance.limits.import_bytes;
  if (!file.size) importing.fault = t("import.emptyFile");
  else if (most && file.size > most) importing.fault = t("import.tooLarge", { size: bytes(file.size), most: bytes(most) });
  else await tryFile();
}

/** @param {Record<string, string>} options */
export function sayOfFile(options) {
  importing.options = { ...importing.options, ...options };
  importing.isStale = true;
}

/** @param {string} name @param {string} meaning empty: as the server thinks */
export function sayOfColumn(name, meaning) {
  const columns = { ...importing.columns };
  if (meaning) columns[name] = meaning;
  else delete columns[name];
  importing.columns = columns;
  importing.isStale = true;
}

/** What was sent and has no answer yet, and its key: sent again it imports nothing twice. */
let unanswered = { request: "", key: "" };

/** @param {boolean} isTrial */
async function send(isTrial) {
  const { file, options, columns, isAtomic } = importing;
  const form = new FormData();
  form.append("file", /** @type {File} */ (file));
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value));
  const query = {
    ...said,
    ...(Object.keys(columns).length ? { columns: JSON.stringify(columns) } : {}),
    ...(isTrial ? { dry_run: true } : isAtomic ? { atomic: true } : {}),
  };
  const request = JSON.stringify([query, file?.name, file?.size, file?.lastModified]);
  if (unanswered.request !== request) unanswered = { request, key: randomKey() };
  try {
    importing.job = (await post("/tasks/import", form, { query, key: unanswered.key })).data;
    unanswered = { request: "", key: "" };
  } catch (error) {
    const isAnswered = error instanceof Problem && error.code !== "idempotency_in_progress";
    if (isAnswered) unanswered = { request: "", key: "" };
    throw error;
  }
  const job = /** @type {Job} */ (importing.job);
  return followJob(job, (now) => importing.job?.id === job.id && (importing.job = now));
}

async function readPreview() {
  const { file, job } = importing;
  if (!file) return;
  const found = job?.result?.file;
  const text = decode(new Uint8Array(await file.slice(0, previewBytes).arrayBuffer()), importing.options.charset || found?.charset);
  importing.preview = previewOf(text, {
    format: importing.options.format || found?.format,
    delimiter: importing.options.delimiter || found?.delimiter,
    names: found ? [...found.columns.map((/** @type {any} */ column) => column.name), ...found.ignored] : [],
  });
}

/** Reads the file without making anything. */
export async function tryFile() {
  Object.assign(importing, { step: "trying", fault: "", isUnreachable: false, job: null, isStale: false });
  const { file } = importing;
  try {
    const job = await send(true);
    if (importing.file !== file) return;
    if (job.state === "failed") importing.fault = job.error ?? t("error.unknown");
    if (job.state === "cancelled") return startAgain();
  } catch (error) {
    if (importing.file !== file) return;
    importing.job = null;
    importing.fault = reason(error);
    importing.isUnreachable = error instanceof Unreachable;
  }
  await readPreview().catch(() => {
    importing.preview = null;
  });
  importing.step = "preview";
}

export async function runImport() {
  const trial = importing.job;
  Object.assign(importing, { step: "running", fault: "", job: null });
  try {
    const job = await send(false);
    importing.step = "done";
    const created = job.result?.created ?? 0;
    if (created) tell(t("import.created", { count: created }));
    reloadLists();
  } catch (error) {
    // What the file was found to hold is still true, and it can be sent again.
    if (error instanceof Unreachable && !importing.job) importing.job = trial;
    else importing.fault = reason(error);
    importing.step = "preview";
    tellFailure(error);
  }
}

export async function cancelImport() {
  if (!importing.job) return startAgain();
  try {
    await post(`/jobs/${importing.job.id}/cancel`);
    tell(t("jobs.cancelling"));
  } catch (error) {
    tellFailure(error);
  }
}

/**
 * Takes an import back.
 * @param {Job} job
 * @param {(job: Job) => void} take
 */
export async function undoImport(job, take) {
  const undoing = (await post(`/imports/${job.id}/undo`)).data;
  take(undoing);
  const end = await followJob(undoing, take);
  reloadLists();
  return end;
}

export async function undoThisImport() {
  const job = /** @type {Job} */ (importing.job);
  importing.step = "undoing";
  try {
    const end = await undoImport(job, (now) => void (importing.job = now));
    importing.step = end.state === "completed" ? "undone" : "done";
    if (end.state !== "completed") {
      importing.job = job;
      tell(end.error ?? t("error.unknown"), { kind: "failed" });
    }
  } catch (error) {
    Object.assign(importing, { step: "done", job });
    tellFailure(error);
  }
}
