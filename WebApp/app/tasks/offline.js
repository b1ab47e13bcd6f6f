// The tasks as this browser knows them without the server: its copy, and the changes that wait.
import { hasDatabase } from "../core/database.js";
import { session } from "../core/session.js";
import { outbox } from "./outbox.js";
import { findOffline, loadPlace, readSnapshot } from "./snapshot.js";
import { withWaiting } from "./waiting.js";

async function known() {
  const id = session.user?.id;
  // A copy that is not whole would look as if tasks were lost.
  if (!id || !await hasDatabase() || !await loadPlace(id)) return null;
  return withWaiting(await readSnapshot(id), outbox.all);
}

/**
 * @param {URLSearchParams} filter
 * @param {string} sort
 */
export async function offlineTasks(filter, sort) {
  const all = await known();
  return all && findOffline(all, filter, sort);
}

/** @param {number} id */
export const offlineTask = async (id) => (await known())?.find((task) => task.id === id);
