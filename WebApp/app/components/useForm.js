// The state of a form: values, what the server says of each of them, and whether it is being sent.
import { h, nextTick, reactive, watch } from "../vue.js";
import { Field } from "./Field.js";
import { Problem } from "../core/api.js";
import { dropDraft, keepDraft, readDraft } from "../core/drafts.js";
import { reason } from "../core/notices.js";

let last = 0;

/**
 * @template {Record<string, any>} Values
 * @param {Values} initial
 * @param {(values: Values) => Promise<unknown>} run
 * @param {string} [place] What is typed here outlives a reload, until it is sent or given up; passwords do not.
 */
export function useForm(initial, run, place) {
  const id = `form-${++last}`;
  const shown = new Set();
  const secrets = new Set();
  const typed = () => JSON.stringify(form.values, (name, value) => secrets.has(name) ? undefined : value);
  const form = reactive({
    values: { ...initial },
    /** @type {Record<string, string>} */
    faults: {},
    message: "",
    isBusy: false,
    submit,
    field,
    /** The person does not want to send it any more. */
    giveUp: () => place && dropDraft(place),
  });
  let base = typed();
  if (place) {
    const draft = readDraft(place);
    // What it was made from has changed since.
    if (draft?.base === base) Object.assign(form.values, JSON.parse(draft.text));
    else dropDraft(place);
    watch(typed, (/** @type {string} */ text) => text === base ? dropDraft(place) : keepDraft(place, { text, base }));
  }

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
      base = typed();
      form.giveUp();
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
    if (props.type === "password") secrets.add(name);
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
