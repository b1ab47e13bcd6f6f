// A change whose answer was lost is sent again with its key, and the server gives the first answer under a new request id. What can be taken
// back has the id of the first request, which the history of the task knows.
import { get } from "../core/api.js";

/**
 * @param {import("../core/api.js").Answer} answer
 * @param {{ id: number, updated_at?: string } | undefined} task one that it changed
 * @returns {Promise<string>}
 */
export async function firstRequest({ headers, requestId }, task) {
  if (!task || !headers.has("Idempotency-Replayed")) return requestId;
  /** @type {{ at: string, request_id: string }[]} */
  const events = (await get(`/tasks/${task.id}/history`, { limit: 100 })).data.data;
  return (events.find(({ at }) => !task.updated_at || at === task.updated_at) ?? { request_id: requestId }).request_id;
}
