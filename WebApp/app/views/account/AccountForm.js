// The form of log-in, registration and their like: fields, faults beside them, one button.
import { Button } from "../../components/Button.js";
import { Field } from "../../components/Field.js";
import { Problem } from "../../core/api.js";
import { reason } from "../../core/notices.js";
import { defineComponent, h, nextTick, onMounted, reactive, ref } from "../../vue.js";

/**
 * @typedef {object} FormField
 * @property {string} name as in the request
 * @property {string} label
 * @property {string} [type]
 * @property {string} [autocomplete]
 * @property {string} [hint]
 * @property {boolean} [optional]
 * @property {number} [minlength]
 */

export const AccountForm = defineComponent({
  name: "AccountForm",
  props: ["title", "text", "fields", "submit", "run", "initial"],
  setup(props, { slots }) {
    const values = reactive({
      ...Object.fromEntries(props.fields.map((/** @type {FormField} */ field) => [field.name, ""])),
      ...props.initial,
    });
    /** @type {Record<string, string | undefined>} */
    const faults = reactive({});
    const message = ref("");
    const isBusy = ref(false);
    /** @type {HTMLFormElement | null} */
    let form = null;

    async function submit(/** @type {Event} */ event) {
      event.preventDefault();
      if (isBusy.value) return;
      isBusy.value = true;
      message.value = "";
      for (const name of Object.keys(faults)) delete faults[name];
      try {
        await props.run({ ...values });
      } catch (error) {
        const known = props.fields.filter((/** @type {FormField} */ field) => error instanceof Problem && error.of(field.name));
        for (const field of known) faults[field.name] = /** @type {Problem} */ (error).of(field.name);
        if (!known.length) message.value = reason(error);
        await nextTick();
        /** @type {HTMLElement | null} */ (form?.querySelector('[aria-invalid="true"]') ?? form?.querySelector("input"))?.focus();
      } finally {
        isBusy.value = false;
      }
    }
    onMounted(() => form?.querySelector("input")?.focus());

    return () =>
      h("form", { class: "card-form", ref: (/** @type {any} */ element) => void (form = element), onSubmit: submit }, [
        h("h1", props.title),
        props.text ? h("p", props.text) : null,
        props.fields.map((/** @type {FormField} */ field) =>
          h(Field, {
            key: field.name,
            name: field.name,
            label: field.label,
            type: field.type ?? "text",
            autocomplete: field.autocomplete,
            hint: field.hint,
            required: !field.optional,
            minlength: field.minlength,
            modelValue: values[field.name],
            fault: faults[field.name],
            "onUpdate:modelValue": (/** @type {string} */ value) => void (values[field.name] = value),
          })
        ),
        h("p", { class: "fault", role: "alert" }, message.value),
        h(Button, { type: "submit", kind: "primary", label: props.submit, busy: isBusy.value }),
        slots.default?.(),
      ]);
  },
});
