// German: the dashboard.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "dashboard.open": "Unerledigt",
  "dashboard.overdue": "Überfällig",
  "dashboard.dueToday": "Heute fällig",
  "dashboard.dueWeek": "Diese Woche fällig",
  "dashboard.completedWeek": "Diese Woche erledigt",
  "dashboard.perDay": "Erledigt pro Tag",
  "dashboard.perDay.sum": ({ count }) =>
    plural(count, { one: "# Aufgabe in den letzten 30 Tagen", other: "# Aufgaben in den letzten 30 Tagen" }),
  "dashboard.completedOn": ({ day, count }) => `${day}: ${plural(count, { one: "# Aufgabe erledigt", other: "# Aufgaben erledigt" })}`,
  "dashboard.asTable": "Als Tabelle zeigen",
  "dashboard.day": "Tag",
  "dashboard.completed": "Erledigt",
  "dashboard.byStatus": "Nach Status",
  "dashboard.byPriority": "Unerledigt nach Priorität",
  "dashboard.byAssignee": "Unerledigt nach Zuständigen",
  "dashboard.byLabel": "Unerledigt nach Labels",
  "dashboard.none": "Nichts ist unerledigt.",
  "dashboard.empty": "Noch gibt es nichts zu zählen",
  "dashboard.empty.text": "Sobald du Aufgaben hast, siehst du hier, was unerledigt, überfällig und erledigt ist.",
  "dashboard.empty.action": "Aufgabe hinzufügen",
};
