// German: saved views.

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "saved.rename": "Ansicht umbenennen",
  "saved.renameOne": ({ name }) => `„${name}“ umbenennen`,
  "saved.deleteOne": ({ name }) => `„${name}“ löschen`,
  "saved.pin": "Anheften",
  "saved.unpin": "Lösen",
  "saved.up": ({ name }) => `„${name}“ nach oben`,
  "saved.down": ({ name }) => `„${name}“ nach unten`,
  "saved.moved": ({ name, place }) => `„${name}“ steht jetzt an Stelle ${place}.`,
  "saved.delete.title": ({ name }) => `Die Ansicht „${name}“ löschen?`,
  "saved.delete.text": "Ihre Aufgaben bleiben, wie sie sind. Nur die Ansicht verschwindet.",
  "saved.deleted": ({ name }) => `Die Ansicht „${name}“ ist gelöscht.`,
  "saved.empty": "Noch keine gespeicherten Ansichten",
  "saved.empty.text": "Filtere oder sortiere deine Aufgaben und wähle dann „Ansicht speichern“.",
};
