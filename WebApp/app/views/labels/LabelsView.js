// The labels of your tasks: how many tasks have each, its colour, and to rename, merge or delete it everywhere at once.
import { Button } from "../../components/Button.js";
import { Dialog } from "../../components/Dialog.js";
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { Menu } from "../../components/Menu.js";
import { PickerButton } from "../../components/PickerButton.js";
import { useForm } from "../../components/useForm.js";
import { patch, post, Problem, remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { focusNeighbour } from "../../core/focus.js";
import { t } from "../../core/messages.js";
import { tellFailure } from "../../core/notices.js";
import { Link } from "../../core/router.js";
import { tellUndoable } from "../../core/undo.js";
import { forgetLabels, labels, labelTone, loadLabels } from "../../tasks/labelStore.js";
import { reloadLists } from "../../tasks/taskStore.js";
import { defineComponent, h, shallowRef, watch } from "../../vue.js";

/** @typedef {import("../../tasks/labelStore.js").Label} Label */

const colors = ["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];
const pathOf = (/** @type {string} */ name) => `/labels/${encodeURIComponent(name)}`;

/**
 * A change of many tasks that the server has left half done is continued.
 * @param {() => Promise<import("../../core/api.js").Answer>} begin
 * @param {() => Promise<import("../../core/api.js").Answer>} goOn
 * @returns {Promise<string[]>} the requests that made the change
 */
async function inSteps(begin, goOn) {
  const requestIds = [];
  for (let step = begin;; step = goOn) {
    try {
      return [...requestIds, (await step()).requestId];
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "batch_unfinished") throw error;
      requestIds.push(error.requestId);
    }
  }
}

const RenameLabel = defineComponent({
  name: "RenameLabel",
  props: ["label", "run"],
  emits: ["close"],
  setup(props, { emit }) {
    const form = useForm({ name: props.label.name }, async ({ name }) => {
      await props.run(props.label, name.trim());
      emit("close");
    });
    /** Another label has that name already: the two become one. */
    const isMerge = () => {
      const name = form.values.name.trim();
      return name !== props.label.name && labels.all.some((one) => one.name === name);
    };
    return () =>
      h(
        Dialog,
        { title: t("labels.rename", { name: props.label.name }), onClose: () => emit("close") },
        () =>
          h("form", { class: "dialog-form", onSubmit: form.submit }, [
            form.field("name", {
              label: t("labels.name"),
              required: true,
              maxlength: 50,
              hint: isMerge()
                ? t("labels.merge.hint", { name: form.values.name.trim() })
                : t("labels.rename.hint", { count: props.label.count }),
            }),
            form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
            h("div", { class: "dialog-actions" }, [
              h(Button, { label: t("cancel"), onClick: () => emit("close") }),
              h(Button, { type: "submit", kind: "primary", label: t(isMerge() ? "labels.merge" : "save"), busy: form.isBusy }),
            ]),
          ]),
      );
  },
});

export default defineComponent({
  name: "LabelsView",
  setup() {
    const error = shallowRef(/** @type {unknown} */ (null));
    const renamed = shallowRef(/** @type {Label | null} */ (null));
    const load = () => {
      error.value = null;
      loadLabels().catch((one) => void (error.value = one));
    };
    watch(() => labels.owner, (owner) => owner === null && load(), { immediate: true });

    /** @param {() => Promise<string[]>} change @param {string} words */
    async function run(change, words) {
      try {
        tellUndoable(await change(), words);
      } finally {
        // What broke off has changed some tasks, too.
        forgetLabels();
        reloadLists();
      }
    }

    async function rename(/** @type {Label} */ label, /** @type {string} */ name) {
      if (!name || name === label.name) return;
      const isMerge = labels.all.some((one) => one.name === name);
      const merge = () => post(`${pathOf(label.name)}/merge`, { into: name });
      const change = () => patch(pathOf(label.name), { name });
      // Another spelling is no other label.
      const isSame = name.toLowerCase() === label.name.toLowerCase();
      await run(
        () => inSteps(isMerge ? merge : change, isSame ? change : merge),
        t(isMerge ? "labels.merged" : "labels.renamed", { from: label.name, to: name }),
      );
    }

    async function drop(/** @type {Label} */ label) {
      const isSure = await confirm({
        title: t("labels.delete.title", { name: label.name }),
        text: t("labels.delete.text", { count: label.count }),
        action: t("labels.delete"),
      });
      if (!isSure) return;
      const focusNext = focusNeighbour(label.name);
      try {
        const takeOff = () => remove(pathOf(label.name));
        await run(() => inSteps(takeOff, takeOff), t("labels.deleted", { name: label.name }));
        await loadLabels();
        await focusNext();
      } catch (failure) {
        tellFailure(failure);
      }
    }

    const recolor = (/** @type {Label} */ label, /** @type {string | null} */ color) =>
      patch(pathOf(label.name), { color }).then(() => {
        labels.all = labels.all.map((one) => one.name === label.name ? { ...one, color } : one);
      }, tellFailure);

    const row = (/** @type {Label} */ label) =>
      h("li", { key: label.name, class: "named-row", "data-row": label.name }, [
        h(Link, { to: `/?label=${encodeURIComponent(label.name)}`, class: "named-name", dir: "auto" }, () =>
          h("span", { class: ["mark-label", labelTone(label.name)] }, label.name)),
        h("span", { class: "hint" }, t("tasks.count", { count: label.count })),
        h("span", { class: "named-actions" }, [
          h(PickerButton, {
            label: t("labels.color", { name: label.name }),
            text: t(`color.${label.color ?? "none"}`),
            kind: "quiet",
            class: "named-color",
            popup: "menu",
          }, {
            default: ({ close = () => {} }) =>
              h(Menu, {
                label: t("labels.color", { name: label.name }),
                onDone: close,
                items: [null, ...colors].map((color) => ({
                  label: t(`color.${color ?? "none"}`),
                  icon: "tag",
                  tone: color ? `tone-${color}` : undefined,
                  isChecked: label.color === color,
                  run: () =>
                    recolor(label, color),
                })),
              }),
          }),
          h(Button, {
            kind: "quiet",
            icon: "pencil",
            iconOnly: true,
            label: t("labels.rename", { name: label.name }),
            onClick: () =>
              void (renamed.value = label),
          }),
          h(Button, {
            kind: "quiet",
            icon: "trash-2",
            iconOnly: true,
            label: t("labels.deleteOne", { name: label.name }),
            onClick: () => drop(label),
          }),
        ]),
      ]);

    return () =>
      h("div", { class: "view" }, [
        h("header", { class: "view-head" }, h("h1", t("view.labels"))),
        error.value
          ? h(ErrorNotice, { error: error.value, onRetry: load })
          : labels.owner === null && !labels.all.length
          ? h("p", { class: "hint" }, t("loading"))
          : labels.all.length
          ? h("ul", { class: "named-list" }, labels.all.map(row))
          : h(EmptyState, {
            icon: "tag",
            title: t("labels.empty"),
            text: t("labels.empty.text"),
            action: { label: t("error.home"), to: "/" },
          }),
        renamed.value
          ? h(RenameLabel, { key: renamed.value.name, label: renamed.value, run: rename, onClose: () => void (renamed.value = null) })
          : null,
      ]);
  },
});
