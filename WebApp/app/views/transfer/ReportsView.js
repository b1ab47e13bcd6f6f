// Files to take along: the tasks under a filter as a table, JSON or calendar, and reports over a range of days.
import { Section } from "../../components/Section.js";
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";
import { ExportSection } from "./ExportSection.js";
import { ReportSection } from "./ReportSection.js";

export default () =>
  h("div", { class: "view manage-view" }, [
    h("header", { class: "view-head" }, h("h1", t("view.reports"))),
    h("div", { class: "sections" }, [
      h(Section, { title: t("export"), text: t("export.text") }, () => h(ExportSection)),
      h(Section, { title: t("report"), text: t("report.text") }, () => h(ReportSection)),
    ]),
  ]);
