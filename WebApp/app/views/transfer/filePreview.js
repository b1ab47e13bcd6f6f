// The first rows of a file, as this browser reads them: so that a person sees what the columns hold before anything is imported. What counts is what
// the server reads; here a file that is not understood simply has no preview.

/** @typedef {{ columns: string[], rows: string[][] }} Preview */

const separators = /** @type {Record<string, string>} */ ({ comma: ",", semicolon: ";", tab: "\t", pipe: "|" });
export const previewBytes = 262_144;
const most = 5;

/**
 * @param {Uint8Array} bytes
 * @param {string} [charset] as the server names it
 */
export function decode(bytes, charset) {
  const [first, second] = bytes;
  const mark = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "";
  return new TextDecoder(mark || (charset === "utf-16" ? "utf-16le" : charset) || "utf-8").decode(bytes);
}

/**
 * Rows of a table whose fields may stand in quotes.
 * @param {string} text
 * @param {string} separator
 * @param {number} count rows that are read
 */
export function tableRows(text, separator, count) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  let field = "";
  let isQuoted = false;
  for (let place = 0; place < text.length && rows.length < count; place++) {
    const sign = text[place];
    if (isQuoted) {
      if (sign !== '"') field += sign;
      else if (text[place + 1] === '"') field += text[++place];
      else isQuoted = false;
    } else if (sign === '"' && !field) isQuoted = true;
    else if (sign === separator) {
      row.push(field);
      field = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[place + 1] === "\n") place++;
      rows.push([...row, field]);
      row = [];
      field = "";
    } else field += sign;
  }
  if (rows.length < count && (field || row.length)) rows.push([...row, field]);
  return rows;
}

/** The separator that makes most fields of the first rows. @param {string} text */
function likelySeparator(text) {
  const fields = (/** @type {string} */ separator) => Math.max(...tableRows(text, separator, 5).map((row) => row.length), 0);
  return Object.values(separators).reduce((best, one) => fields(one) > fields(best) ? one : best, ",");
}

/**
 * @param {string} text
 * @param {string | undefined} delimiter
 * @param {string[]} names of columns that the server found; the head is the first row that has them all
 * @returns {Preview | null}
 */
function table(text, delimiter, names) {
  const body = text.replace(/^sep=.\r?\n/i, "");
  const rows = tableRows(body, separators[delimiter ?? ""] ?? likelySeparator(body), 60).filter((row) => row.some((field) => field.trim()));
  const trimmed = (/** @type {string[]} */ row) => row.map((field) => field.trim());
  const wanted = names.filter((name) => name);
  const head = wanted.length ? rows.findIndex((row) => wanted.every((name) => trimmed(row).includes(name))) : 0;
  if (head < 0 || !rows[head]) return null;
  const columns = trimmed(rows[head]);
  return { columns, rows: rows.slice(head + 1, head + 1 + most).map((row) => columns.map((_, place) => row[place] ?? "")) };
}

/** @param {unknown} value */
const shown = (value) => value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** @param {Record<string, unknown>[]} objects @returns {Preview | null} */
function objectsTable(objects) {
  const first = objects.filter((one) => one && typeof one === "object").slice(0, most);
  const columns = [...new Set(first.flatMap((one) => Object.keys(one)))];
  return columns.length ? { columns, rows: first.map((one) => columns.map((name) => shown(one[name]))) } : null;
}

/** @param {string} text @returns {Preview | null} */
function json(text) {
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    try {
      value = text.split("\n").filter((line) => line.trim()).slice(0, most).map((line) => JSON.parse(line));
    } catch {
      return null;
    }
  }
  if (Array.isArray(value)) return objectsTable(value);
  const list = ["items", "tasks", "data"].map((name) => value?.[name]).find(Array.isArray);
  return objectsTable(list ?? [value]);
}

/** @param {string} text @returns {Preview | null} */
function calendar(text) {
  const names = ["SUMMARY", "DUE", "STATUS", "PRIORITY", "CATEGORIES"];
  const unfolded = text.replace(/\r?\n[ \t]/g, "");
  const todos = [...unfolded.matchAll(/BEGIN:VTODO([\s\S]*?)(?:END:VTODO|$)/g)].slice(0, most);
  const value = (/** @type {string} */ todo, /** @type {string} */ name) =>
    (new RegExp(`^${name}(?:;[^:]*)?:(.*)$`, "m").exec(todo)?.[1] ?? "").trim().replace(/\\([,;\\])/g, "$1").replace(/\\n/gi, " ");
  return todos.length ? { columns: names, rows: todos.map(([, todo]) => names.map((name) => value(todo, name))) } : null;
}

/**
 * @param {string} text the beginning of the file
 * @param {{ format?: string, delimiter?: string, names?: string[] }} found what the server says of the file, as far as it said something
 * @returns {Preview | null}
 */
export function previewOf(text, { format, delimiter, names = [] }) {
  const kind = format ?? (/^\s*[[{]/.test(text) ? "json" : /^\s*BEGIN:VCALENDAR/.test(text) ? "ics" : "csv");
  if (kind === "json") return json(text);
  if (kind === "ics") return calendar(text);
  if (kind === "csv") return table(text, delimiter, names);
  const lines = text.split(/\r?\n/).filter((line) => line.trim()).slice(0, most);
  return lines.length ? { columns: ["todo.txt"], rows: lines.map((line) => [line]) } : null;
}
