// A table of things: real rows and heads on wide screens, a card for each row on narrow ones.
import { h } from "../vue.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label the head; empty for the buttons of a row
 * @property {(row: any) => import("../vue.d.ts").Child} cell
 * @property {boolean} [isNumber]
 */

/**
 * The roles are written out, since browsers forget them when a style sheet makes blocks of the cells.
 * @param {{ label: string, columns: Column[], rows: any[], keyOf?: (row: any) => string | number, rowClass?: (row: any) => string }} props
 */
export const DataTable = ({ label, columns, rows, keyOf = (row) => row.id, rowClass }) =>
  h("table", { class: "data-table", role: "table", "aria-label": label }, [
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        columns.map((column) =>
          column.label
            ? h("th", { role: "columnheader", scope: "col", key: column.name, class: { "cell-number": column.isNumber } }, column.label)
            : h("td", { role: "cell", key: column.name })
        ),
      ),
    ),
    h(
      "tbody",
      { role: "rowgroup" },
      rows.map((row) =>
        h(
          "tr",
          { role: "row", key: keyOf(row), class: rowClass?.(row), "data-row": keyOf(row) },
          columns.map((column, place) => {
            const isHead = place === 0;
            return h(isHead ? "th" : "td", {
              role: isHead ? "rowheader" : "cell",
              scope: isHead ? "row" : undefined,
              key: column.name,
              class: [column.isNumber && "cell-number", !column.label && "cell-actions"],
              "data-label": column.label || undefined,
            }, column.cell(row));
          }),
        )
      ),
    ),
  ]);
DataTable.props = ["label", "columns", "rows", "keyOf", "rowClass"];
