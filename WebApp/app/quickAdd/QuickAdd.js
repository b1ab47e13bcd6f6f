// The box that adds a task in one line. What was typed stays until the server has it.
import { Button } from "../components/Button.js";
import { addCommands } from "../core/commands.js";
import { randomKey } from "../core/api.js";
import { t } from "../core/messages.js";
import { reason } from "../core/notices.js";
import { createTask } from "../tasks/taskStore.js";
import { defineComponent, h, onUnmounted, ref } from "../vue.js";

const draftKey = "taskflow-quick-add";

export const QuickAdd = defineComponent({
  name: "QuickAdd",
  props: {
    /** Fields that every task added here gets, such as the status of a column. */
    defaults: { type: Object, default: () => ({}) },
  },
  setup(props) {
    const text = ref(sessionStorage.getItem(draftKey) ?? "");
    const fault = ref("");
    /** @type {HTMLInputElement | null} */
    let input = null;
    /** One attempt, one key: Enter after a lost answer makes no second task. */
    let attempt = { text: "", key: "" };

    function type(/** @type {string} */ value) {
      text.value = value;
      fault.value = "";
      sessionStorage.setItem(draftKey, value);
    }

    async function submit(/** @type {Event} */ event) {
      event.preventDefault();
      const line = text.value.trim();
      if (!line) return input?.focus();
      if (attempt.text !== line) attempt = { text: line, key: randomKey() };
      const { key } = attempt;
      type("");
      try {
        await createTask({ ...props.defaults, title: line }, key);
        attempt = { text: "", key: "" };
      } catch (error) {
        // A newer line may have been begun meanwhile; the failed one comes back only into an empty box.
        if (!text.value) type(line);
        fault.value = reason(error);
      }
      input?.focus();
    }
    onUnmounted(
      addCommands({ id: "quick-add", label: t("quickAdd"), group: t("keys.tasks"), keys: ["q", "c"], run: () => input?.focus() }),
    );

    return () =>
      h("form", { class: "quick-add", onSubmit: submit }, [
        h("input", {
          ref: (/** @type {any} */ element) => void (input = element),
          type: "text",
          "aria-label": t("quickAdd"),
          placeholder: t("quickAdd.placeholder"),
          value: text.value,
          maxlength: 20_000,
          autocomplete: "off",
          enterkeyhint: "done",
          "aria-invalid": fault.value ? "true" : undefined,
          "aria-describedby": fault.value ? "quick-add-fault" : undefined,
          onInput: (/** @type {any} */ event) => type(event.target.value),
        }),
        h(Button, { type: "submit", kind: "primary", icon: "plus", label: t("quickAdd.submit") }),
        fault.value ? h("p", { id: "quick-add-fault", class: "fault", role: "alert" }, fault.value) : null,
      ]);
  },
});
