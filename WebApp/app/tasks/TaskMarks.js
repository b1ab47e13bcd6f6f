// What is to be seen of a task beside its title: priority, due date, labels, who does it.
import { Icon } from "../components/Icon.js";
import { day, moment, relativeDay, time } from "../core/format.js";
import { t } from "../core/messages.js";
import { session } from "../core/session.js";
import { h } from "../vue.js";
import { dueDay, isOverdue } from "./filters.js";
import { labelTone } from "./labelStore.js";
import { personName } from "./taskStore.js";

/** @param {import("./filters.js").Task} task */
export function dueText(task) {
  const due = dueDay(task);
  if (!due) return "";
  return task.due_at ? `${relativeDay(due)}, ${time(task.due_at)}` : relativeDay(due);
}

/** @param {{ task: import("./filters.js").Task }} props */
export const TaskMarks = ({ task }) => {
  const due = dueDay(task);
  return h("span", { class: "marks" }, [
    task.isWaiting ? h("span", { class: "mark" }, [Icon({ name: "wifi-off" }), t("waiting")]) : null,
    task.labels.slice(0, 3).map((label) => h("span", { class: ["mark mark-label", labelTone(label)], key: label, dir: "auto" }, label)),
    task.labels.length > 3 ? h("span", { class: "mark" }, `+${task.labels.length - 3}`) : null,
    task.priority === "high" || task.priority === "critical"
      ? h("span", { class: `mark mark-${task.priority}` }, [Icon({ name: "flag" }), t(`priority.${task.priority}`)])
      : null,
    due
      ? h("time", {
        class: ["mark", isOverdue(task) && "mark-overdue"],
        datetime: task.due_at ?? due,
        title: task.due_at ? moment(task.due_at) : day(due),
      }, [Icon({ name: "calendar" }), dueText(task)])
      : null,
    task.assignee_id && task.assignee_id !== session.user?.id
      ? h("span", { class: "mark" }, [Icon({ name: "user" }), personName(task.assignee_id)])
      : null,
  ]);
};
TaskMarks.props = ["task"];
