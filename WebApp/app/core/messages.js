// Every text that the page shows, in the language in force. A catalogue is a folder below locales/ with one file a part of the page, each
// an object of names and texts; a text with values or a plural is a function.
import { shallowReactive } from "../vue.js";
import { root } from "./styles.js";
import core from "../locales/en/core.js";

/** @typedef {Record<string, string | ((values: any) => string)>} Catalogue */

export const languages = { en: "English", de: "Deutsch" };

/** @type {{ language: string, texts: Catalogue }} */
const current = shallowReactive({ language: "en", texts: {} });
/** The parts that were asked for, so that a change of the language loads them again. @type {Set<string>} */
const parts = new Set(["core"]);

export const language = () => current.language;

/**
 * @param {string} name such as `list.empty.title`
 * @param {any} [values]
 */
export function t(name, values) {
  const text = current.texts[name] ?? core[name];
  if (text === undefined) return name;
  return typeof text === "function" ? text(values ?? {}) : text;
}

/**
 * Loads parts of the catalogue, before what uses them is shown.
 * @param {...string} names
 */
export async function loadMessages(...names) {
  for (const name of names) parts.add(name);
  const loaded = await Promise.all(names.map((name) => import(`${root}app/locales/${current.language}/${name}.js`)));
  current.texts = Object.assign({}, current.texts, ...loaded.map((module) => module.default));
}

/** @param {string} language one of `languages` */
export async function setLanguage(language) {
  const loaded = await Promise.all([...parts].map((name) => import(`${root}app/locales/${language}/${name}.js`)));
  current.language = language;
  current.texts = Object.assign({}, ...loaded.map((module) => module.default));
  document.documentElement.lang = language;
}

/** Making these costs more than using them a hundred times. @type {{ language: string, rules: Intl.PluralRules, numbers: Intl.NumberFormat } | undefined} */
let counting;

/**
 * The form of a word that goes with a number.
 * @param {number} count
 * @param {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} forms `#` stands for the number
 */
export function plural(count, forms) {
  if (counting?.language !== current.language) {
    counting = {
      language: current.language,
      rules: new Intl.PluralRules(current.language),
      numbers: new Intl.NumberFormat(current.language),
    };
  }
  const form = forms[counting.rules.select(count)] ?? forms.other;
  return form.replace("#", counting.numbers.format(count));
}

/** The language of the browser, when the page speaks it. */
export function browserLanguage() {
  for (const wanted of navigator.languages) {
    const found = Object.keys(languages).find((one) => wanted.toLowerCase().startsWith(one));
    if (found) return found;
  }
  return "en";
}
