// A text of a task that is edited where it stands: saved as one leaves it, kept as a draft until the server has it.
import { Button } from "../../components/Button.js";
import { dropDraft, keepDraft, readDraft } from "../../core/drafts.js";
import { ago } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { session } from "../../core/session.js";
import { changeTask } from "../../tasks/taskStore.js";
import { defineComponent, h, nextTick, onBeforeUnmount, onMounted, ref, watch } from "../../vue.js";

/** Browsers that do not let a text area grow with its text by themselves. */
const growsByHand = !CSS.supports("field-sizing", "content");

export const TextField = defineComponent({
  name: "TextField",
  props: {
    /** @type {any} */
    task: { type: Object, required: true },
    /** @type {any} "title" or "description" */
    field: { type: String, required: true },
    label: { type: String, required: true },
    placeholder: { type: String, default: "" },
    maxlength: { type: Number, required: true },
    /** A title is one line, however long: Enter saves it. */
    isLine: { type: Boolean, default: false },
  },
  setup(props) {
    const text = ref("");
    const fault = ref("");
    /** When the draft was typed that is offered again. */
    const restored = ref(0);
    /** The task as it was when the typing began; null while nothing is typed. @type {any} */
    let seen = null;
    /** @type {HTMLTextAreaElement | null} */
    let element = null;
    const place = `task ${props.task.id} ${props.field}`;
    const saved = () => props.task[props.field];

    function grow() {
      if (!growsByHand || !element) return;
      element.style.height = "auto";
      element.style.height = `${element.scrollHeight}px`;
    }

    function show() {
      text.value = saved() ?? "";
      seen = null;
      restored.value = 0;
      fault.value = "";
      nextTick(grow);
    }

    function begin() {
      const draft = readDraft(place);
      show();
      if (!draft || draft.text === text.value) return dropDraft(place);
      seen = { ...props.task, version: draft.version ?? props.task.version, [props.field]: draft.base ?? "" };
      text.value = draft.text;
      restored.value = draft.at;
    }

    function type(/** @type {string} */ value) {
      seen ??= props.task;
      text.value = value;
      fault.value = "";
      grow();
      if (value === (saved() ?? "")) {
        seen = null;
        restored.value = 0;
        dropDraft(place);
      } else keepDraft(place, { text: value, version: seen.version, base: seen[props.field] ?? "" });
    }

    async function save() {
      // Once the session is over, the draft is what remains.
      if (!seen || session.state === "anonymous") return;
      const typed = text.value;
      const value = props.isLine ? typed.trim() : typed;
      if (props.isLine && !value) return void (fault.value = t("task.titleNeeded"));
      const base = seen;
      const words = t("task.changed", { field: props.label });
      const isSaved = await changeTask(props.task.id, { [props.field]: value || null }, words, base);
      // What was typed meanwhile is a new change of what is saved now.
      if (text.value !== typed) seen = props.task;
      else if (isSaved) {
        dropDraft(place);
        show();
      } else restored.value = readDraft(place)?.at ?? 0;
    }

    function discard() {
      dropDraft(place);
      show();
      element?.focus();
    }

    function press(/** @type {KeyboardEvent} */ event) {
      if (event.isComposing) return;
      if (event.key === "Enter" && props.isLine) {
        event.preventDefault();
        save();
      }
      // The first Escape leaves the text, the second one the panel.
      if (event.key === "Escape" && seen) {
        event.preventDefault();
        /** @type {HTMLElement | null | undefined} */ (element?.closest(".task-panel"))?.focus();
      }
    }

    watch(saved, (/** @type {any} */ _, /** @type {any} */ before) => {
      if (seen) return;
      if (before === undefined) begin();
      else show();
    });
    if (saved() !== undefined) begin();
    onMounted(grow);
    onBeforeUnmount(() => restored.value || save());

    return () => {
      const isLoading = saved() === undefined;
      const isOvertaken = seen && !isLoading && (saved() ?? "") !== text.value && (saved() ?? "") !== (seen[props.field] ?? "");
      return h("div", { class: ["text-field", `text-${props.field}`] }, [
        h("textarea", {
          ref: (/** @type {any} */ found) => void (element = found),
          rows: 1,
          dir: "auto",
          "aria-label": props.label,
          "aria-invalid": fault.value ? "true" : undefined,
          "aria-describedby": fault.value ? `${props.field}-fault` : undefined,
          placeholder: isLoading ? t("loading") : props.placeholder,
          readonly: isLoading,
          maxlength: props.maxlength,
          value: text.value,
          onInput: (/** @type {any} */ event) => type(props.isLine ? event.target.value.replace(/[\r\n]+/g, " ") : event.target.value),
          onKeydown: press,
          onBlur: () => restored.value || save(),
        }),
        fault.value ? h("p", { id: `${props.field}-fault`, class: "fault", role: "alert" }, fault.value) : null,
        isOvertaken ? h("p", { class: "hint", role: "status" }, t("task.overtaken")) : null,
        restored.value
          ? h("div", { class: "draft" }, [
            h("span", t("task.draft", { ago: ago(new Date(restored.value).toISOString()) })),
            h(Button, { kind: "primary", label: t("save"), onClick: save }),
            h(Button, { label: t("task.draft.discard"), onClick: discard }),
          ])
          : null,
      ]);
    };
  },
});
