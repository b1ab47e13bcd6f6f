// Who does a task: oneself, nobody, or somebody found by name or username.
import { get } from "../core/api.js";
import { t } from "../core/messages.js";
import { reason } from "../core/notices.js";
import { session } from "../core/session.js";
import { people, personName } from "../tasks/taskStore.js";
import { defineComponent, h, onUnmounted, ref } from "../vue.js";
import { Chooser } from "./Chooser.js";

/** @typedef {{ id: number, username: string | null, name: string | null }} Person */

export const PersonChoices = defineComponent({
  name: "PersonChoices",
  props: {
    /** @type {any} The id of the person, null for nobody. */
    modelValue: { type: Number, default: null },
    label: { type: String, default: () => t("assignee") },
    /** The word for nobody; without one nobody cannot be chosen. */
    nobody: { type: String, default: () => t("assignee.none") },
  },
  emits: ["choose"],
  setup(props, { emit }) {
    const text = ref("");
    const fault = ref("");
    /** @type {import("../vue.d.ts").Ref<Person[]>} */
    const found = ref([]);
    let abort = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let later;

    function find(/** @type {string} */ value) {
      text.value = value;
      fault.value = "";
      clearTimeout(later);
      abort.abort();
      const q = value.trim();
      if (!q) return void (found.value = []);
      const { signal } = abort = new AbortController();
      later = setTimeout(async () => {
        try {
          const answer = (await get("/users/search", { q }, { signal })).data.data;
          for (const person of answer) people.byId[person.id] = person;
          found.value = answer;
        } catch (error) {
          if (!signal.aborted) fault.value = reason(error);
        }
      }, 150);
    }
    onUnmounted(() => {
      clearTimeout(later);
      abort.abort();
    });

    const options = () => {
      const me = session.user?.id;
      const wanted = text.value.trim().toLowerCase();
      const known = Object.values({ ...people.kept, ...people.byId }).filter((person) =>
        person.id !== me && `${person.name ?? ""} ${person.username ?? ""}`.toLowerCase().includes(wanted)
      );
      const others = [
        ...new Map([...known, ...found.value].filter((person) => person.id !== me).map((person) => [person.id, person])).values(),
      ];
      return [
        { id: me ?? null, label: t("assignee.me", { name: personName(me) }), icon: "user", hint: "" },
        ...(props.nobody ? [{ id: null, label: props.nobody, icon: "x", hint: "" }] : []),
        ...others.slice(0, 20).map((person) => ({
          id: /** @type {number | null} */ (person.id),
          label: person.name ?? person.username ?? t("person.unnamed", { id: person.id }),
          icon: "user",
          hint: person.name && person.username ? `@${person.username}` : "",
        })),
      ].filter((option) => others.some((one) => one.id === option.id) || option.label.toLowerCase().includes(wanted)).map((option) => ({
        ...option,
        key: String(option.id ?? "none"),
        isChosen: option.id === props.modelValue,
      }));
    };

    return () => [
      h(Chooser, {
        label: props.label,
        placeholder: t("assignee.find"),
        options: options(),
        empty: t("assignee.empty"),
        maxlength: 100,
        onQuery: find,
        onChoose: (/** @type {string} */ key) => emit("choose", key === "none" ? null : Number(key)),
      }),
      fault.value ? h("p", { class: "fault", role: "alert" }, fault.value) : null,
    ];
  },
});
