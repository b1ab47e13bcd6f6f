// One task of a list: completed with one click, opened by its title.
import { Icon } from "../../components/Icon.js";
import { t } from "../../core/messages.js";
import { addressWith, Link } from "../../core/router.js";
import { TaskMarks } from "../../tasks/TaskMarks.js";
import { toggleCompleted } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @param {{ task: import("../../tasks/filters.js").Task }} props */
export const TaskRow = ({ task }) => {
  const isDone = task.status === "completed";
  return h("li", { class: ["row", isDone && "row-done"] }, [
    h("button", {
      type: "button",
      class: ["check", `check-${task.priority}`],
      "aria-label": t(isDone ? "reopen" : "complete"),
      title: t(isDone ? "reopen" : "complete"),
      onClick: () => toggleCompleted(task),
    }, h(Icon, { name: isDone ? "circle-check" : "circle" })),
    h(
      Link,
      { to: addressWith({ task: String(task.id) }), class: "row-title", "data-focus": `task-${task.id}`, dir: "auto" },
      () => task.title,
    ),
    h(TaskMarks, { task }),
  ]);
};
TaskRow.props = ["task"];
