// The list of tasks under the filter of the address.
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { t } from "../../core/messages.js";
import { route } from "../../core/router.js";
import { QuickAdd } from "../../quickAdd/QuickAdd.js";
import { filterOf, hasFilter } from "../../tasks/filters.js";
import { tasks } from "../../tasks/taskStore.js";
import { useTaskList } from "../../tasks/useTaskList.js";
import { defineComponent, h } from "../../vue.js";
import { TaskRow } from "./TaskRow.js";

export default defineComponent({
  name: "ListView",
  setup() {
    const list = useTaskList(() => ({ filter: filterOf(route.query), sort: route.query.get("sort") ?? "-created_at" }));
    const rows = () => {
      if (list.error) return h(ErrorNotice, { error: list.error, onRetry: list.reload });
      if (list.isLoading) return h("p", { class: "hint" }, t("loading"));
      if (!list.ids.length) {
        return hasFilter(route.query)
          ? h(EmptyState, { icon: "funnel", title: t("list.empty.filtered"), action: { label: t("list.clearFilter"), to: "/" } })
          : h(EmptyState, { icon: "inbox", title: t("list.empty"), text: t("list.empty.text") });
      }
      return h(
        "ul",
        { class: "rows" },
        list.ids.map((id) => {
          const task = tasks.get(id);
          return task ? h(TaskRow, { key: id, task }) : null;
        }),
      );
    };
    return () =>
      h("div", { class: "view list-view" }, [
        h("header", { class: "view-head" }, [
          h("h1", t("view.list")),
          list.total === null ? null : h("p", { class: "hint" }, t("tasks.count", { count: list.total })),
        ]),
        h(QuickAdd),
        h("section", { "aria-label": t("tasks"), class: "rows-scroll", "data-scroller": "" }, rows()),
      ]);
  },
});
