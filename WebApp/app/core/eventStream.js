// Reads server-sent events out of pieces of text, wherever the network cut them (the part of the standard that the API uses).

/**
 * @typedef {object} ServerEvent
 * @property {string} id the last id that was seen, also when this event brought none
 * @property {string} event
 * @property {string} data empty for an event that only brings an id
 */

/** Gives a function that takes the next piece and answers with the events that it completes. */
export function eventReader() {
  let rest = "";
  let id = "";
  let event = "";
  /** @type {string[]} */
  let data = [];
  let hasID = false;

  /** @param {string} line @param {ServerEvent[]} found */
  function take(line, found) {
    if (line === "") {
      if (data.length || hasID) found.push({ id, event: event || "message", data: data.join("\n") });
      [event, data, hasID] = ["", [], false];
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) [id, hasID] = [value, true];
  }

  return (/** @type {string} */ piece) => {
    /** @type {ServerEvent[]} */
    const found = [];
    rest += piece;
    // A carriage return at the very end may be the first half of a line end: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) take(line, found);
    return found;
  };
}
