// Where the file of an import is chosen or dropped.
import { Icon } from "../../components/Icon.js";
import { instance } from "../../core/instance.js";
import { bytes } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { defineComponent, h, ref } from "../../vue.js";

export const ChooseFile = defineComponent({
  name: "ChooseFile",
  emits: ["choose"],
  setup(_, { emit }) {
    const isOver = ref(false);
    /** @param {FileList | null | undefined} files */
    const take = (files) => files?.[0] && emit("choose", files[0]);
    return () =>
      h("div", {
        class: ["drop", isOver.value && "drop-over"],
        onDragover: (/** @type {DragEvent} */ event) => {
          event.preventDefault();
          isOver.value = true;
        },
        onDragleave: () => void (isOver.value = false),
        onDrop: (/** @type {DragEvent} */ event) => {
          event.preventDefault();
          isOver.value = false;
          take(event.dataTransfer?.files);
        },
      }, [
        h(Icon, { name: "upload" }),
        h("p", t("import.drop")),
        h("label", { class: "button button-primary file-button" }, [
          h("input", {
            type: "file",
            class: "visually-hidden",
            accept: ".csv,.tsv,.txt,.json,.ics,text/csv,text/plain,text/calendar,application/json",
            onChange: (/** @type {any} */ event) => {
              take(event.target.files);
              event.target.value = "";
            },
          }),
          h("span", t("import.choose")),
        ]),
        h("p", { class: "hint" }, t("import.products")),
        instance.limits.import_bytes ? h("p", { class: "hint" }, t("import.most", { size: bytes(instance.limits.import_bytes) })) : null,
      ]);
  },
});
