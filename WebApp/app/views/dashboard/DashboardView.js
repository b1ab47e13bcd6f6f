// The dashboard: how much is open, late and done. Every number and every bar leads to exactly those tasks.
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { FilterBar } from "../../components/FilterBar.js";
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Link, route } from "../../core/router.js";
import { hasFilter, priorities, statuses } from "../../tasks/filters.js";
import { personName } from "../../tasks/taskStore.js";
import { defineComponent, h } from "../../vue.js";
import { BarList } from "./BarList.js";
import { DayChart } from "./DayChart.js";
import { useDashboard } from "./useDashboard.js";

const tiles = /** @type {const} */ (["open", "overdue", "dueToday", "dueWeek", "completedWeek"]);

export default defineComponent({
  name: "DashboardView",
  setup() {
    const dashboard = useDashboard();

    const tile = (/** @type {typeof tiles[number]} */ name) => {
      const figure = dashboard.figures?.tiles[name];
      return h(
        "li",
        { key: name },
        h(Link, { to: figure?.to ?? "/", class: ["card", "tile", name === "overdue" && figure?.count && "tile-late"] }, () => [
          h("span", { class: "tile-count" }, figure ? number(figure.count) : "…"),
          " ",
          h("span", { class: "tile-name" }, t(`dashboard.${name}`)),
        ]),
      );
    };

    const content = () => {
      const { figures, error } = dashboard;
      if (error) return h(ErrorNotice, { error, onRetry: dashboard.reload });
      if (figures && !hasFilter(route.query) && figures.byStatus.every((bar) => bar.count === 0)) {
        return h(EmptyState, {
          icon: "chart-column",
          title: t("dashboard.empty"),
          text: t("dashboard.empty.text"),
          action: { label: t("dashboard.empty.action"), to: "/" },
        });
      }
      return h("div", { class: "figures", "aria-busy": figures ? undefined : "true" }, [
        h("ul", { class: "tiles" }, tiles.map(tile)),
        h(DayChart, { bars: figures?.perDay }),
        h("div", { class: "figures-lists" }, [
          h(BarList, {
            title: t("dashboard.byStatus"),
            rows: statuses.length,
            bars: figures?.byStatus,
            name: (/** @type {string | null} */ key) => t(`status.${key}`),
            tone: "tone",
          }),
          h(BarList, {
            title: t("dashboard.byPriority"),
            rows: priorities.length,
            bars: figures?.byPriority,
            name: (/** @type {string | null} */ key) => t(`priority.${key}`),
            tone: "tone",
          }),
          h(BarList, {
            title: t("dashboard.byAssignee"),
            rows: 3,
            bars: figures?.byAssignee,
            name: (/** @type {string | null} */ key) => key ? personName(Number(key)) : t("assignee.none"),
          }),
          h(BarList, {
            title: t("dashboard.byLabel"),
            rows: 3,
            bars: figures?.byLabel,
            name: (/** @type {string | null} */ key) => key ?? t("labels.none"),
          }),
        ]),
      ]);
    };

    return () =>
      h("div", { class: "view dashboard-view" }, [
        h("header", { class: "view-head" }, h("h1", t("view.dashboard"))),
        h(FilterBar),
        content(),
      ]);
  },
});
