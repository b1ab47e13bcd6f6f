// Puts a text into the clipboard, and says so.
import { copy } from "../core/copy.js";
import { t } from "../core/messages.js";
import { tell } from "../core/notices.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";

/** Selected beside the button, ready for Ctrl C. @param {HTMLElement} button */
function select(button) {
  const shown = button.parentElement?.querySelector("input, code");
  if (shown instanceof HTMLInputElement) shown.select();
  else if (shown) getSelection()?.selectAllChildren(shown);
  tell(t("copy.byHand"));
}

/** @param {{ text: string }} props */
export const CopyButton = ({ text }) =>
  h(Button, {
    icon: "copy",
    label: t("copy"),
    onClick: (/** @type {any} */ { currentTarget }) => copy(text, () => select(currentTarget)),
  });
CopyButton.props = ["text"];
