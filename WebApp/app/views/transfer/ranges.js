// The ranges of days that a report is asked for.
import { addDays } from "../../core/days.js";

/**
 * @param {string} name
 * @param {string} today
 * @returns {{ from: string, to: string }}
 */
export function rangeOf(name, today) {
  const month = `${today.slice(0, 7)}-01`;
  const lastMonth = addDays(month, -1);
  switch (name) {
    case "week":
      return { from: addDays(today, -6), to: today };
    case "month":
      return { from: month, to: today };
    case "lastMonth":
      return { from: `${lastMonth.slice(0, 7)}-01`, to: lastMonth };
    case "year":
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
    default:
      return { from: addDays(today, -29), to: today };
  }
}
