// English: the dashboard.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "dashboard.open": "Open",
  "dashboard.overdue": "Overdue",
  "dashboard.dueToday": "Due today",
  "dashboard.dueWeek": "Due this week",
  "dashboard.completedWeek": "Completed this week",
  "dashboard.perDay": "Completed per day",
  "dashboard.perDay.sum": ({ count }) => plural(count, { one: "# task in the last 30 days", other: "# tasks in the last 30 days" }),
  "dashboard.completedOn": ({ day, count }) => `${day}: ${plural(count, { one: "# task completed", other: "# tasks completed" })}`,
  "dashboard.asTable": "Show as a table",
  "dashboard.day": "Day",
  "dashboard.completed": "Completed",
  "dashboard.byStatus": "By status",
  "dashboard.byPriority": "Open by priority",
  "dashboard.byAssignee": "Open by assignee",
  "dashboard.byLabel": "Open by label",
  "dashboard.none": "Nothing is open.",
  "dashboard.empty": "There is nothing to count yet",
  "dashboard.empty.text": "The dashboard shows open, overdue and completed tasks.",
  "dashboard.empty.action": "Add a task",
};
