// The state of a form: values, what the server says of each of them, and whether it is being sent.
import { h, nextTick, reactive } from "../vue.js";
import { Field } from "./Field.js";
import { Problem } from "../core/api.js";
import { reason } from "../core/notices.js";

let last = 0;

/**
 * @template {Record<string, any>} Values
 * @param {Values} initial
 * @param {(values: Values) => Promise<unknown>} run
 */
export function useForm(initial, run) {
  const id = `form-${++last}`;
  const shown = new Set();
  const form = reactive({
    values: { ...initial },
    /** @type {Record<string, string>} */
    faults: {},
    message: "",
    isBusy: false,
    submit,
    field,
  });

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (form.isBusy) return;
    const element = /** @type {HTMLFormElement} */ (event.currentTarget);
    form.isBusy = true;
    form.message = "";
    form.faults = {};
    try {
      await run(/** @type {Values} */ ({ ...form.values }));
    } catch (error) {
      for (const name of shown) {
        const fault = error instanceof Problem ? error.of(name) : undefined;
        if (fault) form.faults[name] = fault;
      }
      if (!Object.keys(form.faults).length) form.message = reason(error);
      await nextTick();
      /** @type {HTMLElement | null} */ (element.querySelector('[aria-invalid="true"]') ?? element.querySelector("input"))?.focus();
    } finally {
      form.isBusy = false;
    }
  }

  /**
   * A labelled input that holds one of the values.
   * @param {string} name
   * @param {Record<string, any>} props those of Field
   * @param {() => import("../vue.d.ts").Child} [options] of a select
   */
  function field(name, props, options) {
    shown.add(name);
    return h(Field, {
      id: `${id}-${name}`,
      name,
      ...props,
      modelValue: form.values[name] ?? "",
      fault: form.faults[name],
      "onUpdate:modelValue": (/** @type {string} */ value) => void (/** @type {Record<string, any>} */ (form.values)[name] = value),
    }, options);
  }
  return form;
}
