// One change of many tasks, as one request that one “Undo” takes back.
import { post } from "../core/api.js";
import { tellFailure } from "../core/notices.js";
import { tellUndoable } from "../core/undo.js";
import { shallowReactive } from "../vue.js";
import { learn, reloadLists } from "./taskStore.js";

/**
 * One change of many tasks. Failures are listed by task.
 * @param {{ action: string, ids?: number[], filter?: Record<string, any>, expected?: number, changes?: Record<string, any> }} batch
 * @param {(count: number) => string} words
 */
export async function changeMany(batch, words) {
  try {
    const { data, requestId } = await post("/tasks/batch", batch);
    for (const result of data.results) if (result.task) learn(result.task);
    if (data.succeeded) tellUndoable(requestId, words(data.succeeded));
    batchFailures.all = data.results.filter((/** @type {any} */ result) => result.error);
    reloadLists();
    return data;
  } catch (error) {
    tellFailure(error);
    return null;
  }
}

/** The tasks that a batch did not change, with the reasons. */
export const batchFailures = shallowReactive({ /** @type {{ id: number, error: { detail: string } }[]} */ all: [] });
