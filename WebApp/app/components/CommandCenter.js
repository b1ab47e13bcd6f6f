// The palette, with its button in the head, and the list of keys: loaded when they are first opened.
import { keyText, useCommands } from "../core/commands.js";
import { loadMessages, t } from "../core/messages.js";
import { tellFailure } from "../core/notices.js";
import { defineComponent, h, nextTick, shallowRef } from "../vue.js";
import { Button } from "./Button.js";

export const CommandCenter = defineComponent({
  name: "CommandCenter",
  setup() {
    /** @type {import("../vue.d.ts").Ref<any>} */
    const dialog = shallowRef(null);

    let typed = "";
    /** Who types on while the dialog is on its way means the dialog, not the view behind it. @param {KeyboardEvent} event */
    function hold(event) {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      typed += event.key;
    }

    /** @param {() => Promise<any>} load @param {boolean} [takesText] */
    const opener = (load, takesText = false) => async () => {
      // One dialog at a time: the keys in force are those of what is seen.
      if (dialog.value || document.querySelector("dialog:modal")) return;
      typed = "";
      if (takesText) addEventListener("keydown", hold, true);
      try {
        dialog.value = (await Promise.all([load(), loadMessages("palette")]))[0].default;
        await nextTick();
      } catch (error) {
        tellFailure(error);
      } finally {
        removeEventListener("keydown", hold, true);
      }
    };
    const openPalette = opener(() => import("./Palette.js"), true);
    useCommands(
      { id: "palette", label: t("palette"), group: t("keys.views"), keys: ["Mod+k"], inText: true, isHidden: true, run: openPalette },
      { id: "keys", label: t("keys"), group: t("keys.views"), keys: ["?"], run: opener(() => import("./KeysDialog.js")) },
    );
    return () => [
      h(Button, {
        class: "palette-button",
        kind: "quiet",
        label: keyText("Mod+k"),
        "aria-label": `${t("palette")} (${keyText("Mod+k")})`,
        title: t("palette"),
        onClick: openPalette,
      }),
      dialog.value ? h(dialog.value, { ...(typed && { typed }), onClose: () => void (dialog.value = null) }) : null,
    ];
  },
});
