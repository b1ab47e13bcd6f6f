// The labels that the person uses, with their colours; read once, and again when something has changed much.
import { shallowReactive } from "../vue.js";
import { get, Problem } from "../core/api.js";
import { note } from "../core/notices.js";
import { session } from "../core/session.js";
import { onReload } from "./taskStore.js";

/** @typedef {{ name: string, color: string | null, count: number }} Label */

/** The owner is whose labels they are; null while they are not known. @type {{ all: Label[], owner: number | null }} */
export const labels = shallowReactive({ all: [], owner: null });
/** @type {Promise<void> | null} */
let reading = null;

async function read() {
  try {
    labels.all = (await get("/labels")).data.data;
    labels.owner = session.user?.id ?? null;
  } catch (error) {
    // Without the list a label can still be typed.
    if (!(error instanceof Problem)) throw error;
    note(error);
  } finally {
    reading = null;
  }
}

/** Reads them, unless they are known. */
export function loadLabels() {
  if (labels.owner !== null && labels.owner === session.user?.id) return Promise.resolve();
  return reading ??= read();
}

/** Something changed: they are read again where they are needed next. */
export function forgetLabels() {
  labels.owner = null;
}
onReload(forgetLabels);

/** The class of a label's colour; the labels are read when the first one is shown. @param {string} name */
export function labelTone(name) {
  // Without its colour a label is grey, which is no reason to tell anybody anything.
  if (labels.owner === null) loadLabels().catch(() => {});
  const color = labels.all.find((label) => label.name === name)?.color;
  return color ? `tone-${color}` : "";
}
