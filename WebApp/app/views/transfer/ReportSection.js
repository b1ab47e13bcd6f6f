// Has reports made, and lists those that were made.
import { Button } from "../../components/Button.js";
import { useForm } from "../../components/useForm.js";
import { post } from "../../core/api.js";
import { today } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { tell } from "../../core/notices.js";
import { session } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { JobTable } from "./JobTable.js";
import { rangeOf } from "./ranges.js";

const ranges = ["days", "week", "month", "lastMonth", "year", "own"];

export const ReportSection = defineComponent({
  name: "ReportSection",
  setup() {
    /** @type {any} */
    let table = null;
    const form = useForm(
      { format: "pdf", range: "days", ...rangeOf("days", today()), scope: "mine" },
      async ({ format, range, from, to, scope }) => {
        const { data } = await post("/reports", { format, scope, range: range === "own" ? { from, to } : rangeOf(range, today()) });
        table?.take(data);
        tell(t("report.asked"));
      },
    );
    const options = (/** @type {string} */ part, /** @type {string[]} */ names) => () =>
      names.map((name) => h("option", { value: name, key: name }, t(`report.${part}.${name}`)));
    return () => [
      h("form", { class: "report-form", onSubmit: form.submit }, [
        h("div", { class: "filters" }, [
          form.field("range", { label: t("report.range"), as: "select" }, options("range", ranges)),
          form.values.range === "own"
            ? form.field("from", { label: t("report.from"), type: "date", required: true, max: form.values.to })
            : null,
          form.values.range === "own"
            ? form.field("to", { label: t("report.to"), type: "date", required: true, min: form.values.from })
            : null,
          form.field("format", { label: t("report.format"), as: "select" }, options("format", ["pdf", "csv"])),
          session.user?.role === "admin"
            ? form.field("scope", { label: t("report.scope"), as: "select" }, options("scope", ["mine", "all"]))
            : null,
        ]),
        form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
        h(
          "div",
          { class: "actions" },
          h(Button, { type: "submit", kind: "primary", icon: "file-text", label: t("report.make"), busy: form.isBusy }),
        ),
      ]),
      h("h3", t("report.made")),
      h(JobTable, {
        ref: (/** @type {any} */ one) => void (table = one),
        label: t("report.made"),
        path: "/jobs",
        query: { kind: "report.make" },
        empty: { icon: "file-text", title: t("report.none"), text: t("report.none.text") },
      }),
    ];
  },
});
