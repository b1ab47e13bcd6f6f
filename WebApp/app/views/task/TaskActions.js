// What else is done with a task: its link, the archive, the trash.
import { Button } from "../../components/Button.js";
import { copy } from "../../core/copy.js";
import { t } from "../../core/messages.js";
import { changeTask } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @param {{ task: import("../../tasks/filters.js").Task }} props @param {import("../../vue.d.ts").Context} context */
export const TaskActions = ({ task }, { emit }) =>
  h("div", { class: "task-actions" }, [
    task.id > 0 ? h(Button, { icon: "link", label: t("task.copyLink"), onClick: () => copy(`${location.origin}/?task=${task.id}`) }) : null,
    h(Button, {
      icon: task.archived ? "archive-restore" : "archive",
      label: t(task.archived ? "task.unarchive" : "task.archive"),
      onClick: () => changeTask(task.id, { archived: !task.archived }, t(task.archived ? "task.unarchived" : "task.archived")),
    }),
    h(Button, { icon: "trash-2", label: t("delete"), onClick: () => emit("delete") }),
  ]);
TaskActions.props = ["task"];
TaskActions.emits = ["delete"];
