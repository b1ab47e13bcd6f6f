// The labels of one task or of many: each is put on or taken off, a new one is typed.
import { t } from "../core/messages.js";
import { reason } from "../core/notices.js";
import { labels, labelTone, loadLabels } from "../tasks/labelStore.js";
import { defineComponent, h, ref } from "../vue.js";
import { Chooser } from "./Chooser.js";

export const LabelChoices = defineComponent({
  name: "LabelChoices",
  props: {
    /** @type {any} The labels that are on. */
    modelValue: { type: Array, default: () => [] },
    /** @type {any} Those that only some of several tasks have. */
    some: { type: Array, default: () => [] },
    /** Whether a label that is not there yet can be made. */
    canCreate: { type: Boolean, default: true },
  },
  emits: ["update:modelValue", "toggle"],
  setup(props, { emit }) {
    const text = ref("");
    const fault = ref("");
    loadLabels().catch((error) => void (fault.value = reason(error)));

    const options = () => {
      const wanted = text.value.trim().toLowerCase();
      const names = [...new Set([...props.modelValue, ...props.some, ...labels.all.map((label) => label.name)])];
      const found = names.filter((name) => name.toLowerCase().includes(wanted)).slice(0, 100).map((name) => ({
        key: name,
        label: name,
        icon: "tag",
        tone: labelTone(name),
        isChosen: props.modelValue.includes(name) || (props.some.includes(name) && "some"),
      }));
      const isNew = props.canCreate && wanted && !names.some((name) => name.toLowerCase() === wanted);
      const name = text.value.trim();
      return isNew ? [...found, { key: name, label: t("labels.create", { name }), icon: "plus", isChosen: false }] : found;
    };

    /** @param {string} name */
    function toggle(name) {
      const isOn = props.modelValue.includes(name);
      emit("toggle", name, !isOn);
      emit("update:modelValue", isOn ? props.modelValue.filter((/** @type {string} */ one) => one !== name) : [...props.modelValue, name]);
    }

    return () => [
      h(Chooser, {
        label: t("labels"),
        placeholder: t("labels.find"),
        options: options(),
        empty: t("labels.noneYet"),
        isMultiple: true,
        maxlength: 50,
        onQuery: (/** @type {string} */ value) => void (text.value = value),
        onChoose: toggle,
      }),
      fault.value ? h("p", { class: "fault", role: "alert" }, fault.value) : null,
    ];
  },
});
