// What runs behind the views: changes of others as they happen, changes that wait for the server, the copy for reading offline. It is loaded
// after the first view, which needs none of it.
import { confirm } from "./core/confirm.js";
import { hasDatabase } from "./core/database.js";
import { whenIdle } from "./core/idle.js";
import { isReachable, live, startLive, stopLive } from "./core/live.js";
import { loadMessages, plural, t } from "./core/messages.js";
import { note, tell, Told } from "./core/notices.js";
import { beforeLogOut, session } from "./core/session.js";
import { loadStyle } from "./core/styles.js";
import { startWorker } from "./core/worker.js";
import { deliver } from "./tasks/deliver.js";
import { loadLabels } from "./tasks/labelStore.js";
import "./tasks/liveTasks.js";
import { emptyOutbox, onWaiting, outbox, readOutbox } from "./tasks/outbox.js";
import { people } from "./tasks/people.js";
import { dropOtherSnapshots, dropSnapshot, fillSnapshot, loadPlace, readNames, saveChanges, saveNames } from "./tasks/snapshot.js";
import { learnAll, reloadLists, tasks } from "./tasks/taskStore.js";
import { toRaw, watch } from "./vue.js";

export { Connection } from "./components/Connection.js";
export { ConflictDialog } from "./components/ConflictDialog.js";
export { LogInDialog } from "./components/LogInDialog.js";

let user = 0;
let filling = new AbortController();
let stopNames = () => {};

/** @param {number} id @returns {import("./core/live.js").Keeper} */
const keeperOf = (id) => ({
  load: async () => await loadPlace(id).catch(() => undefined) ?? null,
  save: (changes, cursor) => saveChanges(id, changes, cursor).catch(note),
  begin(cursor) {
    filling.abort();
    const { signal } = filling = new AbortController();
    // What was changed between the first look at a list and this place in the feed is learned here.
    const learnKnown = (/** @type {any[]} */ items) => learnAll(items.filter((task) => tasks.has(task.id)));
    whenIdle(() => {
      if (!signal.aborted) fillSnapshot(id, cursor, signal, learnKnown).catch(note);
    });
  },
});

/** @param {number} id @returns {() => void} */
const keepNames = (id) =>
  watch(() => Object.keys(people.byId).length, (/** @type {number} */ count) => {
    const { kept, byId } = toRaw(people);
    if (count) saveNames(id, { ...toRaw(kept), ...toRaw(byId) }).catch(note);
  }, { immediate: true });

/** @param {number} id */
async function arrive(id) {
  user = id;
  const keeps = await hasDatabase();
  if (keeps) {
    dropOtherSnapshots(id).catch(note);
    await readOutbox();
    // Lists that were read from the copy before the queue was.
    if (outbox.all.length && session.state === "offline") reloadLists();
    people.kept = await readNames(id);
  }
  if (user !== id) return;
  if (keeps) stopNames = keepNames(id);
  // Their colours.
  loadLabels().catch(note);
  const keeper = keeperOf(id);
  startLive(keeps ? keeper : { load: () => Promise.resolve(null), save: () => Promise.resolve(), begin: () => {} });
}

function leave() {
  if (!user) return;
  user = 0;
  filling.abort();
  stopNames();
  stopLive();
}

/** Log-out takes along what this browser keeps; what the server does not have yet would be lost with it. */
async function sayGoodbye() {
  if (outbox.all.length) await deliver();
  const count = outbox.all.length;
  if (count) {
    const isSure = await confirm({
      title: t("outbox.logOut.title"),
      text: plural(count, { one: t("outbox.logOut.one"), other: t("outbox.logOut.other") }),
      action: t("outbox.logOut.action"),
    });
    if (!isSure) throw new Told(t("outbox.logOut.stayed"));
  }
  const id = user;
  return async () => {
    filling.abort();
    stopLive();
    if (!await hasDatabase()) return;
    await Promise.all([emptyOutbox(), dropSnapshot(id)]).catch(note);
  };
}

/** Called once, after the first view is shown. */
export async function startBackground() {
  await Promise.all([loadMessages("live"), loadStyle("task")]);
  beforeLogOut(sayGoodbye);
  watch(() => session.user?.id ?? 0, (/** @type {number} */ id) => {
    leave();
    if (id) arrive(id);
  }, { immediate: true });
  watch(() => live.state, async (/** @type {string} */ _state, /** @type {string} */ before) => {
    if (!isReachable()) return;
    await deliver();
    // Lists that were read from the copy, or not at all.
    if (before === "offline") reloadLists();
  });
  // Lists that the server refused while it was busy.
  watch(() => session.state, (/** @type {string} */ state, /** @type {string} */ before) => {
    if (state === "active" && before === "offline") reloadLists();
  });
  onWaiting(() => isReachable() ? deliver() : tell(t("outbox.kept")));
  startWorker();
  // Quick add goes on when the server has gone before somebody turned to it.
  whenIdle(() => import("./quickAdd/reading.js").catch(() => {}));
}
