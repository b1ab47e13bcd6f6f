// The list of tasks under the filter of the address: grouped, sorted, walked by keys, changed where they stand.
import { BatchFailures } from "../../components/BatchFailures.js";
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { FilterBar } from "../../components/FilterBar.js";
import { t } from "../../core/messages.js";
import { addressWith, openTask, route } from "../../core/router.js";
import { QuickAdd } from "../../quickAdd/QuickAdd.js";
import { filterOf, hasFilter } from "../../tasks/filters.js";
import { withoutFilter } from "../../tasks/filterWords.js";
import { TaskPopover } from "../../tasks/TaskPopover.js";
import { useTaskList } from "../../tasks/useTaskList.js";
import { defineComponent, h } from "../../vue.js";
import { GroupHead } from "./GroupHead.js";
import { ListTools, sortInForce } from "./ListTools.js";
import { rowActions } from "./rowActions.js";
import { SelectionBar } from "./SelectionBar.js";
import { SkeletonRows } from "./SkeletonRows.js";
import { TaskRow } from "./TaskRow.js";
import { useListState } from "./useListState.js";
import { VirtualRows } from "./VirtualRows.js";

export default defineComponent({
  name: "ListView",
  setup() {
    const list = useTaskList(() => ({ filter: filterOf(route.query), sort: sortInForce() }));
    const state = useListState(list);

    /** What stands in the place of the rows, where there are none. */
    function instead() {
      if (list.error) return h(ErrorNotice, { error: list.error, onRetry: list.reload });
      if (list.isLoading) return h(SkeletonRows);
      return hasFilter(route.query)
        ? h(EmptyState, {
          icon: "funnel",
          title: t("list.empty.filtered"),
          action: { label: t("list.clearFilter"), to: addressWith(withoutFilter()) },
        })
        : h(EmptyState, { icon: "inbox", title: t("list.empty"), text: t("list.empty.text") });
    }

    /** @param {import("./grouping.js").Row} row @param {number} place @param {Record<string, string>} style @param {boolean} isBare */
    function line(row, place, style, isBare) {
      const isCurrent = place === state.current;
      if (row.id === null) {
        return h(GroupHead, {
          key: row.key,
          row,
          style,
          isCurrent,
          isOpen: !state.isClosed(row.group),
          onToggle: () => state.toggleGroup(row.group),
          onEnter: () => state.handlers.enter(row),
        });
      }
      return h(TaskRow, {
        key: row.key,
        row,
        style,
        place: place + 1,
        count: state.rows.length,
        isCurrent,
        isBare,
        isSelected: state.selection.has(row.id),
        isRenamed: state.renamed === row.key,
        isOpen: openTask.value === row.id,
        list: state.handlers,
      });
    }

    function tools() {
      const target = state.selected();
      return h("div", { class: ["list-bars", target && "selecting"] }, [
        h(FilterBar, { inert: Boolean(target) }, () => h(ListTools)),
        target
          ? h(SelectionBar, {
            target,
            total: list.total,
            isAll: state.selection.isAll,
            pick: (/** @type {any} */ kind, /** @type {Element} */ anchor) => state.openPopover(kind, anchor, target),
            onClear: state.clear,
            onAll: state.selection.all,
          })
          : null,
      ]);
    }

    return () =>
      h("div", { class: "view list-view" }, [
        h("header", { class: "view-head" }, [
          h("h1", t("view.list")),
          h("p", { class: "hint", role: "status" }, list.total === null ? "" : t("tasks.count", { count: list.total })),
        ]),
        h(QuickAdd),
        tools(),
        h(
          VirtualRows,
          {
            ref: state.attach,
            rows: state.rows,
            expected: state.expected(),
            current: state.current,
            isEmpty: Boolean(list.error) || !state.rows.length,
            onLost: state.refocus,
          },
          { empty: instead, default: line },
        ),
        state.opened
          ? h(TaskPopover, {
            key: state.opened.kind,
            opened: state.opened,
            actions: rowActions(state.opened.target, state.actionsOf(state.opened)),
            onClose: state.closePopover,
          })
          : null,
        h(BatchFailures),
      ]);
  },
});
