// Two days between which tasks are due; one of them is enough.
import { dayOf, timeZone } from "../core/format.js";
import { addDays, startOfDay } from "../core/days.js";
import { t } from "../core/messages.js";
import { route } from "../core/router.js";
import { h } from "../vue.js";

/** The last microsecond before a day: the filters leave their own instant out. @param {string} day */
const before = (day) => new Date(Number(startOfDay(day, timeZone())) - 1).toISOString().replace("Z", "999Z");
/** @param {string} name @param {number} shift in milliseconds */
function dayIn(name, shift) {
  const instant = Date.parse(route.query.get(name) ?? "");
  return instant ? dayOf(instant + shift) : "";
}

/** @param {unknown} _ @param {import("../vue.d.ts").Context} context */
export const DueRange = (_, { emit }) => {
  const from = dayIn("due_after", 1);
  const to = dayIn("due_before", -1);
  const field = (/** @type {string} */ name, /** @type {string} */ value, /** @type {(day: string) => [string, string]} */ change) =>
    h("div", { class: "field" }, [
      h("label", { for: `filter-${name}` }, t(`filter.${name}`)),
      h("input", {
        id: `filter-${name}`,
        type: "date",
        max: "9999-12-31",
        value,
        onChange: (/** @type {any} */ event) => {
          const [first, last] = change(event.target.value);
          emit("change", {
            due_after: first ? before(first) : null,
            due_before: last ? startOfDay(addDays(last, 1), timeZone()).toISOString() : null,
          });
        },
      }),
    ]);
  return h("div", { class: "date-fields" }, [
    field("from", from, (day) => [day, to]),
    field("to", to, (day) => [from, day]),
  ]);
};
DueRange.emits = ["change"];
