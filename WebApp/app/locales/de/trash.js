// German: the trash.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "trash.text": "Gelöschte Aufgaben bleiben 30 Tage hier.",
  "trash.tasks": "Gelöschte Aufgaben",
  "trash.find": "Gelöschte Aufgaben finden",
  "trash.noneFound": "Keine gelöschte Aufgabe passt",
  "trash.showAll": "Alle gelöschten Aufgaben zeigen",
  "trash.empty": "Der Papierkorb ist leer",
  "trash.empty.text": "Was du löschst, kommt zuerst hierher, und du kannst es zurückholen.",
  "trash.task": "Aufgabe",
  "trash.deleted": "Gelöscht",
  "trash.purgedAt": "Endgültig weg",
  "trash.days": ({ days }) => plural(days, { one: "in # Tag", other: "in # Tagen" }),
  "trash.today": "heute",
  "trash.choose": ({ title }) => `„${title}“ auswählen`,
  "trash.chooseAll": "Alle auswählen",
  "trash.chosen": ({ count }) => plural(count, { one: "# ausgewählt", other: "# ausgewählt" }),
  "trash.restore": "Wiederherstellen",
  "trash.restore.of": ({ title }) => `„${title}“ wiederherstellen`,
  "trash.restored": ({ title }) => `„${title}“ ist wieder da.`,
  "trash.restoreChosen": ({ count }) => plural(count, { one: "# Aufgabe wiederherstellen", other: "# Aufgaben wiederherstellen" }),
  "trash.restoredMany.one": "# Aufgabe ist wieder da.",
  "trash.restoredMany.other": "# Aufgaben sind wieder da.",
  "trash.purge": "Endgültig löschen",
  "trash.purge.of": ({ title }) => `„${title}“ endgültig löschen`,
  "trash.purge.ask.one": ({ title }) => `„${title}“ endgültig löschen?`,
  "trash.purge.ask.many": ({ count }) => plural(count, { one: "# Aufgabe endgültig löschen?", other: "# Aufgaben endgültig löschen?" }),
  "trash.purge.text": "Text und Verlauf werden sofort gelöscht. Das kann niemand zurücknehmen.",
  "trash.purged.one": "# Aufgabe ist endgültig weg.",
  "trash.purged.other": "# Aufgaben sind endgültig weg.",
};
