// Puts a text into the clipboard.
import { t } from "./messages.js";
import { tell } from "./notices.js";

/** Scripts have a clipboard on localhost and HTTPS only; elsewhere what is selected is copied. @param {string} text */
function copySelected(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const box = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "visually-hidden" });
  // Behind a dialog nothing can be selected.
  ([...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body).append(box);
  box.select();
  try {
    return document.execCommand("copy");
  } finally {
    box.remove();
    before?.focus();
  }
}

/** @param {string} text @param {() => void} [show] what is done instead where the browser refuses; otherwise the text is told */
export async function copy(text, show = () => tell(text)) {
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (isCopied || copySelected(text)) tell(t("copied"));
  else show();
}
