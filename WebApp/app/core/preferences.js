// How this person wants the page: theme, language, week, clock, keys. The server keeps it; this browser keeps a copy, so that the first paint is right.
import { reactive } from "../vue.js";
import { get, patch } from "./api.js";
import { browserLanguage, language, setLanguage } from "./messages.js";
import { keep, readKept } from "./storage.js";

const storageKey = "taskflow-preferences";

export const preferences = reactive({
  /** @type {"system" | "light" | "dark"} */
  theme: "system",
  /** @type {string | null} */
  locale: null,
  /** @type {"monday" | "saturday" | "sunday" | null} */
  first_weekday: null,
  /** @type {"h12" | "h23" | null} */
  hour_cycle: null,
  /** @type {"dmy" | "mdy" | "ymd" | null} */
  date_order: null,
  /** Keys of one letter, such as `x` to select (WCAG 2.1.4). */
  single_keys: true,
  /** @type {string[]} */
  hints_seen: [],
});

/** @param {Record<string, any>} values */
async function take(values) {
  for (const name of Object.keys(preferences)) if (name in values) /** @type {any} */ (preferences)[name] = values[name];
  keep(storageKey, preferences);
  const root = document.documentElement;
  if (preferences.theme === "system") root.removeAttribute("data-theme");
  else root.dataset.theme = preferences.theme;
  const wanted = preferences.locale ?? browserLanguage();
  if (wanted !== language()) await setLanguage(wanted);
}

/** What this browser knew last; for the first paint. */
export const restorePreferences = () => take(readKept(storageKey) ?? {});

export async function loadPreferences() {
  await take((await get("/users/me/preferences")).data);
}

/** @param {Partial<typeof preferences>} changes */
export async function changePreferences(changes) {
  await take(changes);
  await take((await patch("/users/me/preferences", changes)).data);
}

/** Which day a week begins with: 1 is Monday, 6 Saturday, 7 Sunday. */
export function firstWeekday() {
  if (preferences.first_weekday) return { monday: 1, saturday: 6, sunday: 7 }[preferences.first_weekday];
  const locale = /** @type {any} */ (new Intl.Locale(navigator.language));
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}
