// What an import would make, before it makes anything: what the file was taken for, its columns, what is wrong with it.
import { Button } from "../../components/Button.js";
import { Check } from "../../components/Check.js";
import { list } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";
import { ColumnMapping } from "./ColumnMapping.js";
import { importing, runImport, startAgain, tryFile } from "./importing.js";
import { ReadingOptions } from "./ReadingOptions.js";
import { Remarks } from "./Remarks.js";

/** “A table from Todoist (UTF-8, semicolons)”. @param {any} file */
function takenFor(file) {
  const details = ["charset", "delimiter", "date_order"].filter((name) => file[name]).map((name) => t(`import.${name}.${file[name]}`));
  const kind = t(`import.format.${file.format}`);
  return t("import.takenFor", { kind, product: file.product ?? "", details: list(details) });
}

export const ImportPreview = () => {
  const { job, fault, file, isStale } = importing;
  const result = fault ? null : job?.result;
  const count = result?.created ?? 0;
  return h("div", { class: "sections" }, [
    h("section", { class: "section" }, [
      h("div", { class: "section-head" }, [
        h("h2", [h("bdi", file?.name)]),
        h(Button, { icon: "x", kind: "quiet", label: t("import.otherFile"), onClick: startAgain }),
      ]),
      fault
        ? h("div", { class: "note note-bad", role: "alert" }, [
          importing.isUnreachable ? null : h("p", t("import.refused")),
          h("p", { dir: "auto" }, fault),
        ])
        : null,
      result
        ? [
          h("p", takenFor(result.file)),
          h("p", { class: "counts", role: "status" }, [
            h("span", t("import.wouldCreate", { count })),
            result.skipped ? h("span", t("import.wouldSkip", { count: result.skipped })) : null,
            result.failed ? h("span", { class: "fault" }, t("import.wouldFail", { count: result.failed })) : null,
          ]),
          result.file.notes.length
            ? h(
              "ul",
              { class: "bullets" },
              result.file.notes.map((/** @type {string} */ note) => h("li", { key: note, dir: "auto" }, note)),
            )
            : null,
        ]
        : null,
      h(ReadingOptions, { isOpen: Boolean(fault) }),
    ]),
    importing.preview || result
      ? h("section", { class: "section" }, [
        h("h3", t("import.columns")),
        h("p", { class: "hint" }, t("import.columns.text")),
        h(ColumnMapping),
      ])
      : null,
    result ? h(Remarks, { title: t("import.errors"), remarks: result.errors }) : null,
    result ? h(Remarks, { title: t("import.notes"), remarks: result.notes }) : null,
    h("div", { class: "import-bar" }, [
      result?.failed
        ? h(Check, {
          label: t("import.atomic"),
          hint: t("import.atomic.hint"),
          modelValue: importing.isAtomic,
          "onUpdate:modelValue": (/** @type {boolean} */ isOn) => void (importing.isAtomic = isOn),
        })
        : null,
      h("div", { class: "actions" }, [
        isStale || fault
          ? h(Button, { kind: fault ? "primary" : "plain", icon: "refresh-cw", label: t("import.checkAgain"), onClick: tryFile })
          : null,
        result && (count || isStale)
          ? h(Button, {
            kind: "primary",
            icon: "upload",
            label: isStale ? t("import.start") : t("import.startCount", { count }),
            onClick: runImport,
          })
          : null,
      ]),
    ]),
  ]);
};
