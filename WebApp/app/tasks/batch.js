// One change of many tasks, which one “Undo” takes back.
import { post } from "../core/api.js";
import { t } from "../core/messages.js";
import { tellFailure, whileTelling } from "../core/notices.js";
import { tellUndoable } from "../core/undo.js";
import { shallowReactive } from "../vue.js";
import { learn, learnAll, reloadLists } from "./taskStore.js";

/** A request names that many tasks at most. */
const mostIds = 1000;
/** So many tasks move in the lists one by one; with more, the lists are only read again. */
const few = 100;

/**
 * Failures are listed by task.
 * @param {{ action: string, ids?: number[], filter?: Record<string, any>, expected?: number, changes?: Record<string, any> }} batch
 * @param {(count: number) => string} words
 */
export async function changeMany(batch, words) {
  const { ids, ...rest } = batch;
  /** @type {string[]} */
  const requestIds = [];
  /** @type {{ succeeded: number, failed: number, results: any[] }} */
  const sum = { succeeded: 0, failed: 0, results: [] };
  /** @type {unknown} */
  let fault = null;
  const send = async () => {
    for (let first = 0; first < (ids?.length ?? 1); first += mostIds) {
      const { data, requestId } = await post("/tasks/batch", ids ? { ...rest, ids: ids.slice(first, first + mostIds) } : rest);
      requestIds.push(requestId);
      sum.succeeded += data.succeeded;
      sum.failed += data.failed;
      sum.results.push(...data.results);
    }
  };
  try {
    await whileTelling(t("batch.running", { count: ids?.length ?? rest.expected }), send());
  } catch (error) {
    fault = error;
  }
  const changed = sum.results.flatMap((result) => result.task ?? []);
  if (changed.length > few) learnAll(changed);
  else for (const task of changed) learn(task);
  // What was done before a failure can be taken back, too.
  if (sum.succeeded) tellUndoable(requestIds, words(sum.succeeded));
  batchFailures.all = sum.results.filter((result) => result.error);
  if (requestIds.length) reloadLists();
  if (fault) tellFailure(fault);
  return fault ? null : sum;
}

/** The tasks that a batch did not change, with the reasons. @type {{ all: { id: number, error: { detail: string } }[] }} */
export const batchFailures = shallowReactive({ all: [] });
