// What happened to a task, in sentences, the newest first; a change can be taken back field by field.
import { Button } from "../../components/Button.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { get, Unreachable } from "../../core/api.js";
import { ago, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { changeTask } from "../../tasks/taskStore.js";
import { defineComponent, h, onUnmounted, shallowRef, watch } from "../../vue.js";
import { entriesOf, inverseOf, isLong, sentence } from "./historyWords.js";

export const TaskHistory = defineComponent({
  name: "TaskHistory",
  props: {
    /** @type {any} */
    task: { type: Object, required: true },
  },
  setup(props) {
    /** @type {import("../../vue.d.ts").Ref<{ events: any[], next: string | null } | null>} */
    const known = shallowRef(null);
    /** @type {import("../../vue.d.ts").Ref<unknown>} */
    const error = shallowRef(null);
    let abort = new AbortController();

    /** @param {string} [cursor] of a further page; without one it is read anew */
    async function read(cursor) {
      abort.abort();
      const { signal } = abort = new AbortController();
      try {
        const { data } = await get(`/tasks/${props.task.id}/history`, { limit: 20, cursor }, { signal });
        known.value = { events: [...cursor ? known.value?.events ?? [] : [], ...data.data], next: data.meta.next_cursor };
        error.value = null;
      } catch (failure) {
        if (!signal.aborted) error.value = failure;
      }
    }
    watch(() => props.task.version, () => read(), { immediate: true });
    onUnmounted(() => abort.abort());

    const details = (/** @type {import("./historyWords.js").FieldChange} */ { field, from, to }) =>
      h("details", { class: "history-text", key: field }, [
        h("summary", t(`history.${field}.texts`)),
        h("div", [h("h3", t("history.before")), h("p", { dir: "auto" }, from || t("history.empty"))]),
        h("div", [h("h3", t("history.after")), h("p", { dir: "auto" }, to || t("history.empty"))]),
      ]);

    const item = (/** @type {import("./historyWords.js").Entry} */ entry) => {
      const words = sentence(entry);
      const back = inverseOf(entry, props.task);
      const texts = entry.action === "task.updated" ? entry.changes.filter(isLong) : [];
      return h("li", { key: entry.key }, [
        h("div", [
          h("p", words),
          h("time", { class: "hint", datetime: entry.at, title: moment(entry.at) }, ago(entry.at)),
          texts.map(details),
        ]),
        Object.keys(back).length
          ? h(Button, {
            kind: "quiet",
            icon: "undo-2",
            iconOnly: true,
            label: t("history.revert"),
            "aria-label": t("history.revertOf", { words }),
            onClick: () => changeTask(props.task.id, back, t("history.reverted")),
          })
          : null,
      ]);
    };

    return () =>
      h("section", { class: "history", "aria-label": t("history") }, [
        h("h2", t("history")),
        error.value instanceof Unreachable
          ? h("p", { class: "hint" }, t("history.offline"))
          : error.value
          ? h(ErrorNotice, { error: error.value, onRetry: () => read() })
          : null,
        known.value ? h("ol", entriesOf(known.value.events).map(item)) : error.value ? null : h("p", { class: "hint" }, t("loading")),
        known.value?.next ? h(Button, { label: t("history.older"), onClick: () => read(known.value?.next ?? undefined) }) : null,
      ]);
  },
});
