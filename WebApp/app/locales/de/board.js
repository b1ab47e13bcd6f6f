// German: the board.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "board.keys": "Drücke die Leertaste, um die Aufgabe aufzunehmen, und bewege sie dann mit den Pfeiltasten.",
  "board.count": ({ count }) => plural(count, { one: "Aufgabe", other: "Aufgaben" }),
  "board.empty.pending": "Hier wartet nichts. Füge oben eine Aufgabe hinzu.",
  "board.empty.in_progress": "Nichts ist in Arbeit. Zieh eine Aufgabe hierher, wenn du sie beginnst.",
  "board.empty.completed": "Was du erledigst, kommt hierher.",
  "board.empty.filtered": "Hier passt keine Aufgabe zum Filter.",
  "board.leftOut": "Der Filter lässt diesen Status weg.",
  "board.leftOut.show": "Zeigen",

  "board.to": ({ column }) => column,
  "board.to.top": ({ column }) => `${column}: nach oben`,
  "board.to.bottom": ({ column }) => `${column}: nach unten`,
  "board.moved": ({ title, column }) => `„${title}“ ist jetzt in „${column}“.`,
  "board.moved.within": ({ title, column }) => `„${title}“ hat einen anderen Platz in „${column}“.`,

  "board.picked": ({ title, column, place, count }) =>
    `„${title}“ ist aufgenommen: ${column}, Platz ${place} von ${count}. Pfeiltasten bewegen die Aufgabe, die Leertaste legt sie ab, Esc bricht ab.`,
  "board.step": ({ title, column, place, count }) => `„${title}“: ${column}, Platz ${place} von ${count}.`,
  "board.gaveUp": ({ title, column, place }) => `„${title}“ ist zurück: ${column}, Platz ${place}.`,

  "keys.board": "Board",
  "board.key.down": "Nächste Karte",
  "board.key.up": "Karte davor",
  "board.key.right": "Spalte danach",
  "board.key.left": "Spalte davor",
  "board.key.pick": "Karte aufnehmen, ablegen",
  "board.key.giveUp": "Karte zurücklegen",
  "board.key.moveTo": "Verschieben nach…",
  "board.key.complete": "Erledigen oder wieder öffnen",
};
