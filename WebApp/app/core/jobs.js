// Follows a job until it has ended: it is asked for more seldom the longer it takes.
import { get, Unreachable } from "./api.js";

/**
 * @typedef {object} Job
 * @property {number} id
 * @property {string} kind
 * @property {"queued" | "running" | "completed" | "failed" | "cancelled"} state
 * @property {{ done: number, total: number | null, message: string | null }} progress
 * @property {number} attempts
 * @property {Record<string, any> | null} result
 * @property {string | null} error
 * @property {string} created_at
 * @property {string | null} started_at
 * @property {string | null} finished_at
 */

/** @param {Job} job */
export const isRunning = (job) => job.state === "queued" || job.state === "running";

/**
 * @param {Job} job as it was last seen
 * @param {(job: Job) => void} take
 * @param {AbortSignal} [signal]
 * @returns {Promise<Job>} the job at its end, or as it was when the signal came
 */
export async function followJob(job, take, signal) {
  let wait = 250;
  while (isRunning(job) && !signal?.aborted) {
    await new Promise((go) => setTimeout(go, wait));
    if (signal?.aborted) break;
    wait = Math.min(2000, wait * 1.3);
    try {
      job = (await get(`/jobs/${job.id}`)).data;
    } catch (error) {
      // The job goes on without the network.
      if (error instanceof Unreachable) continue;
      throw error;
    }
    if (!signal?.aborted) take(job);
  }
  return job;
}
