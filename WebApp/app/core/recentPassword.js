// What guards an account needs a password that was entered a short while ago: the server refuses, the person is asked, the request is repeated.
import { shallowReactive } from "../vue.js";
import { post, Problem } from "./api.js";

export const passwordPrompt = shallowReactive({
  /** @type {{ enter: (password: string) => Promise<void>, giveUp: () => void } | null} */
  current: null,
});

/** @type {Promise<boolean> | null} Two requests that are refused at the same moment ask once. */
let asking = null;

function ask() {
  asking ??= /** @type {Promise<boolean>} */ (new Promise((resolve) => {
    passwordPrompt.current = {
      async enter(password) {
        await post("/auth/reauthenticate", { password });
        resolve(true);
      },
      giveUp: () => resolve(false),
    };
  })).finally(() => {
    passwordPrompt.current = null;
    asking = null;
  });
  return asking;
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | null>} null when the person did not want to enter their password
 */
export async function withRecentPassword(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "reauthentication_required") throw error;
    return await ask() ? work() : null;
  }
}
