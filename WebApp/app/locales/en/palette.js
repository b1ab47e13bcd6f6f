// English: the palette and the list of keys.

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "palette.placeholder": "What do you want to do or find?",
  "palette.commands": "Commands",
  "palette.people": "People",
  "palette.person": "Their tasks that you see",
  "palette.empty": "Nothing has this name.",
  "keys.other": "Others",
  "keys.single.on": "You can switch single-letter keys off.",
  "keys.single.off": "Single-letter keys are switched off.",
  "keys.settings": "Change this in your preferences",
};
