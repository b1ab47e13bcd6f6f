// The box that adds a task in one line. What it understood is shown as chips before you save; what you typed stays until the server has it.
// The grammar is loaded when somebody turns to a box: the first view comes without it.
import { Button } from "../components/Button.js";
import { Icon } from "../components/Icon.js";
import { randomKey, Unreachable } from "../core/api.js";
import { addCommands } from "../core/commands.js";
import { dropDraft, keepDraft, readDraft } from "../core/drafts.js";
import { t } from "../core/messages.js";
import { reason } from "../core/notices.js";
import { createTask } from "../tasks/taskStore.js";
import { computed, defineComponent, h, nextTick, onUnmounted, ref, shallowRef } from "../vue.js";

let lastID = 0;

/** @typedef {typeof import("./reading.js")} Reader */

/** @type {import("../vue.d.ts").Ref<Reader | null>} */
const reader = shallowRef(null);
/** @returns {Promise<Reader>} */
async function loadReader() {
  return reader.value ??= await import("./reading.js").catch(() => {
    throw new Unreachable();
  });
}
/** The one who saves is told when it cannot be loaded. */
const prepareReader = () => void loadReader().catch(() => {});

export const QuickAdd = defineComponent({
  name: "QuickAdd",
  props: {
    /** Fields that every task added here gets, such as the status of a column. */
    defaults: { type: Object, default: () => ({}) },
    /** Where the line is kept until it is saved. Boxes beside each other have places of their own. */
    place: { type: String, default: "" },
  },
  setup(props) {
    const id = `quick-add-${++lastID}`;
    const place = `quick-add ${props.place}`;
    const kept = readDraft(place);
    const text = ref(kept?.text ?? "");
    const fault = ref("");
    const reading = computed(() => text.value.trim() ? reader.value?.read(text.value) ?? null : null);
    const chips = computed(() => (reading.value?.ranges ?? []).filter((range) => range.kind !== "description" && range.kind !== "quoted"));
    /** @type {HTMLInputElement | null} */
    let input = null;
    /** One attempt, one key: Enter after a lost answer makes no second task. */
    let attempt = { text: kept?.text ?? "", key: kept?.key ?? "" };
    if (kept?.text) prepareReader();

    function type(/** @type {string} */ value) {
      text.value = value;
      fault.value = "";
      keepDraft(place, { text: value });
    }

    function makeText(/** @type {import("./grammar.js").Range} */ range) {
      if (reader.value) type(reader.value.asText(text.value, range));
      input?.focus();
    }

    async function submit(/** @type {Event} */ event) {
      event.preventDefault();
      const line = text.value.trim();
      if (!line) return input?.focus();
      if (attempt.text !== line || !attempt.key) attempt = { text: line, key: randomKey() };
      const { key } = attempt;
      type("");
      // A page that is closed before the answer comes offers the line again, with the same key.
      keepDraft(place, attempt);
      try {
        const draft = await (await loadReader()).draftOf(line);
        if (!draft.title) throw new Error(t("quickAdd.hint.title"));
        await createTask({ ...props.defaults, ...draft }, key);
        attempt = { text: "", key: "" };
        if (readDraft(place)?.key === key) dropDraft(place);
      } catch (error) {
        // A newer line may have been begun meanwhile; the failed one comes back only into an empty box.
        if (!text.value) type(line);
        fault.value = error instanceof Error && error.message === t("quickAdd.hint.title") ? error.message : reason(error);
      }
      input?.focus();
    }

    function onKeydown(/** @type {KeyboardEvent} */ event) {
      const offered = reading.value?.offered;
      if (event.key === "Tab" && !event.shiftKey && offered && reader.value) {
        event.preventDefault();
        type(reader.value.takeOffer(text.value, offered));
        nextTick(() => input?.setSelectionRange(text.value.length, text.value.length));
      } else if (event.key === "Escape" && chips.value.length) {
        event.preventDefault();
        event.stopPropagation();
        makeText(chips.value[chips.value.length - 1]);
      }
    }
    // One box has the key; of several beside each other the view says which.
    if (!props.place) {
      onUnmounted(
        addCommands({ id: "quick-add", label: t("quickAdd"), group: t("keys.tasks"), keys: ["q", "c"], run: () => input?.focus() }),
      );
    }

    /** @param {import("./grammar.js").Result} reading @param {Reader} reader */
    const understood = (reading, { chipText, hintText }) => {
      const hints = reading.hints.filter((hint) => hint !== "the title is missing" || chips.value.length).map(hintText);
      const { offered } = reading;
      return h("div", { class: "quick-add-chips" }, [
        chips.value.length
          ? h(
            "ul",
            { "aria-label": t("quickAdd.understood") },
            chips.value.map((range) =>
              h("li", { key: `${range.start}-${range.kind}` }, [
                h("button", {
                  type: "button",
                  class: ["chip", `chip-${range.kind}`],
                  title: t("quickAdd.asText"),
                  "aria-label": t("quickAdd.chip", { chip: chipText(range, reading) }),
                  onClick: () => makeText(range),
                }, [h("span", { dir: "auto" }, chipText(range, reading)), h(Icon, { name: "x" })]),
              ])
            ),
          )
          : null,
        offered ? h("p", { class: "hint" }, t("quickAdd.offered", { phrase: text.value.slice(offered.start, offered.end) })) : null,
        hints.map((hint) => h("p", { class: "hint", key: hint }, hint)),
      ]);
    };

    return () =>
      h("form", { class: "quick-add", onSubmit: submit }, [
        h("input", {
          ref: (/** @type {any} */ element) => void (input = element),
          type: "text",
          "aria-label": t("quickAdd"),
          placeholder: t(props.place ? "quickAdd" : "quickAdd.placeholder"),
          value: text.value,
          maxlength: 20_000,
          autocomplete: "off",
          enterkeyhint: "done",
          "data-quick-add": "",
          "aria-invalid": fault.value ? "true" : undefined,
          "aria-describedby": `${id}-more`,
          onFocus: prepareReader,
          onInput: (/** @type {any} */ event) => type(event.target.value),
          onKeydown,
        }),
        h(Button, { type: "submit", kind: "primary", icon: "plus", label: t("quickAdd.submit") }),
        h("div", { id: `${id}-more`, class: "quick-add-more" }, [
          fault.value ? h("p", { class: "fault", role: "alert" }, fault.value) : null,
          reading.value && reader.value ? understood(reading.value, reader.value) : null,
        ]),
      ]);
  },
});
