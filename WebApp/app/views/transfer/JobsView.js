// One's own imports, reports and other work that goes on behind.
import { QuerySelect } from "../../components/QueryField.js";
import { t } from "../../core/messages.js";
import { route } from "../../core/router.js";
import { h } from "../../vue.js";
import { JobTable } from "./JobTable.js";

const states = ["queued", "running", "completed", "failed", "cancelled"];

export default () => {
  const state = route.query.get("state") ?? undefined;
  return h("div", { class: "view manage-view" }, [
    h("header", { class: "view-head" }, [h("h1", t("view.jobs")), h("p", { class: "hint" }, t("jobs.text"))]),
    h(
      "div",
      { class: "filters" },
      h(QuerySelect, {
        name: "state",
        label: t("jobs.state"),
        all: t("jobs.anyState"),
        options: states.map((one) => [one, t(`jobs.state.${one}`)]),
      }),
    ),
    h(JobTable, {
      label: t("view.jobs"),
      path: "/jobs",
      query: { state },
      empty: state
        ? { icon: "clock", title: t("jobs.noneSuch"), action: { label: t("jobs.showAll"), to: "/jobs" } }
        : { icon: "clock", title: t("jobs.none"), text: t("jobs.none.text"), action: { label: t("import.begin"), to: "/import" } },
    }),
  ]);
};
