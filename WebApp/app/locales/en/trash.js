// English: the trash.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "trash.text": "Deleted tasks stay here for 30 days.",
  "trash.tasks": "Deleted tasks",
  "trash.find": "Find deleted tasks",
  "trash.noneFound": "No deleted task matches",
  "trash.showAll": "Show all deleted tasks",
  "trash.empty": "The trash is empty",
  "trash.empty.text": "Deleted tasks come here first, and you can restore them.",
  "trash.task": "Task",
  "trash.deleted": "Deleted",
  "trash.purgedAt": "Gone for good",
  "trash.days": ({ days }) => plural(days, { one: "in # day", other: "in # days" }),
  "trash.today": "today",
  "trash.choose": ({ title }) => `Select “${title}”`,
  "trash.chooseAll": "Select all",
  "trash.chosen": ({ count }) => plural(count, { one: "# selected", other: "# selected" }),
  "trash.restore": "Restore",
  "trash.restore.of": ({ title }) => `Restore “${title}”`,
  "trash.restored": ({ title }) => `“${title}” is back.`,
  "trash.restoreChosen": ({ count }) => plural(count, { one: "Restore # task", other: "Restore # tasks" }),
  "trash.restoredMany.one": "# task is back.",
  "trash.restoredMany.other": "# tasks are back.",
  "trash.purge": "Delete for good",
  "trash.purge.of": ({ title }) => `Delete “${title}” for good`,
  "trash.purge.ask.one": ({ title }) => `Delete “${title}” for good?`,
  "trash.purge.ask.many": ({ count }) => plural(count, { one: "Delete # task for good?", other: "Delete # tasks for good?" }),
  "trash.purge.text": "The text and history are erased at once. This cannot be undone.",
  "trash.purged.one": "# task is gone for good.",
  "trash.purged.other": "# tasks are gone for good.",
};
