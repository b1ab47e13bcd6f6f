// The columns of a file with their first rows and what they are read as; the meaning can be said by hand.
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";
import { importing, sayOfColumn } from "./importing.js";

const meanings = [
  "title",
  "description",
  "status",
  "completed",
  "percent",
  "priority",
  "assignee",
  "labels",
  "label",
  "due",
  "archived",
  "active",
  "completed_at",
  "created_at",
  "detail",
  "ignore",
];

/** Every column with what the server takes it for; null when it said nothing. */
function columnsOf(/** @type {any} */ file, /** @type {import("./filePreview.js").Preview | null} */ preview) {
  const found = new Map((file?.columns ?? []).map((/** @type {any} */ column) => [column.name, column.meaning]));
  for (const name of file?.ignored ?? []) found.set(name, "left out");
  const order = preview?.columns.filter((name) => name) ?? [];
  const names = [...new Set([...order, ...found.keys()])];
  return names.map((name) => ({ name, meaning: /** @type {string | null} */ (found.get(name) ?? null) }));
}

export const ColumnMapping = () => {
  const { preview, job } = importing;
  const columns = columnsOf(job?.result?.file, preview);
  if (!columns.length) return null;
  const examples = (/** @type {string} */ name) => {
    const place = preview?.columns.indexOf(name) ?? -1;
    return place < 0 ? [] : (preview?.rows ?? []).map((row) => row[place]).filter((text) => text.trim()).slice(0, 3);
  };
  return h("table", { class: "data-table", role: "table", "aria-label": t("import.columns") }, [
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        ["import.column", "import.examples", "import.meaning"].map((name) =>
          h("th", { role: "columnheader", scope: "col", key: name }, t(name))
        ),
      ),
    ),
    h(
      "tbody",
      { role: "rowgroup" },
      columns.map(({ name, meaning }) =>
        h("tr", { role: "row", key: name }, [
          h("th", { role: "rowheader", scope: "row", dir: "auto" }, name),
          h(
            "td",
            { role: "cell", "data-label": t("import.examples"), class: "examples", dir: "auto" },
            examples(name).map((text) => h("span", { class: "example" }, text.slice(0, 80))),
          ),
          h(
            "td",
            { role: "cell", "data-label": t("import.meaning") },
            h("select", {
              "aria-label": t("import.meaning.of", { name }),
              value: importing.columns[name] ?? "",
              onChange: (/** @type {any} */ event) => sayOfColumn(name, event.target.value),
            }, [
              h("option", { value: "" }, meaning ? t("import.asFound", { found: t(`import.found.${meaning}`) }) : t("import.byItself")),
              ...meanings.map((value) => h("option", { value, key: value }, t(`import.means.${value}`))),
            ]),
          ),
        ])
      ),
    ),
  ]);
};
