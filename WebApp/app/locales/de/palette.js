// German: the palette and the list of keys.

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "palette.placeholder": "Was möchtest du tun oder finden?",
  "palette.commands": "Befehle",
  "palette.people": "Personen",
  "palette.person": "Deren Aufgaben, die du siehst",
  "palette.empty": "So heißt nichts.",
  "keys.other": "Andere",
  "keys.single.on": "Du kannst Tasten aus einem einzelnen Buchstaben abschalten.",
  "keys.single.off": "Tasten aus einem einzelnen Buchstaben sind abgeschaltet.",
  "keys.settings": "In den Einstellungen ändern",
};
