// How two states of a task become one: a newer answer, a change of one's own, a change of somebody else.

/** @typedef {import("./filters.js").Task} Task */

const isSame = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * What else changes with it: a due date is one thing in two fields, and a task is completed at a time.
 * @param {Record<string, any>} changes
 */
export function paired(changes) {
  const both = { ...changes };
  if (changes.status) both.completed_at = changes.status === "completed" ? new Date().toISOString() : null;
  if (changes.due_at) both.due_on = null;
  if (changes.due_on) both.due_at = null;
  return both;
}

/** Whether a task brings something that was not known. @param {Task} known @param {Task} task @param {string} [except] a field */
export const isNews = (known, task, except) =>
  Object.entries(task).some(([name, value]) => {
    const before = known[/** @type {keyof Task} */ (name)];
    return value !== before && name !== except && !(Array.isArray(value) && isSame(value, before));
  });

/**
 * Lists bring tasks without their descriptions: an old one must not pass for that of a newer version.
 * @param {Task | undefined} known
 * @param {Task} task
 * @returns {Task} the same object where nothing is new, so that nothing is drawn again
 */
export function merged(known, task) {
  if (!known) return task;
  if (!isNews(known, task)) return known;
  const isOutdated = known.version < task.version && task.description === undefined;
  return { ...known, ...(isOutdated ? { description: undefined } : {}), ...task };
}

/**
 * The fields that two people changed in different ways.
 * @param {Task} base what both began with
 * @param {Task} theirs
 * @param {Record<string, any>} mine
 */
export function clashes(base, theirs, mine) {
  const wanted = paired(mine);
  return Object.keys(wanted).filter((name) => {
    // When it was completed follows from the status.
    if (name === "completed_at") return false;
    const [b, t] = [base, theirs].map((one) => /** @type {any} */ (one)[name]);
    return !isSame(b, t) && !isSame(t, wanted[name]);
  });
}

/**
 * A task without a change that was refused. What was changed since stays.
 * @param {Task} now
 * @param {Record<string, any>} changes
 * @param {Task} shown with the change
 * @param {Task} before
 * @returns {Task}
 */
export function takenBack(now, changes, shown, before) {
  const [back, wanted, old] = /** @type {any[]} */ ([{ ...now }, shown, before]);
  for (const name of Object.keys(paired(changes))) if (isSame(back[name], wanted[name])) back[name] = old[name];
  return back;
}
