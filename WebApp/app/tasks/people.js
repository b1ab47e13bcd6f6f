// Names of people by id, asked for in one request for all that are shown.
import { get } from "../core/api.js";
import { t } from "../core/messages.js";
import { note } from "../core/notices.js";
import { session } from "../core/session.js";
import { reactive } from "../vue.js";

/** @typedef {Record<number, { id: number, username: string | null, name: string | null }>} Names */

/** `kept` is what this browser knows from before: it is shown until the server has answered. @type {{ byId: Names, kept: Names }} */
export const people = reactive({ byId: {}, kept: {} });
/** @type {Set<number>} */
let wantedPeople = new Set();
/** @type {Set<number>} */
const askedPeople = new Set();

/** @param {number | null | undefined} id */
export function personName(id) {
  if (!id) return "";
  if (id === session.user?.id) return session.user.name ?? session.user.username ?? session.user.email;
  const fresh = people.byId[id];
  if (!fresh && !askedPeople.has(id)) {
    if (!wantedPeople.size) queueMicrotask(askPeople);
    wantedPeople.add(id);
    askedPeople.add(id);
  }
  const known = fresh ?? people.kept[id];
  return known?.name ?? known?.username ?? t("person.unnamed", { id });
}

async function askPeople() {
  const ids = [...wantedPeople].slice(0, 100);
  wantedPeople = new Set([...wantedPeople].slice(100));
  if (wantedPeople.size) queueMicrotask(askPeople);
  try {
    for (const person of (await get("/users/lookup", { ids })).data.data) people.byId[person.id] = person;
  } catch (error) {
    for (const id of ids) askedPeople.delete(id);
    note(error);
  }
}
