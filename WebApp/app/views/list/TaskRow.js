// One task of the list: selected, completed, renamed and changed where it stands, opened by its title.
import { Icon } from "../../components/Icon.js";
import { day, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { follow, taskAddress } from "../../core/router.js";
import { statusIcons } from "../../tasks/choices.js";
import { dueDay, isOverdue } from "../../tasks/filters.js";
import { labelTone } from "../../tasks/labelStore.js";
import { dueText } from "../../tasks/TaskMarks.js";
import { personName, tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { defineComponent, h, ref } from "../../vue.js";
import { RenameBox } from "./RenameBox.js";

/** Labels that are shown in a row. */
const most = 2;
/** There is no room for targets that a finger hits: what is known of a task is to be read, and changed through “More”. */
const phone = matchMedia("(pointer: coarse) and (max-width: 48rem)");
const isPhone = ref(phone.matches);
phone.addEventListener("change", () => void (isPhone.value = phone.matches));

export const TaskRow = defineComponent({
  name: "TaskRow",
  props: {
    row: { type: Object, required: true },
    /** @type {any} Where it stands, for screen readers: one-based place and number of rows. */
    place: { type: Number, required: true },
    count: { type: Number, required: true },
    isCurrent: Boolean,
    /** Its title alone, for as long as somebody scrolls fast. */
    isBare: Boolean,
    isSelected: Boolean,
    isRenamed: Boolean,
    isOpen: Boolean,
    /** @type {any} Functions of the list: open, pick, click, select, endRename */
    list: { type: Object, required: true },
  },
  setup(props) {
    const isHot = ref(false);
    const heat = (/** @type {PointerEvent} */ event) => void (isHot.value = event.type === "pointerenter" && event.pointerType === "mouse");

    /** A small window for one field. @param {import("../../tasks/TaskPopover.js").Kind} kind */
    const opener = (kind) => ({
      type: "button",
      tabindex: props.isCurrent ? 0 : -1,
      "aria-haspopup": kind === "priority" || kind === "actions" || kind === "status" ? "menu" : "dialog",
      onClick: (/** @type {any} */ event) => props.list.pick(kind, props.row.id, event.currentTarget),
    });

    /**
     * A field of the task, which opens its picker. One that is not set is there only while the row is current or under the pointer: a
     * thousand rows need not carry it, and nobody has to hear it.
     * @param {import("../../tasks/TaskPopover.js").Kind} kind
     * @param {string} name
     * @param {string} value in words
     * @param {any} isSet
     * @param {() => import("../../vue.d.ts").Child} content
     * @param {string} [title]
     */
    const cell = (kind, name, value, isSet, content, title) => {
      const look = { key: kind, class: ["cell", `cell-${kind}`, isSet && "cell-set"] };
      const words = `${name}: ${value}`;
      if (isPhone.value) return isSet ? h("span", { ...look, role: "img", "aria-label": words }, content()) : null;
      return isSet || props.isCurrent || isHot.value
        ? h("button", { ...opener(kind), ...look, "aria-label": words, title: title ?? name }, content())
        : null;
    };

    function marks(/** @type {import("../../tasks/filters.js").Task} */ task) {
      const due = dueDay(task);
      const words = dueText(task);
      const person = personName(task.assignee_id);
      const more = task.labels.length - most;
      const isInProgress = task.status === "in_progress";
      const priority = t(`priority.${task.priority}`);
      return h("div", { class: "row-marks" }, [
        h("div", { class: "cells-start" }, [
          task.isWaiting ? h("span", { class: "mark" }, [Icon({ name: "wifi-off" }), t("waiting")]) : null,
          isInProgress
            ? cell(
              "status",
              t("status"),
              t("status.in_progress"),
              true,
              () => h("span", { class: "mark status-in_progress" }, t("status.in_progress")),
            )
            : null,
          cell("labels", t("labels"), task.labels.join(", ") || t("labels.none"), task.labels.length, () =>
            task.labels.length
              ? [
                task.labels.slice(0, most).map((label) =>
                  h("span", { class: ["mark mark-label", labelTone(label)], key: label, dir: "auto" }, label)
                ),
                more > 0 ? h("span", { class: "mark" }, `+${more}`) : null,
              ]
              : Icon({ name: "tag" }), more > 0 ? task.labels.join(", ") : undefined),
        ]),
        cell(
          "due",
          t("due"),
          words || t("due.none"),
          due,
          () => h("span", { class: ["mark", isOverdue(task) && "mark-overdue"] }, [Icon({ name: "calendar" }), words]),
          task.due_at ? moment(task.due_at) : due ? day(due) : undefined,
        ),
        cell(
          "assign",
          t("assignee"),
          person || t("assignee.none"),
          task.assignee_id,
          () => h("span", { class: "mark" }, [Icon({ name: "user" }), h("span", { class: "person", dir: "auto" }, person)]),
        ),
        cell(
          "priority",
          t("priority"),
          priority,
          task.priority === "high" || task.priority === "critical",
          () => h("span", { class: ["mark", `priority-${task.priority}`] }, Icon({ name: "flag" })),
          `${t("priority")}: ${priority}`,
        ),
      ]);
    }

    return () => {
      const { row, isCurrent, isBare, list } = props;
      const task = tasks.get(row.id);
      if (!task) return null;
      const isDone = task.status === "completed";
      const tabindex = isCurrent ? 0 : -1;
      const words = t(isDone ? "reopen" : "complete");
      return h("li", {
        class: ["row", isDone && "row-done", props.isSelected && "row-selected", props.isOpen && "row-open", isBare && "row-bare"],
        "data-row": row.key,
        "aria-setsize": props.count,
        "aria-posinset": props.place,
        onClickCapture: (/** @type {MouseEvent} */ event) => list.click(row, event),
        onContextmenu: (/** @type {MouseEvent} */ event) => list.menu(row, event),
        onFocusin: () => list.enter(row),
        onPointerenter: heat,
        onPointerleave: heat,
      }, [
        isBare ? null : h("label", { class: "row-select" }, [
          h("input", {
            type: "checkbox",
            tabindex,
            checked: props.isSelected,
            "aria-label": t("list.select", { title: task.title }),
            onChange: () => list.select(row),
          }),
        ]),
        isBare ? null : h("button", {
          type: "button",
          class: ["check", `check-${task.priority}`],
          tabindex,
          "aria-label": words,
          title: words,
          onClick: () => toggleCompleted(task),
        }, Icon({ name: statusIcons[task.status] })),
        h("div", { class: "row-main" }, [
          props.isRenamed ? h(RenameBox, { task, onEnd: () => list.endRename(row) }) : h("a", {
            href: taskAddress(task.id),
            onClick: follow,
            class: "row-title",
            "data-focus": `task-${task.id}`,
            tabindex,
            title: task.title,
            "aria-current": props.isOpen ? "true" : undefined,
          }, h("span", { dir: "auto" }, task.title)),
          isBare ? null : marks(task),
        ]),
        isBare ? null : h(
          "button",
          { ...opener("actions"), class: "cell cell-more", "aria-label": t("more"), title: t("more") },
          Icon({ name: "ellipsis" }),
        ),
      ]);
    };
  },
});
