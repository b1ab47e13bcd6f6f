// The saved views: open, rename, order, pin, delete.
import { Button } from "../../components/Button.js";
import { Dialog } from "../../components/Dialog.js";
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { useForm } from "../../components/useForm.js";
import { confirm } from "../../core/confirm.js";
import { focusNeighbour } from "../../core/focus.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { Link } from "../../core/router.js";
import { changeView, deleteView, hrefOf, loadSavedViews, savedViews, shiftView } from "../../tasks/savedViews.js";
import { defineComponent, h, nextTick, shallowRef } from "../../vue.js";

/** @typedef {import("../../tasks/savedViews.js").SavedView} SavedView */

const RenameDialog = defineComponent({
  name: "RenameDialog",
  props: ["view"],
  emits: ["close"],
  setup(props, { emit }) {
    const form = useForm({ name: props.view.name }, async ({ name }) => {
      await changeView(props.view, { name });
      emit("close");
    });
    return () =>
      h(
        Dialog,
        { title: t("saved.rename"), onClose: () => emit("close") },
        () =>
          h("form", { class: "dialog-form", onSubmit: form.submit }, [
            form.field("name", { label: t("views.name"), required: true, maxlength: 100 }),
            form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
            h("div", { class: "dialog-actions" }, [
              h(Button, { label: t("cancel"), onClick: () => emit("close") }),
              h(Button, { type: "submit", kind: "primary", label: t("save"), busy: form.isBusy }),
            ]),
          ]),
      );
  },
});

export default defineComponent({
  name: "SavedViewsView",
  setup() {
    const error = shallowRef(/** @type {unknown} */ (null));
    const renamed = shallowRef(/** @type {SavedView | null} */ (null));
    const load = () => {
      error.value = null;
      loadSavedViews().catch((one) => void (error.value = one));
    };
    load();

    async function shift(/** @type {SavedView} */ view, /** @type {-1 | 1} */ step) {
      await shiftView(view, step).catch(tellFailure);
      await nextTick();
      /** @type {HTMLElement | null} */ (document.querySelector(`[data-focus="view-${view.id}-${step}"]`))?.focus();
      tell(t("saved.moved", { name: view.name, place: savedViews.all.findIndex((one) => one.id === view.id) + 1 }));
    }

    async function drop(/** @type {SavedView} */ view) {
      if (!await confirm({ title: t("saved.delete.title", { name: view.name }), text: t("saved.delete.text"), action: t("delete") })) {
        return;
      }
      const focusNext = focusNeighbour(view.id);
      await deleteView(view).then(() => tell(t("saved.deleted", { name: view.name })), tellFailure);
      await focusNext();
    }

    const row = (/** @type {SavedView} */ view, /** @type {number} */ place) =>
      h("li", { key: view.id, class: "named-row", "data-row": view.id }, [
        h(Link, { to: hrefOf(view), class: "named-name", dir: "auto" }, () => view.name),
        h("span", { class: "hint" }, t(`view.${view.layout}`)),
        h("span", { class: "named-actions" }, [
          h(Button, {
            kind: "quiet",
            class: "named-pin",
            icon: "pin",
            label: t(view.pinned ? "saved.unpin" : "saved.pin"),
            onClick: () => changeView(view, { pinned: !view.pinned }).catch(tellFailure),
          }),
          h(Button, {
            kind: "quiet",
            icon: "arrow-up",
            iconOnly: true,
            label: t("saved.up", { name: view.name }),
            "data-focus": `view-${view.id}--1`,
            "aria-disabled": place === 0 ? "true" : undefined,
            onClick: () => shift(view, -1),
          }),
          h(Button, {
            kind: "quiet",
            icon: "arrow-down",
            iconOnly: true,
            label: t("saved.down", { name: view.name }),
            "data-focus": `view-${view.id}-1`,
            "aria-disabled": place === savedViews.all.length - 1 ? "true" : undefined,
            onClick: () => shift(view, 1),
          }),
          h(Button, {
            kind: "quiet",
            icon: "pencil",
            iconOnly: true,
            label: t("saved.renameOne", { name: view.name }),
            onClick: () => void (renamed.value = view),
          }),
          h(Button, {
            kind: "quiet",
            icon: "trash-2",
            iconOnly: true,
            label: t("saved.deleteOne", { name: view.name }),
            onClick: () => drop(view),
          }),
        ]),
      ]);

    return () =>
      h("div", { class: "view" }, [
        h("header", { class: "view-head" }, h("h1", t("view.views"))),
        error.value
          ? h(ErrorNotice, { error: error.value, onRetry: load })
          : savedViews.owner === null
          ? h("p", { class: "hint" }, t("loading"))
          : savedViews.all.length
          ? h("ul", { class: "named-list" }, savedViews.all.map(row))
          : h(EmptyState, {
            icon: "star",
            title: t("saved.empty"),
            text: t("saved.empty.text"),
            action: { label: t("error.home"), to: "/" },
          }),
        renamed.value ? h(RenameDialog, { key: renamed.value.id, view: renamed.value, onClose: () => void (renamed.value = null) }) : null,
      ]);
  },
});
