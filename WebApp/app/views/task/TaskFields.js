// The fields of a task that are chosen, each with its picker.
import { DatePicker } from "../../components/DatePicker.js";
import { LabelPicker } from "../../components/LabelPicker.js";
import { PersonPicker } from "../../components/PersonPicker.js";
import { PriorityMenu } from "../../components/PriorityMenu.js";
import { StatusMenu } from "../../components/StatusMenu.js";
import { t } from "../../core/messages.js";
import { changeTask, personName } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @param {{ task: import("../../tasks/filters.js").Task }} props */
export const TaskFields = ({ task }) => {
  const change = (/** @type {string} */ field) => (/** @type {any} */ value) =>
    changeTask(task.id, { [field]: value }, t("task.changed", { field: t(field === "assignee_id" ? "assignee" : field) }));
  const row = (/** @type {string} */ label, /** @type {any} */ picker) =>
    h("div", { class: "task-field" }, [h("span", { "aria-hidden": "true" }, label), picker]);
  return h("div", { class: "task-fields" }, [
    row(t("status"), h(StatusMenu, { kind: "quiet", modelValue: task.status, "onUpdate:modelValue": change("status") })),
    row(t("priority"), h(PriorityMenu, { kind: "quiet", modelValue: task.priority, "onUpdate:modelValue": change("priority") })),
    row(t("assignee"), h(PersonPicker, { kind: "quiet", modelValue: task.assignee_id, "onUpdate:modelValue": change("assignee_id") })),
    row(
      t("due"),
      h(DatePicker, {
        kind: "quiet",
        modelValue: { due_on: task.due_on, due_at: task.due_at },
        onChange: (/** @type {Record<string, string | null>} */ due) => changeTask(task.id, due, t("task.changed", { field: t("due") })),
      }),
    ),
    row(t("labels"), h(LabelPicker, { kind: "quiet", modelValue: task.labels, "onUpdate:modelValue": change("labels") })),
    row(t("task.owner"), h("span", { class: "task-value" }, h("bdi", personName(task.owner_id)))),
  ]);
};
TaskFields.props = ["task"];
