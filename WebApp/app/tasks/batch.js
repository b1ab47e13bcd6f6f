// One change of many tasks, which one “Undo” takes back.
import { post, randomKey, Unreachable } from "../core/api.js";
import { t } from "../core/messages.js";
import { tellFailure, whileTelling } from "../core/notices.js";
import { tellUndoable } from "../core/undo.js";
import { shallowReactive } from "../vue.js";
import { firstRequest } from "./firstRequest.js";
import { outbox } from "./outbox.js";
import { learn, learnAll, mayWait, reloadLists } from "./taskStore.js";

/** A request names that many tasks at most. */
const mostIds = 1000;
/** So many tasks move in the lists one by one; with more, the lists are only read again. */
const few = 100;

/** The tasks that a batch did not change, with the reasons. @type {{ all: { id: number, error: { detail: string } }[] }} */
export const batchFailures = shallowReactive({ all: [] });

/** One task that a batch changed. @param {{ results: any[] }} answer */
export function changedIn({ results }) {
  const result = results.find((one) => !one.error);
  return result?.task ?? result;
}

/** What a batch did, task by task. @param {any[]} results */
export function takeResults(results) {
  const changed = results.flatMap((result) => result.task ?? []);
  if (changed.length > few) learnAll(changed);
  else for (const task of changed) learn(task);
  batchFailures.all = results.filter((result) => result.error);
  reloadLists();
}

/**
 * Failures are listed by task. What does not reach the server waits until it does.
 * @param {{ action: string, ids?: number[], filter?: Record<string, any>, expected?: number, changes?: Record<string, any> }} batch
 * @param {(count: number) => string} words
 */
export function changeMany({ ids, ...rest }, words) {
  const parts = [];
  for (let first = 0; first < (ids?.length ?? 1); first += mostIds) {
    parts.push({ key: randomKey(), body: ids ? { ...rest, ids: ids.slice(first, first + mostIds) } : rest });
  }
  return send(parts, words);
}

/**
 * Each part keeps its key until an answer came: tried again, it changes nothing twice.
 * @param {{ key: string, body: Record<string, any> }[]} parts
 * @param {(count: number) => string} words
 * @returns {Promise<{ succeeded: number, results: any[] } | null>} null when something was not changed; what waits has no results
 */
async function send(parts, words) {
  /** @type {string[]} */
  const requestIds = [];
  const sum = { succeeded: 0, results: /** @type {any[]} */ ([]) };
  /** @type {unknown} */
  let fault = null;
  const countOf = (/** @type {Record<string, any>} */ body) => body.ids?.length ?? body.expected;
  const work = async () => {
    for (const { key, body } of [...parts]) {
      try {
        // It must not overtake a change that waits.
        if (body.ids ? body.ids.some(outbox.holds) : outbox.all.length) throw new Unreachable();
        const answer = await post("/tasks/batch", body, { key });
        const { data } = answer;
        requestIds.push(await firstRequest(answer, changedIn(data)));
        sum.succeeded += data.succeeded;
        sum.results.push(...data.results);
      } catch (error) {
        const change = { key, method: /** @type {const} */ ("POST"), path: "/tasks/batch", body, words: words(countOf(body)), taskId: 0 };
        if (!await mayWait(error, change)) throw error;
      }
      parts.shift();
    }
  };
  try {
    await whileTelling(t("batch.running", { count: parts.reduce((count, { body }) => count + countOf(body), 0) }), work());
  } catch (error) {
    fault = error;
  }
  // What was done before a failure can be taken back, too.
  if (sum.succeeded) tellUndoable(requestIds, words(sum.succeeded));
  if (requestIds.length) takeResults(sum.results);
  if (!fault) return sum;
  tellFailure(fault, fault instanceof Unreachable ? { label: t("retry"), run: () => send(parts, words) } : undefined);
  return null;
}
