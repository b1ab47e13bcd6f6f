// English: the list.

/** @type {import("../../core/messages.js").Catalogue} */
export default {
  "list.empty": "Nothing to do yet",
  "list.empty.text": "Type what you have to do into the box above and press Enter.",
  "list.empty.filtered": "No task matches this filter",
  "list.clearFilter": "Show all tasks",
};
