// What a person may say of a file when it does not show by itself how it is to be read.
import { Field } from "../../components/Field.js";
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";
import { importing, sayOfFile } from "./importing.js";

const options = /** @type {const} */ ({
  format: ["csv", "json", "ics", "todo.txt"],
  date_order: ["dmy", "mdy", "ymd"],
  delimiter: ["comma", "semicolon", "tab", "pipe"],
  charset: ["utf-8", "utf-16", "windows-1252", "macintosh"],
});

/** @param {string} name @param {string} [found] what the server found out */
const choice = (name, found) =>
  h(Field, {
    as: "select",
    id: `import-${name}`,
    label: t(`import.option.${name}`),
    modelValue: importing.options[name] ?? "",
    "onUpdate:modelValue": (/** @type {string} */ value) => sayOfFile({ [name]: value }),
  }, () => [
    h("option", { value: "" }, found ? t("import.asFound", { found: t(`import.${name}.${found}`) }) : t("import.byItself")),
    ...options[/** @type {keyof typeof options} */ (name)].map((value) => h("option", { value, key: value }, t(`import.${name}.${value}`))),
  ]);

/** @param {{ isOpen: boolean }} props */
export const ReadingOptions = ({ isOpen }) => {
  const found = importing.job?.result?.file ?? {};
  return h("details", { open: isOpen || undefined, class: "options" }, [
    h("summary", t("import.options")),
    h("div", { class: "filters" }, Object.keys(options).map((name) => choice(name, found[name]))),
  ]);
};
ReadingOptions.props = ["isOpen"];
