// What a filter says, in words: one chip for each thing that is in force, with the change of the address that takes it out.
import { addDays, day, dayOf, moment, timeZone } from "../core/format.js";
import { clockTime } from "../core/days.js";
import { t } from "../core/messages.js";
import { filterNames } from "./filters.js";
import { personName } from "./taskStore.js";

/** @typedef {{ key: string, text: string, without: Record<string, string | string[] | null> }} Chip */

/** @param {string} value of assignee_id or owner_id */
const person = (value) => value === "none" ? t("assignee.none") : personName(Number(value));
/** @param {string} value */
const label = (value) => value === "none" ? t("labels.none") : value.replace(/^"(none)"$/i, "$1");

/** The bounds leave their own instant out: “after” the end of a day means from the next one on. @param {string} value */
function boundary(value, isAfter = false) {
  const instant = new Date(Date.parse(value) + (isAfter ? 1 : 0)).toISOString();
  if (clockTime(instant, timeZone()) !== "00:00") return moment(instant);
  return day(isAfter ? dayOf(instant) : addDays(dayOf(instant), -1));
}

/** @type {Record<string, (value: string) => string>} */
const values = {
  scope: (value) => t(`filter.scope.${value}`),
  status: (value) => t(`status.${value}`),
  priority: (value) => t(`priority.${value}`),
  label,
  label_all: label,
  assignee_id: person,
  owner_id: person,
  archived: (value) => t(`filter.archived.${value}`),
  q: (value) => t("filter.quoted", { value }),
  due: (value) => t(`filter.due.${value}`),
  due_on: (value) => day(value),
  date: (value) => day(value),
  overdue: (value) => t(`filter.overdue.${value}`),
};

/** What is no day stands there as it was written; the server says why it takes none of it. @param {string} value @param {() => string} words */
function orAsWritten(value, words) {
  try {
    return words();
  } catch {
    return value;
  }
}

/**
 * @param {URLSearchParams} query
 * @returns {Chip[]}
 */
export function chipsOf(query) {
  /** @type {Chip[]} */
  const chips = [];
  const isRange = query.has("due_after") && query.has("due_before");
  for (const name of filterNames) {
    const all = query.getAll(name);
    for (const value of new Set(all.filter(Boolean))) {
      const bound = /^(created|updated|completed|due)_(after|before)$/.exec(name);
      if (isRange && name === "due_before") continue;
      const words = orAsWritten(
        value,
        () =>
          isRange && name === "due_after"
            ? t("filter.range", { from: boundary(value, true), to: boundary(query.get("due_before") ?? "") })
            : bound
            ? t(`filter.${bound[2]}`, { value: boundary(value, bound[2] === "after") })
            : values[name](value),
      );
      const field = isRange && name === "due_after" ? "due" : bound ? bound[1] : name;
      const others = all.filter((one) => one !== value);
      chips.push({
        key: `${name} ${value}`,
        text: t("filter.chip", { field: t(`filter.field.${field}`), value: words }),
        without: { [name]: others.length ? others : null, ...(isRange && name === "due_after" ? { due_before: null } : {}) },
      });
    }
  }
  return chips;
}

/** Takes every filter out of the address. */
export const withoutFilter = () => Object.fromEntries(filterNames.map((name) => [name, null]));
