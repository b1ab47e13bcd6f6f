// Puts a text into the clipboard, and says so.
import { t } from "../core/messages.js";
import { tell } from "../core/notices.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";

/** The clipboard exists on localhost and HTTPS only; elsewhere the text is selected, ready for Ctrl C. @param {string} text @param {Event} event */
async function copy(text, event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  try {
    await navigator.clipboard.writeText(text);
    tell(t("copied"));
  } catch {
    const shown = button.parentElement?.querySelector("input, code");
    if (shown instanceof HTMLInputElement) shown.select();
    else if (shown) getSelection()?.selectAllChildren(shown);
    tell(t("copy.byHand"));
  }
}

/** @param {{ text: string }} props */
export const CopyButton = ({ text }) =>
  h(Button, { icon: "copy", label: t("copy"), onClick: (/** @type {Event} */ event) => copy(text, event) });
CopyButton.props = ["text"];
