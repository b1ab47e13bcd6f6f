// One task of the list: selected, completed, renamed and changed where it stands, opened by its title.
import { Icon } from "../../components/Icon.js";
import { day, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { addressWith, Link } from "../../core/router.js";
import { statusIcons } from "../../tasks/choices.js";
import { dueDay, isOverdue } from "../../tasks/filters.js";
import { labelTone } from "../../tasks/labelStore.js";
import { dueText } from "../../tasks/TaskMarks.js";
import { personName, tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { defineComponent, h } from "../../vue.js";
import { RenameBox } from "./RenameBox.js";

/** Labels that are shown in a row. */
const most = 2;

export const TaskRow = defineComponent({
  name: "TaskRow",
  props: {
    row: { type: Object, required: true },
    /** @type {any} Where it stands, for screen readers: one-based place and number of rows. */
    place: { type: Number, required: true },
    count: { type: Number, required: true },
    isCurrent: Boolean,
    isSelected: Boolean,
    isRenamed: Boolean,
    isOpen: Boolean,
    /** @type {any} Functions of the list: open, pick, click, select, endRename */
    list: { type: Object, required: true },
  },
  setup(props) {
    /** A small window for one field. @param {import("../../tasks/TaskPopover.js").Kind} kind */
    const opener = (kind) => ({
      type: "button",
      tabindex: props.isCurrent ? 0 : -1,
      "aria-haspopup": kind === "priority" || kind === "actions" || kind === "status" ? "menu" : "dialog",
      onClick: (/** @type {any} */ event) => props.list.pick(kind, props.row.id, event.currentTarget),
    });

    function marks(/** @type {import("../../tasks/filters.js").Task} */ task) {
      const due = dueDay(task);
      const more = task.labels.length - most;
      return h("div", { class: "row-marks" }, [
        task.isWaiting ? h("span", { class: "mark" }, [h(Icon, { name: "wifi-off" }), t("waiting")]) : null,
        task.status === "in_progress"
          ? h("button", {
            ...opener("status"),
            class: "cell cell-set",
            "aria-label": `${t("status")}: ${t("status.in_progress")}`,
          }, h("span", { class: "mark status-in_progress" }, t("status.in_progress")))
          : null,
        h("button", {
          ...opener("labels"),
          class: ["cell cell-labels", task.labels.length && "cell-set"],
          "aria-label": `${t("labels")}: ${task.labels.join(", ") || t("labels.none")}`,
          title: task.labels.length > most ? task.labels.join(", ") : t("labels"),
        }, [
          task.labels.length ? null : h(Icon, { name: "tag" }),
          task.labels.slice(0, most).map((label) =>
            h("span", { class: ["mark mark-label", labelTone(label)], key: label, dir: "auto" }, label)
          ),
          more > 0 ? h("span", { class: "mark" }, `+${more}`) : null,
        ]),
        h("button", {
          ...opener("due"),
          class: ["cell cell-due", due && "cell-set"],
          "aria-label": `${t("due")}: ${dueText(task) || t("due.none")}`,
          title: task.due_at ? moment(task.due_at) : due ? day(due) : t("due"),
        }, [h("span", { class: ["mark", isOverdue(task) && "mark-overdue"] }, [h(Icon, { name: "calendar" }), dueText(task)])]),
        h(
          "button",
          {
            ...opener("assign"),
            class: ["cell cell-person", task.assignee_id && "cell-set"],
            "aria-label": `${t("assignee")}: ${personName(task.assignee_id) || t("assignee.none")}`,
            title: t("assignee"),
          },
          h("span", { class: "mark" }, [
            h(Icon, { name: "user" }),
            h("span", { class: "person", dir: "auto" }, personName(task.assignee_id)),
          ]),
        ),
        h("button", {
          ...opener("priority"),
          class: ["cell cell-priority", (task.priority === "high" || task.priority === "critical") && "cell-set"],
          "aria-label": `${t("priority")}: ${t(`priority.${task.priority}`)}`,
          title: `${t("priority")}: ${t(`priority.${task.priority}`)}`,
        }, h("span", { class: ["mark", `priority-${task.priority}`] }, h(Icon, { name: "flag" }))),
      ]);
    }

    return () => {
      const { row, isCurrent, list } = props;
      const task = tasks.get(row.id);
      if (!task) return null;
      const isDone = task.status === "completed";
      const tabindex = isCurrent ? 0 : -1;
      const words = t(isDone ? "reopen" : "complete");
      return h("li", {
        class: ["row", isDone && "row-done", props.isSelected && "row-selected", props.isOpen && "row-open"],
        "data-row": row.key,
        "aria-setsize": props.count,
        "aria-posinset": props.place,
        onClickCapture: (/** @type {MouseEvent} */ event) => list.click(row, event),
        onContextmenu: (/** @type {MouseEvent} */ event) => list.menu(row, event),
        onFocusin: () => list.enter(row),
      }, [
        h("label", { class: "row-select" }, [
          h("input", {
            type: "checkbox",
            tabindex,
            checked: props.isSelected,
            "aria-label": t("list.select", { title: task.title }),
            onChange: () => list.select(row),
          }),
        ]),
        h("button", {
          type: "button",
          class: ["check", `check-${task.priority}`],
          tabindex,
          "aria-label": words,
          title: words,
          onClick: () => toggleCompleted(task),
        }, h(Icon, { name: statusIcons[task.status] })),
        h("div", { class: "row-main" }, [
          props.isRenamed ? h(RenameBox, { task, onEnd: () => list.endRename(row) }) : h(Link, {
            to: addressWith({ task: String(task.id) }),
            class: "row-title",
            "data-focus": `task-${task.id}`,
            tabindex,
            title: task.title,
            "aria-current": props.isOpen ? "true" : undefined,
          }, () => h("span", { dir: "auto" }, task.title)),
          marks(task),
        ]),
        h(
          "button",
          { ...opener("actions"), class: "cell cell-more", "aria-label": t("more"), title: t("more") },
          h(Icon, { name: "ellipsis" }),
        ),
      ]);
    };
  },
});
