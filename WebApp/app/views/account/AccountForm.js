// The form of log-in, registration and their like: fields, faults beside them, one button.
import { Button } from "../../components/Button.js";
import { useForm } from "../../components/useForm.js";
import { defineComponent, h, onMounted } from "../../vue.js";

/**
 * @typedef {object} FormField
 * @property {string} name as in the request
 * @property {string} label
 * @property {string} [type]
 * @property {string} [autocomplete]
 * @property {string} [hint]
 * @property {boolean} [optional]
 * @property {number} [minlength]
 * @property {number} [maxlength]
 */

export const AccountForm = defineComponent({
  name: "AccountForm",
  props: ["title", "text", "fields", "submit", "run", "initial", "alert"],
  setup(props, { slots }) {
    const form = useForm(
      { ...Object.fromEntries(props.fields.map((/** @type {FormField} */ field) => [field.name, ""])), ...props.initial },
      (values) => props.run(values),
    );
    /** @type {HTMLFormElement | null} */
    let element = null;
    const hasName = props.fields.some((/** @type {FormField} */ { autocomplete }) => autocomplete === "username");
    onMounted(() => /** @type {HTMLElement | null | undefined} */ (element?.querySelector("input:not([readonly])"))?.focus());

    return () =>
      h("form", { class: "card-form", ref: (/** @type {any} */ one) => void (element = one), onSubmit: form.submit }, [
        h("h1", props.title),
        props.text ? h("p", props.text) : null,
        // Password managers look for the name beside the password; which account it is, only the link in the mail knows.
        hasName ? null : h("input", {
          type: "text",
          class: "visually-hidden",
          name: "username",
          autocomplete: "username",
          readonly: true,
          tabindex: -1,
          "aria-hidden": "true",
        }),
        props.fields.map((/** @type {FormField} */ { name, optional, type = "text", ...field }) =>
          form.field(name, { ...field, type, required: !optional })
        ),
        h("p", { class: "fault", role: "alert" }, form.message || props.alert),
        h(Button, { type: "submit", kind: "primary", label: props.submit, busy: form.isBusy }),
        slots.default?.(),
      ]);
  },
});
