// One table of what can be done. The keys, the palette and the list of keys read it, so they cannot disagree.
import { onUnmounted, shallowReactive } from "../vue.js";
import { preferences } from "./preferences.js";

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {string} label in words
 * @property {string} [group] the heading in the list of keys
 * @property {string[]} [keys] such as `x`, `Space`, `Shift+ArrowDown`, `Mod+k` (Mod is Ctrl, ⌘ on a Mac), or two in a row: `g b`
 * @property {() => void} run
 * @property {() => boolean} [when]
 * @property {boolean} [inText] works while a text is typed, too
 * @property {boolean} [isHidden] not in the palette
 */

/** @type {{ all: Command[] }} */
export const commands = shallowReactive({ all: [] });
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** @param {...Command} added Later ones win when two have the same key. */
export function addCommands(...added) {
  commands.all = [...commands.all, ...added];
  return () => {
    commands.all = commands.all.filter((one) => !added.includes(one));
  };
}

/** For as long as the component is there. @param {...Command} added */
export function useCommands(...added) {
  onUnmounted(addCommands(...added));
}

/** @param {Command} command */
export const isPossible = (command) => command.when?.() ?? true;

/** @param {EventTarget | null} target */
function isText(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "color", "file"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/**
 * The names under which a key was pressed: by its letter and, on a layout without Latin letters, by its place on the keyboard.
 * @param {KeyboardEvent} event
 */
function namesOf(event) {
  const modifiers = `${event.ctrlKey || event.metaKey ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}`;
  const names = [];
  const isSign = event.key.length === 1 && !/\p{L}/u.test(event.key);
  const shift = event.shiftKey && !isSign ? "Shift+" : "";
  names.push(modifiers + shift + (event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key));
  const place = /^Key([A-Z])$/.exec(event.code);
  if (place && event.key.length === 1 && !/[a-z]/i.test(event.key)) names.push(modifiers + shift + place[1].toLowerCase());
  return names;
}

let first = "";
let firstAt = 0;

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.getModifierState?.("AltGraph")) return;
  const names = namesOf(event);
  const typing = isText(event.target);
  const sequence = Date.now() - firstAt < 1500 ? first : "";
  for (const name of names) {
    const wanted = sequence ? `${sequence} ${name}` : name;
    const found = commands.all.findLast((one) =>
      one.keys?.includes(wanted) && isPossible(one) && (!typing || one.inText) && (preferences.single_keys || !isSingle(wanted))
    );
    if (found) {
      event.preventDefault();
      first = "";
      return found.run();
    }
  }
  first = "";
  if (!typing && preferences.single_keys && !document.querySelector("dialog[open]")) {
    const start = names.find((name) => commands.all.some((one) => one.keys?.some((key) => key.startsWith(`${name} `)) && isPossible(one)));
    if (start) {
      first = start;
      firstAt = Date.now();
    }
  }
});

/** A key that is a character without a modifier. @param {string} name */
export const isSingle = (name) => name.split(" ").every((key) => [...key.replace("Shift+", "")].length === 1);

/** As it is shown: `Mod+k` is “⌘K” or “Ctrl K”. @param {string} name */
export const keyText = (name) =>
  name.split(" ").map((key) =>
    key.split("+").map((
      part,
    ) => ({
      Mod: isMac ? "⌘" : "Ctrl",
      Alt: isMac ? "⌥" : "Alt",
      Shift: isMac ? "⇧" : "Shift",
      ArrowDown: "↓",
      ArrowUp: "↑",
      ArrowLeft: "←",
      ArrowRight: "→",
      Enter: "Enter",
      Escape: "Esc",
    }[part] ?? (part.length === 1 ? part.toUpperCase() : part))).join(isMac ? "" : " ")
  ).join(" ");
