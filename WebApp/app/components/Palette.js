// Ctrl K: everything that can be done or opened, found by a few letters.
import { commands, isPossible, keyText } from "../core/commands.js";
import { t } from "../core/messages.js";
import { go } from "../core/router.js";
import { useFound } from "../tasks/useFound.js";
import { defineComponent, h, nextTick, onMounted, ref } from "../vue.js";
import { Chooser } from "./Chooser.js";

/** @typedef {import("./Chooser.js").Option & { run: () => void }} Entry */

/** How well a text fits what was typed: 0 is not at all, a beginning is best. @param {string} text @param {string} wanted */
function fit(text, wanted) {
  const place = text.toLowerCase().indexOf(wanted);
  if (place < 0) return wanted.split(/\s+/).every((word) => text.toLowerCase().includes(word)) ? 1 : 0;
  return place === 0 ? 3 : /[\p{L}\p{N}]/u.test(text[place - 1]) ? 1 : 2;
}

/** Commands that are shown while others are found, too. */
const few = 6;

export default defineComponent({
  name: "Palette",
  props: {
    /** What was typed before it was there. */
    typed: { type: String, default: "" },
  },
  emits: ["close"],
  setup(props, { emit }) {
    const text = ref(props.typed);
    /** @type {HTMLDialogElement | null} */
    let dialog = null;
    // What is possible is asked before the dialog is open: afterwards the view behind it rests.
    const possible = commands.all.filter((command) => !command.isHidden && isPossible(command));
    const found = useFound();
    found.find(props.typed.trim());
    onMounted(() => dialog?.showModal());

    /** @returns {Entry[]} */
    function entries() {
      const wanted = text.value.trim().toLowerCase();
      const matching = possible.map((command) => ({ command, fit: wanted ? fit(command.label, wanted) : 1 })).filter((one) => one.fit)
        .sort((a, b) => b.fit - a.fit);
      return [
        ...matching.slice(0, wanted ? few : undefined).map(({ command }) => ({
          key: `command ${command.id}`,
          label: command.label,
          icon: command.id.startsWith("go ") ? "chevron-right" : "keyboard",
          hint: command.keys?.[0] ? keyText(command.keys[0]) : undefined,
          group: t("palette.commands"),
          run: command.run,
        })),
        ...found.entries(wanted, fit).map((entry) => ({ ...entry, run: () => go(entry.to) })),
      ];
    }

    /** @param {string} key */
    async function choose(key) {
      const entry = entries().find((one) => one.key === key);
      if (!entry) return;
      // Closing gives the focus back first: the command is for what had it.
      dialog?.close();
      emit("close");
      await nextTick();
      entry.run();
    }

    return () =>
      h("dialog", {
        class: "palette",
        "aria-label": t("palette"),
        ref: (/** @type {any} */ element) => void (dialog = element ?? dialog),
        onClose: () => emit("close"),
        onKeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
        // A click beside the box closes it.
        onClick: (/** @type {Event} */ event) => event.target === dialog && dialog?.close(),
      }, [
        h(Chooser, {
          label: t("palette"),
          placeholder: t("palette.placeholder"),
          typed: props.typed,
          options: entries(),
          empty: found.isBusy() ? t("loading") : t("palette.empty"),
          onQuery: (/** @type {string} */ value) => {
            text.value = value;
            found.find(value.trim());
          },
          onChoose: choose,
        }),
      ]);
  },
});
