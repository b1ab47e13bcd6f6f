// English: the calendar.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "calendar.keys": "Press Space to pick the task up, then the arrow keys to move it to another day.",
  "calendar.period": "Time shown",
  "calendar.today": "Today",
  "calendar.month": "Month",
  "calendar.byWeek": "Week",
  "calendar.previous.month": "Month before",
  "calendar.next.month": "Next month",
  "calendar.previous.week": "Week before",
  "calendar.next.week": "Next week",
  "calendar.week": ({ day }) => `Week from ${day}`,
  "calendar.day": ({ day, count }) => `${day}, ${count ? plural(count, { one: "# task", other: "# tasks" }) : "no tasks"}`,
  "calendar.day.empty": "Nothing is due on this day.",
  "calendar.more": ({ count }) => plural(count, { one: "+# more", other: "+# more" }),
  "calendar.empty": "Nothing is due in this time. Choose a day to add a task to it.",

  "calendar.moved": ({ title, day }) => `“${title}” is due ${day}.`,
  "calendar.undated": ({ title }) => `“${title}” has no due date now.`,
  "calendar.picked": ({ title, day }) => `“${title}” is picked up: ${day}. Arrow keys move it, Space puts it down, Escape gives up.`,
  "calendar.step": ({ title, day }) => `“${title}”: ${day}.`,
  "calendar.gaveUp": ({ title, day }) => `“${title}” is back: ${day}.`,

  "keys.calendar": "Calendar",
  "calendar.key.today": "Go to today",
  "calendar.key.next": "Next month or week",
  "calendar.key.previous": "Month or week before",
  "calendar.key.layout": "Month or week",
  "calendar.key.walk.ArrowRight": "Next day",
  "calendar.key.walk.ArrowLeft": "Day before",
  "calendar.key.walk.ArrowDown": "Same day of the next week",
  "calendar.key.walk.ArrowUp": "Same day of the week before",
  "calendar.key.walk.Home": "First day of the week",
  "calendar.key.walk.End": "Last day of the week",
  "calendar.key.walk.PageDown": "Same day of the next month",
  "calendar.key.walk.PageUp": "Same day of the month before",
  "calendar.key.pick": "Pick a task up, put it down",
  "calendar.key.giveUp": "Put a task back",
  "calendar.key.moveTo": "Move to…",
  "calendar.key.complete": "Complete or reopen",
};
