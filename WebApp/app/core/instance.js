// What this installation is like: whether it is set up, takes new accounts and sends mails.
import { shallowReactive } from "../vue.js";
import { get } from "./api.js";
import { note } from "./notices.js";

export const instance = shallowReactive({
  isKnown: false,
  version: "",
  needs_setup: false,
  registration_open: true,
  sends_mail: true,
  /** @type {Record<string, number>} */
  limits: { password_min: 8, password_max: 128 },
});

/** Until it is known, the page believes the usual. */
export async function loadInstance() {
  if (instance.isKnown) return;
  try {
    const { data } = await get("/instance", undefined, { anonymous: true });
    Object.assign(instance, data, { isKnown: true });
  } catch (error) {
    note(error);
  }
}
