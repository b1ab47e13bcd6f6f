// What there is to say of single rows of a file.
import { DataTable } from "../../components/DataTable.js";
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";

/** @typedef {{ row: number, column: string, detail: string }} Remark */

const shownRows = 50;

/** @param {{ title: string, remarks: Remark[] }} props */
export const Remarks = ({ title, remarks }) =>
  remarks.length === 0 ? null : h("section", { class: "section" }, [
    h("h3", title),
    h(DataTable, {
      label: title,
      rows: remarks.slice(0, shownRows),
      keyOf: (/** @type {Remark} */ remark) => `${remark.row} ${remark.column} ${remark.detail}`,
      columns: [
        { name: "row", label: t("import.row"), cell: (/** @type {Remark} */ remark) => number(remark.row) },
        { name: "column", label: t("import.column"), cell: (/** @type {Remark} */ remark) => h("bdi", remark.column) },
        { name: "detail", label: t("import.detail"), cell: (/** @type {Remark} */ remark) => h("span", { dir: "auto" }, remark.detail) },
      ],
    }),
    remarks.length > shownRows ? h("p", { class: "hint" }, t("import.moreRemarks", { count: remarks.length - shownRows })) : null,
  ]);
Remarks.props = ["title", "remarks"];
