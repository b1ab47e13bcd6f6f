// Deleted tasks: taken back one by one or many at once, until they are gone for good.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { QueryField } from "../../components/QueryField.js";
import { post, remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { useCursorList } from "../../core/cursorList.js";
import { focusNeighbour } from "../../core/focus.js";
import { ago, dayOf, daysBetween, moment, today } from "../../core/format.js";
import { plural, t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { route } from "../../core/router.js";
import { session } from "../../core/session.js";
import { tellUndoable } from "../../core/undo.js";
import { TaskMarks } from "../../tasks/TaskMarks.js";
import { changeMany } from "../../tasks/batch.js";
import { onReload } from "../../tasks/taskStore.js";
import { defineComponent, h, onUnmounted, shallowRef } from "../../vue.js";

/** @typedef {import("../../tasks/filters.js").Task & { deleted_at?: string, purged_at?: string }} DeletedTask */

export default defineComponent({
  name: "TrashView",
  setup() {
    const find = () => route.query.get("find") ?? undefined;
    const list = useCursorList(() => ({ path: "/tasks/trash", query: { limit: 100, q: find() } }));
    /** @type {import("../../vue.d.ts").Ref<Set<number>>} */
    const chosen = shallowRef(new Set());
    onUnmounted(onReload(list.reload));

    /** @param {number[]} ids */
    function drop(ids) {
      list.items = list.items.filter((task) => !ids.includes(task.id));
      chosen.value = new Set([...chosen.value].filter((id) => !ids.includes(id)));
    }
    /** @param {number} id @param {boolean} isChosen */
    function choose(id, isChosen) {
      const now = new Set(chosen.value);
      if (isChosen) now.add(id);
      else now.delete(id);
      chosen.value = now;
    }
    /** @param {DeletedTask} task */
    async function restore(task) {
      const focus = focusNeighbour(task.id);
      try {
        const { requestId } = await post(`/tasks/${task.id}/restore`);
        drop([task.id]);
        tellUndoable(requestId, t("trash.restored", { title: task.title }));
        focus();
      } catch (error) {
        tellFailure(error);
        list.reload();
      }
    }
    async function restoreChosen() {
      const ids = [...chosen.value];
      const data = await changeMany(
        { action: "restore", ids },
        (count) => plural(count, { one: t("trash.restoredMany.one"), other: t("trash.restoredMany.other") }),
      );
      if (data) drop(data.results.filter((/** @type {any} */ result) => !result.error).map((/** @type {any} */ result) => result.id));
      document.getElementById("content")?.focus();
    }
    /** @param {DeletedTask[]} all */
    async function purge(all) {
      const title = all.length === 1 ? t("trash.purge.ask.one", { title: all[0].title }) : t("trash.purge.ask.many", { count: all.length });
      if (!await confirm({ title, text: t("trash.purge.text"), action: t("trash.purge") })) return;
      const focus = focusNeighbour(all[0].id);
      let gone = 0;
      try {
        for (const task of all) {
          await remove(`/admin/tasks/${task.id}`, { query: { permanent: true } });
          drop([task.id]);
          gone++;
        }
      } catch (error) {
        tellFailure(error);
      }
      if (gone) tell(plural(gone, { one: t("trash.purged.one"), other: t("trash.purged.other") }));
      focus();
    }
    /** @param {DeletedTask} task */
    function end(task) {
      if (!task.purged_at) return "";
      const days = Math.max(0, daysBetween(today(), dayOf(task.purged_at)));
      return h("time", { datetime: task.purged_at, title: moment(task.purged_at) }, days ? t("trash.days", { days }) : t("trash.today"));
    }
    const isAdmin = () => session.user?.role === "admin";
    const columns = () => [
      {
        name: "title",
        label: t("trash.task"),
        cell: (/** @type {DeletedTask} */ task) =>
          h("label", { class: "choose" }, [
            h("input", {
              type: "checkbox",
              "aria-label": t("trash.choose", { title: task.title }),
              checked: chosen.value.has(task.id),
              onChange: (/** @type {any} */ event) => choose(task.id, event.target.checked),
            }),
            h("span", [h("span", { dir: "auto" }, task.title), " ", h(TaskMarks, { task })]),
          ]),
      },
      {
        name: "deleted",
        label: t("trash.deleted"),
        cell: (/** @type {DeletedTask} */ task) =>
          task.deleted_at ? h("time", { datetime: task.deleted_at, title: moment(task.deleted_at) }, ago(task.deleted_at)) : "",
      },
      { name: "purged", label: t("trash.purgedAt"), cell: end },
      {
        name: "actions",
        label: "",
        cell: (/** @type {DeletedTask} */ task) =>
          h("div", { class: "actions" }, [
            h(Button, {
              icon: "archive-restore",
              label: t("trash.restore"),
              "aria-label": t("trash.restore.of", { title: task.title }),
              onClick: () => restore(task),
            }),
            isAdmin()
              ? h(Button, {
                label: t("trash.purge"),
                "aria-label": t("trash.purge.of", { title: task.title }),
                onClick: () => purge([task]),
              })
              : null,
          ]),
      },
    ];
    const bar = () => {
      const isAll = list.items.length > 0 && list.items.every((task) => chosen.value.has(task.id));
      return h("div", { class: "actions" }, [
        h("label", { class: "choose" }, [
          h("input", {
            type: "checkbox",
            checked: isAll,
            indeterminate: !isAll && chosen.value.size > 0,
            onChange: () => void (chosen.value = new Set(isAll ? [] : list.items.map((task) => task.id))),
          }),
          chosen.value.size ? t("trash.chosen", { count: chosen.value.size }) : t("trash.chooseAll"),
        ]),
        chosen.value.size
          ? h(Button, {
            kind: "primary",
            icon: "archive-restore",
            label: t("trash.restoreChosen", { count: chosen.value.size }),
            onClick: restoreChosen,
          })
          : null,
        chosen.value.size && isAdmin()
          ? h(Button, {
            icon: "trash-2",
            label: t("trash.purge"),
            onClick: () => purge(list.items.filter((task) => chosen.value.has(task.id))),
          })
          : null,
      ]);
    };
    return () =>
      h("div", { class: "view manage-view" }, [
        h("header", { class: "view-head" }, [h("h1", t("view.trash")), h("p", { class: "hint" }, t("trash.text"))]),
        list.items.length || find() ? h("div", { class: "filters" }, h(QueryField, { name: "find", label: t("trash.find") })) : null,
        list.items.length ? bar() : null,
        h(
          "section",
          { "aria-label": t("trash.tasks") },
          h(PagedTable, {
            list,
            label: t("trash.tasks"),
            columns: columns(),
            empty: find()
              ? { icon: "search", title: t("trash.noneFound"), action: { label: t("trash.showAll"), to: "/trash" } }
              : { icon: "trash-2", title: t("trash.empty"), text: t("trash.empty.text"), action: { label: t("error.home"), to: "/" } },
          }),
        ),
      ]);
  },
});
