// A filter of a table: a box or a choice whose value stands in the address.
import { route, setQuery } from "../core/router.js";
import { defineComponent, h, onUnmounted, ref, watch } from "../vue.js";
import { Field } from "./Field.js";

/** A box; the address follows when typing pauses. */
export const QueryField = defineComponent({
  name: "QueryField",
  props: ["name", "label", "type", "placeholder"],
  setup(props) {
    const inAddress = () => route.query.get(props.name) ?? "";
    const text = ref(inAddress());
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let typing;
    watch(inAddress, (/** @type {string} */ value) => {
      if (value !== text.value.trim()) text.value = value;
    });
    onUnmounted(() => clearTimeout(typing));
    return () =>
      h(Field, {
        id: `query-${props.name}`,
        label: props.label,
        type: props.type ?? "search",
        placeholder: props.placeholder,
        autocomplete: "off",
        modelValue: text.value,
        "onUpdate:modelValue": (/** @type {string} */ value) => {
          text.value = value;
          clearTimeout(typing);
          typing = setTimeout(() => setQuery({ [props.name]: value.trim() || null }, { replace: true }), 250);
        },
      });
  },
});

/** @param {{ name: string, label: string, all: string, options: [string, string][] }} props */
export const QuerySelect = ({ name, label, all, options }) =>
  h(Field, {
    as: "select",
    id: `query-${name}`,
    label,
    modelValue: route.query.get(name) ?? "",
    "onUpdate:modelValue": (/** @type {string} */ value) => setQuery({ [name]: value || null }, { replace: true }),
  }, () => [h("option", { value: "" }, all), ...options.map(([value, text]) => h("option", { value, key: value }, text))]);
QuerySelect.props = ["name", "label", "all", "options"];
