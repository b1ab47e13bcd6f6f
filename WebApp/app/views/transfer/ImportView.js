// Imports tasks from a file: it is read first without making anything, shown, and made when the person says so.
import { Button } from "../../components/Button.js";
import { ProgressBar } from "../../components/ProgressBar.js";
import { loadInstance } from "../../core/instance.js";
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { defineComponent, h, nextTick, watch } from "../../vue.js";
import { ChooseFile } from "./ChooseFile.js";
import { cancelImport, chooseFile, importing, startAgain } from "./importing.js";
import { ImportPreview } from "./ImportPreview.js";
import { ImportResult } from "./ImportResult.js";

/** @param {string} title @param {boolean} canStop */
function progress(title, canStop) {
  const { done, total } = importing.job?.progress ?? { done: 0, total: null };
  const text = !importing.job
    ? t("import.sending")
    : total
    ? t("import.rows", { done: number(done), total: number(total) })
    : t("import.waiting");
  return h("section", { class: "section", "aria-busy": "true" }, [
    h("h2", title),
    h("p", { class: "hint" }, h("bdi", importing.file?.name)),
    h(ProgressBar, { label: title, done, total, text }),
    canStop ? h("div", { class: "actions" }, h(Button, { label: t("cancel"), onClick: cancelImport })) : null,
    h("p", { class: "hint" }, t("import.goesOn")),
  ]);
}

export default defineComponent({
  name: "ImportView",
  setup() {
    loadInstance();
    // The button that led to the next step is gone: the focus must not be lost.
    watch(() => importing.step, async () => {
      await nextTick();
      if (document.activeElement === document.body) document.getElementById("content")?.focus();
    });
    const content = () => {
      switch (importing.step) {
        case "choose":
          return h("div", { class: "sections" }, [
            importing.fault ? h("p", { class: "note note-bad", role: "alert" }, importing.fault) : null,
            h(ChooseFile, { onChoose: chooseFile }),
          ]);
        case "trying":
          return progress(t("import.trying"), true);
        case "preview":
          return h(ImportPreview);
        case "running":
          // Before the server has answered with a job there is nothing that could be cancelled there.
          return progress(t("import.running"), importing.job !== null);
        case "undoing":
          return progress(t("import.undoing"), false);
        case "undone":
          return h("section", { class: "section" }, [
            h("h2", t("import.undone")),
            h(
              "p",
              { role: "status" },
              t("import.undone.text", { removed: importing.job?.result?.removed ?? 0, kept: importing.job?.result?.kept ?? 0 }),
            ),
            h("div", { class: "actions" }, h(Button, { label: t("import.another"), onClick: startAgain })),
          ]);
        default:
          return h(ImportResult);
      }
    };
    return () =>
      h("div", { class: "view manage-view" }, [
        h("header", { class: "view-head" }, [h("h1", t("view.import")), h("p", { class: "hint" }, t("import.text"))]),
        content(),
      ]);
  },
});
