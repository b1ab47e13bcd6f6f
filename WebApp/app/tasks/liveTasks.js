// Takes what others changed into the tasks that the page knows, and says what happened while the page was cut off.
import { plural, t } from "../core/messages.js";
import { onNews } from "../core/live.js";
import { tell } from "../core/notices.js";
import { go } from "../core/router.js";
import { session } from "../core/session.js";
import { forget, isBeingSent, learn, learnAll, reloadLists, tasks } from "./taskStore.js";

/** So many changes at a time are faster read as lists. */
const many = 100;

/** @param {import("../core/live.js").News} news */
function take({ changes, since, isTooMuch }) {
  const me = session.user?.id;
  const latest = new Map(changes.map((change) => [change.task_id, change]));
  const fresh = [];
  for (const { task_id, task, actor_id } of latest.values()) {
    // The answer to one's own change brings the same; taken twice, it would undo what was changed since.
    if (actor_id === me && isBeingSent(task_id)) continue;
    const known = tasks.get(task_id);
    if (!task) {
      if (known) forget(task_id);
    } else if (!known || known.version < task.version) fresh.push(task);
  }
  if (fresh.length > many || isTooMuch) {
    learnAll(fresh);
    reloadLists(!isTooMuch);
  } else for (const task of fresh) learn(task);
  if (since) tellMissed([...latest.values()].filter((change) => change.actor_id !== me).length, since, Boolean(isTooMuch));
}

/** @param {number} count @param {number} since @param {boolean} isTooMuch */
function tellMissed(count, since, isTooMuch) {
  if (!count && !isTooMuch) return;
  const words = isTooMuch ? t("live.missed.many") : plural(count, { one: t("live.missed.one"), other: t("live.missed.other") });
  const query = new URLSearchParams({ updated_after: new Date(since).toISOString(), sort: "-updated_at" });
  tell(words, { action: { label: t("live.missed.show"), run: () => go(`/?${query}`) } });
}

onNews(take);
