// German: labels.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "labels.name": "Name",
  "labels.rename": ({ name }) => `„${name}“ umbenennen`,
  "labels.rename.hint": ({ count }) => `Das gilt für ${plural(count, { one: "# Aufgabe", other: "# Aufgaben" })}.`,
  "labels.merge": "Zusammenführen",
  "labels.merge.hint": ({ name }) => `„${name}“ gibt es schon. Aus den beiden Labels wird eines.`,
  "labels.merged": ({ from, to }) => `„${from}“ gehört jetzt zu „${to}“.`,
  "labels.renamed": ({ from, to }) => `„${from}“ heißt jetzt „${to}“.`,
  "labels.delete": "Label löschen",
  "labels.deleteOne": ({ name }) => `„${name}“ löschen`,
  "labels.delete.title": ({ name }) => `Das Label „${name}“ löschen?`,
  "labels.delete.text": ({ count }) =>
    `Es verschwindet von ${plural(count, { one: "# Aufgabe", other: "# Aufgaben" })}. Die Aufgaben bleiben.`,
  "labels.deleted": ({ name }) => `Das Label „${name}“ ist gelöscht.`,
  "labels.color": ({ name }) => `Farbe von „${name}“`,
  "labels.empty": "Noch keine Labels",
  "labels.empty.text": "Schreib #Name, wenn du eine Aufgabe hinzufügst, zum Beispiel: Milch kaufen #Haushalt",
  "color.none": "Keine Farbe",
  "color.gray": "Grau",
  "color.red": "Rot",
  "color.orange": "Orange",
  "color.yellow": "Gelb",
  "color.green": "Grün",
  "color.teal": "Türkis",
  "color.blue": "Blau",
  "color.purple": "Violett",
  "color.pink": "Rosa",
};
