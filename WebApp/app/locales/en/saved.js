// English: saved views.

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "saved.rename": "Rename this view",
  "saved.renameOne": ({ name }) => `Rename “${name}”`,
  "saved.deleteOne": ({ name }) => `Delete “${name}”`,
  "saved.pin": "Pin",
  "saved.unpin": "Unpin",
  "saved.up": ({ name }) => `Move “${name}” up`,
  "saved.down": ({ name }) => `Move “${name}” down`,
  "saved.moved": ({ name, place }) => `“${name}” is now number ${place}.`,
  "saved.delete.title": ({ name }) => `Delete the view “${name}”?`,
  "saved.delete.text": "Only the view is deleted. Its tasks stay unchanged.",
  "saved.deleted": ({ name }) => `The view “${name}” is deleted.`,
  "saved.empty": "No saved views yet",
  "saved.empty.text": "Filter or sort your tasks, then choose “Save this view”.",
};
