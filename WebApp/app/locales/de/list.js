// German: the list.

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "list.empty": "Noch nichts zu tun",
  "list.empty.text": "Schreib oben in das Feld, was zu tun ist, und drücke die Eingabetaste.",
  "list.empty.filtered": "Keine Aufgabe passt zu diesem Filter",
  "list.clearFilter": "Alle Aufgaben zeigen",
};
