// Asks before something that cannot be undone: `if (await confirm({…}))`.
import { shallowReactive } from "../vue.js";

/**
 * @typedef {object} Question
 * @property {string} title what is going to happen, as a question
 * @property {string} text what it means
 * @property {string} action the words of the button that does it
 * @property {"danger" | "primary"} [kind]
 */

export const questions = shallowReactive({
  /** @type {(Question & { answer: (isSure: boolean) => void }) | null} */
  current: null,
});

/**
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
export function confirm(question) {
  questions.current?.answer(false);
  return new Promise((resolve) => {
    questions.current = {
      ...question,
      answer(isSure) {
        questions.current = null;
        resolve(isSure);
      },
    };
  });
}
