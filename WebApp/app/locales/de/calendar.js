// German: the calendar.
import { plural } from "../../core/messages.js";

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "calendar.keys": "Drücke die Leertaste, um die Aufgabe aufzunehmen, und bewege sie dann mit den Pfeiltasten auf einen anderen Tag.",
  "calendar.period": "Gezeigter Zeitraum",
  "calendar.today": "Heute",
  "calendar.month": "Monat",
  "calendar.byWeek": "Woche",
  "calendar.previous.month": "Voriger Monat",
  "calendar.next.month": "Nächster Monat",
  "calendar.previous.week": "Vorige Woche",
  "calendar.next.week": "Nächste Woche",
  "calendar.week": ({ day }) => `Woche ab ${day}`,
  "calendar.day": ({ day, count }) => `${day}, ${count ? plural(count, { one: "# Aufgabe", other: "# Aufgaben" }) : "keine Aufgaben"}`,
  "calendar.day.empty": "An diesem Tag ist nichts fällig.",
  "calendar.more": ({ count }) => plural(count, { one: "+# weitere", other: "+# weitere" }),
  "calendar.empty": "In diesem Zeitraum ist nichts fällig. Wähle einen Tag, um ihm eine Aufgabe zu geben.",
  "calendar.empty.filtered": "Keine Aufgabe aus diesem Zeitraum passt zum Filter.",

  "calendar.moved": ({ title, day }) => `„${title}“ ist fällig: ${day}.`,
  "calendar.undated": ({ title }) => `„${title}“ hat jetzt kein Fälligkeitsdatum.`,
  "calendar.picked": ({ title, day }) =>
    `„${title}“ ist aufgenommen: ${day}. Pfeiltasten bewegen die Aufgabe, die Leertaste legt sie ab, Esc bricht ab.`,
  "calendar.step": ({ title, day }) => `„${title}“: ${day}.`,
  "calendar.gaveUp": ({ title, day }) => `„${title}“ ist zurück: ${day}.`,

  "keys.calendar": "Kalender",
  "calendar.key.today": "Zu heute gehen",
  "calendar.key.next": "Nächster Monat oder nächste Woche",
  "calendar.key.previous": "Voriger Monat oder vorige Woche",
  "calendar.key.layout": "Monat oder Woche",
  "calendar.key.walk.ArrowRight": "Nächster Tag",
  "calendar.key.walk.ArrowLeft": "Tag davor",
  "calendar.key.walk.ArrowDown": "Derselbe Tag der nächsten Woche",
  "calendar.key.walk.ArrowUp": "Derselbe Tag der vorigen Woche",
  "calendar.key.walk.Home": "Erster Tag der Woche",
  "calendar.key.walk.End": "Letzter Tag der Woche",
  "calendar.key.walk.PageDown": "Derselbe Tag des nächsten Monats",
  "calendar.key.walk.PageUp": "Derselbe Tag des vorigen Monats",
  "calendar.key.pick": "Aufgabe aufnehmen, ablegen",
  "calendar.key.giveUp": "Aufgabe zurücklegen",
  "calendar.key.moveTo": "Verschieben nach…",
  "calendar.key.complete": "Erledigen oder wieder öffnen",
};
