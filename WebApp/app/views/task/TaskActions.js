// What else is done with a task: its link, the archive, the trash.
import { Button } from "../../components/Button.js";
import { t } from "../../core/messages.js";
import { tell } from "../../core/notices.js";
import { changeTask } from "../../tasks/taskStore.js";
import { h } from "../../vue.js";

/** @param {number} id */
async function copyLink(id) {
  const link = `${location.origin}/?task=${id}`;
  try {
    await navigator.clipboard.writeText(link);
    tell(t("task.linkCopied"));
  } catch {
    // The clipboard exists on localhost and HTTPS only.
    tell(t("task.link", { link }));
  }
}

/** @param {{ task: import("../../tasks/filters.js").Task }} props @param {import("../../vue.d.ts").Context} context */
export const TaskActions = ({ task }, { emit }) =>
  h("div", { class: "task-actions" }, [
    task.id > 0 ? h(Button, { icon: "link", label: t("task.copyLink"), onClick: () => copyLink(task.id) }) : null,
    h(Button, {
      icon: task.archived ? "archive-restore" : "archive",
      label: t(task.archived ? "task.unarchive" : "task.archive"),
      onClick: () => changeTask(task.id, { archived: !task.archived }, t(task.archived ? "task.unarchived" : "task.archived")),
    }),
    h(Button, { icon: "trash-2", label: t("delete"), onClick: () => emit("delete") }),
  ]);
TaskActions.props = ["task"];
TaskActions.emits = ["delete"];
