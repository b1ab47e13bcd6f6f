// Everybody's tasks: found, opened, deleted.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { QueryField, QuerySelect } from "../../components/QueryField.js";
import { Section } from "../../components/Section.js";
import { remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { useCursorList } from "../../core/cursorList.js";
import { focusNeighbour } from "../../core/focus.js";
import { ago, moment, number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { Link, route, taskAddress } from "../../core/router.js";
import { tellUndoable } from "../../core/undo.js";
import { priorities, statuses } from "../../tasks/filters.js";
import { TaskMarks } from "../../tasks/TaskMarks.js";
import { onReload, onTaskChange, personName } from "../../tasks/taskStore.js";
import { defineComponent, h, onUnmounted } from "../../vue.js";

/** @typedef {import("../../tasks/filters.js").Task} Task */

const filters = ["status", "priority", "owner_id", "assignee_id", "overdue"];

export const AllTasksSection = defineComponent({
  name: "AllTasksSection",
  setup() {
    const filter = () => ({
      q: route.query.get("find") ?? undefined,
      ...Object.fromEntries(filters.map((name) => [name, route.query.get(name) ?? undefined])),
    });
    // A search without an order is sorted by how well it fits.
    const list = useCursorList(() => ({
      path: "/admin/tasks",
      query: { limit: 50, count: true, ...filter(), ...(filter().q ? {} : { sort: "-updated_at" }) },
    }));
    onUnmounted(onReload(list.reload));
    onUnmounted(onTaskChange((id, task) => {
      if (task) list.items = list.items.map((one) => one.id === id ? { ...one, ...task } : one);
      else list.items = list.items.filter((one) => one.id !== id);
    }));

    /** @param {Task} task @param {boolean} isPermanent */
    async function destroy(task, isPermanent) {
      if (
        isPermanent &&
        !await confirm({
          title: t("allTasks.purge.ask", { title: task.title }),
          text: t("allTasks.purge.text"),
          action: t("allTasks.purge"),
        })
      ) return;
      const focus = focusNeighbour(task.id);
      try {
        const { requestId } = await remove(`/admin/tasks/${task.id}`, { query: isPermanent ? { permanent: true } : {} });
        list.items = list.items.filter((one) => one.id !== task.id);
        if (isPermanent) tell(t("allTasks.purged", { title: task.title }));
        else tellUndoable(requestId, t("task.deleted", { title: task.title }));
        focus();
      } catch (error) {
        tellFailure(error);
        list.reload();
      }
    }
    const columns = () => [
      {
        name: "title",
        label: t("allTasks.task"),
        cell: (/** @type {Task} */ task) => [
          h(Link, { to: taskAddress(task.id), "data-focus": `task-${task.id}`, dir: "auto" }, () => task.title),
          " ",
          h(TaskMarks, { task }),
        ],
      },
      { name: "status", label: t("status"), cell: (/** @type {Task} */ task) => t(`status.${task.status}`) },
      {
        name: "owner",
        label: t("allTasks.owner"),
        cell: (/** @type {Task} */ task) => h(Link, { to: `/admin/users/${task.owner_id}` }, () => personName(task.owner_id)),
      },
      {
        name: "updated",
        label: t("allTasks.updated"),
        cell: (/** @type {Task} */ task) => h("time", { datetime: task.updated_at, title: moment(task.updated_at) }, ago(task.updated_at)),
      },
      {
        name: "actions",
        label: "",
        cell: (/** @type {Task} */ task) =>
          h("div", { class: "actions" }, [
            // The same as “Delete” elsewhere: into the trash.
            h(Button, {
              icon: "trash-2",
              iconOnly: true,
              kind: "quiet",
              label: t("allTasks.delete.of", { title: task.title }),
              onClick: () => destroy(task, false),
            }),
            h(Button, {
              label: t("allTasks.purge"),
              "aria-label": t("allTasks.purge.of", { title: task.title }),
              onClick: () => destroy(task, true),
            }),
          ]),
      },
    ];
    const hasFilter = () => Object.values(filter()).some(Boolean);
    return () =>
      h(Section, {
        title: t("admin.tasks"),
        text: list.meta.total === undefined ? "" : t("allTasks.count", { count: list.meta.total, text: number(list.meta.total) }),
      }, () => [
        h("div", { class: "filters" }, [
          h(QueryField, { name: "find", label: t("allTasks.find") }),
          h(QuerySelect, { name: "status", label: t("status"), all: t("all"), options: statuses.map((one) => [one, t(`status.${one}`)]) }),
          h(QuerySelect, {
            name: "priority",
            label: t("priority"),
            all: t("all"),
            options: priorities.map((one) => [one, t(`priority.${one}`)]),
          }),
          h(QueryField, { name: "owner_id", label: t("allTasks.ownerID"), type: "number" }),
        ]),
        h(PagedTable, {
          list,
          label: t("admin.tasks"),
          columns: columns(),
          empty: hasFilter()
            ? { icon: "search", title: t("allTasks.noneFound"), action: { label: t("allTasks.showAll"), to: "/admin/tasks" } }
            : { icon: "list-checks", title: t("allTasks.none") },
        }),
      ]);
  },
});
