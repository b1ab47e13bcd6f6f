// English: labels.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "labels.name": "Name",
  "labels.rename": ({ name }) => `Rename “${name}”`,
  "labels.rename.hint": ({ count }) => `It changes on ${plural(count, { one: "# task", other: "# tasks" })}.`,
  "labels.merge": "Merge",
  "labels.merge.hint": ({ name }) => `“${name}” exists already. The two labels become one.`,
  "labels.merged": ({ from, to }) => `“${from}” is now part of “${to}”.`,
  "labels.renamed": ({ from, to }) => `“${from}” is now called “${to}”.`,
  "labels.delete": "Delete label",
  "labels.deleteOne": ({ name }) => `Delete “${name}”`,
  "labels.delete.title": ({ name }) => `Delete the label “${name}”?`,
  "labels.delete.text": ({ count }) => `It is taken off ${plural(count, { one: "# task", other: "# tasks" })}. The tasks stay.`,
  "labels.deleted": ({ name }) => `The label “${name}” is deleted.`,
  "labels.color": ({ name }) => `Colour of “${name}”`,
  "labels.empty": "No labels yet",
  "labels.empty.text": "Type #name when you add a task, such as: Buy milk #home",
  "color.none": "No colour",
  "color.gray": "Grey",
  "color.red": "Red",
  "color.orange": "Orange",
  "color.yellow": "Yellow",
  "color.green": "Green",
  "color.teal": "Teal",
  "color.blue": "Blue",
  "color.purple": "Purple",
  "color.pink": "Pink",
};
