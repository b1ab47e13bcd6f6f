// English: the board.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "board.keys": "Press Space to pick the task up, then the arrow keys to move it.",
  "board.count": ({ count }) => plural(count, { one: "task", other: "tasks" }),
  "board.empty.pending": "No pending tasks. Add a task above.",
  "board.empty.in_progress": "No tasks in progress. Drag a task here when you start it.",
  "board.empty.completed": "Completed tasks appear here.",
  "board.empty.filtered": "No task here matches the filter.",
  "board.leftOut": "The filter hides this status.",
  "board.leftOut.show": "Show it",

  "board.to": ({ column }) => column,
  "board.to.top": ({ column }) => `${column}: top`,
  "board.to.bottom": ({ column }) => `${column}: bottom`,
  "board.moved": ({ title, column }) => `Moved “${title}” to ${column}.`,
  "board.moved.within": ({ title, column }) => `Moved “${title}” within ${column}.`,

  "board.picked": ({ title, column, place, count }) =>
    `“${title}” is picked up: ${column}, place ${place} of ${count}. Arrow keys move it, Space puts it down, Escape gives up.`,
  "board.step": ({ title, column, place, count }) => `“${title}”: ${column}, place ${place} of ${count}.`,
  "board.gaveUp": ({ title, column, place }) => `“${title}” is back: ${column}, place ${place}.`,

  "keys.board": "Board",
  "board.key.down": "Next card",
  "board.key.up": "Card before",
  "board.key.right": "Column after",
  "board.key.left": "Column before",
  "board.key.pick": "Pick a card up, put it down",
  "board.key.giveUp": "Put a card back",
  "board.key.moveTo": "Move to…",
  "board.key.complete": "Complete or reopen",
};
