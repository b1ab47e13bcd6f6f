// When a task came to be, when it was changed, and who can see it.
import { ago, list, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { session } from "../../core/session.js";
import { personName } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @param {import("../../tasks/filters.js").Task} task */
function seenBy(task) {
  const ids = [...new Set([task.owner_id, task.assignee_id])].filter((id) => id !== null);
  return list([...ids.map((id) => id === session.user?.id ? t("task.you") : personName(id)), t("task.admins")]);
}

/** @param {{ task: import("../../tasks/filters.js").Task }} props */
export const TaskFacts = ({ task }) => {
  const fact = (/** @type {string} */ label, /** @type {string | null | undefined} */ instant) =>
    instant ? [h("dt", label), h("dd", h("time", { datetime: instant, title: moment(instant) }, ago(instant)))] : null;
  return h("dl", { class: "task-facts" }, [
    h("dt", t("task.seenBy")),
    h("dd", seenBy(task)),
    fact(t("task.created_at"), task.created_at),
    fact(t("task.updated_at"), task.updated_at),
    fact(t("task.completed_at"), task.completed_at),
  ]);
};
TaskFacts.props = ["task"];
