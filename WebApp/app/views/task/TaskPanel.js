// The panel “Task details”: everything about one task, beside the view on a wide screen and over it on a phone.
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { Icon } from "../../components/Icon.js";
import { Problem, Unreachable } from "../../core/api.js";
import { useCommands } from "../../core/commands.js";
import { t } from "../../core/messages.js";
import { tellFailure } from "../../core/notices.js";
import { outbox } from "../../tasks/outbox.js";
import { deleteTask, fetchTask, forget, learn, onTaskChange, tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { neighbour } from "../../tasks/walk.js";
import { defineComponent, h, nextTick, onMounted, onUnmounted, shallowRef, watch } from "../../vue.js";
import { TaskActions } from "./TaskActions.js";
import { TaskFacts } from "./TaskFacts.js";
import { TaskFields } from "./TaskFields.js";
import { TaskHead } from "./TaskHead.js";
import { TaskHistory } from "./TaskHistory.js";
import { TextField } from "./TextField.js";
import { usePlace } from "./usePlace.js";

export default defineComponent({
  name: "TaskPanel",
  props: {
    id: { type: Number, required: true },
  },
  setup(props) {
    /** @type {import("../../vue.d.ts").Ref<unknown>} */
    const failure = shallowRef(null);
    /** @type {import("../../vue.d.ts").Ref<HTMLElement | null>} */
    const element = shallowRef(null);
    const task = () => tasks.get(props.id);
    const place = usePlace(() => props.id, element);

    async function read() {
      const { id } = props;
      failure.value = null;
      try {
        if (id > 0) await fetchTask(id);
        else if (!task()) throw new Unreachable();
      } catch (error) {
        if (error instanceof Problem && error.status === 404) forget(id);
        const kept = error instanceof Unreachable
          ? await import("../../tasks/offline.js").then((one) => one.offlineTask(id)).catch(() => null)
          : null;
        if (id !== props.id) return;
        if (kept) learn(kept);
        // Only this browser could have known a task that the server has not made yet.
        else failure.value = id > 0 ? error : new Problem(404, {}, new Headers());
      }
    }
    watch(() => props.id, () => {
      read();
      nextTick(() => element.value?.scrollTo(0, 0));
    }, { immediate: true });
    // A list brought a newer version without its description.
    watch(() => task() && task()?.description === undefined, (/** @type {boolean} */ isPart) => isPart && props.id > 0 && read());
    onUnmounted(onTaskChange((id, now) => {
      if (id === props.id && !now) failure.value = new Problem(404, {}, new Headers());
    }));
    // A task that was made without the server has got its real number.
    watch(() => outbox.renamed[props.id], (/** @type {number | undefined} */ id) => id && place.show(id), { immediate: true });

    function step(/** @type {1 | -1} */ direction) {
      const next = neighbour(props.id, direction);
      if (next) place.show(next);
    }

    async function discard() {
      const known = task();
      if (!known) return;
      const next = neighbour(known.id, 1) ?? neighbour(known.id, -1);
      place.close(next);
      await deleteTask(known);
    }

    /** Keys that mean the task in the panel: not while a row of the view has the focus. */
    const isHere = () =>
      Boolean(task()) && (document.activeElement === document.body || Boolean(element.value?.contains(document.activeElement)));
    /** Escape in the search box or in quick add is not meant for the panel. */
    const mayClose = () =>
      place.isAlone() &&
      (Boolean(element.value?.contains(document.activeElement)) || !document.activeElement?.matches("input, textarea, select"));
    const group = t("task.details");
    useCommands(
      { id: "task close", label: t("task.close"), group, keys: ["Escape"], inText: true, when: mayClose, run: () => place.close() },
      { id: "task next", label: t("task.next"), group, keys: ["j", "Alt+ArrowDown"], when: place.isAlone, run: () => step(1) },
      { id: "task previous", label: t("task.previous"), group, keys: ["k", "Alt+ArrowUp"], when: place.isAlone, run: () => step(-1) },
      { id: "task complete", label: t("complete"), group, keys: ["e"], when: isHere, run: () => toggle() },
      {
        id: "task save",
        label: t("save"),
        group,
        keys: ["Mod+Enter"],
        inText: true,
        isHidden: true,
        when: () => isHere() && document.activeElement instanceof HTMLTextAreaElement,
        run: () => element.value?.focus(),
      },
    );
    const toggle = () => {
      const known = task();
      if (known) toggleCompleted(known);
    };
    onMounted(() => element.value?.focus({ preventScroll: true }));

    const content = () => {
      const known = task();
      if (failure.value instanceof Problem && failure.value.status === 404) {
        return h(EmptyState, {
          icon: "info",
          title: t("task.gone"),
          text: t("task.gone.text"),
          action: { label: t("close"), run: () => place.close() },
        });
      }
      if (!known) return failure.value ? h(ErrorNotice, { error: failure.value, onRetry: read }) : h("p", { class: "hint" }, t("loading"));
      return h("div", { class: "task-body", key: known.id }, [
        h(TextField, {
          task: known,
          field: "title",
          label: t("task.title"),
          maxlength: 255,
          isLine: true,
        }),
        known.isWaiting ? h("p", { class: "mark task-waiting" }, [h(Icon, { name: "wifi-off" }), t("waiting")]) : null,
        h(TaskFields, { task: known }),
        h(TextField, {
          task: known,
          field: "description",
          label: t("task.description"),
          placeholder: t("task.description.none"),
          maxlength: 20_000,
        }),
        h(TaskActions, { task: known, onDelete: () => discard().catch(tellFailure) }),
        h(TaskFacts, { task: known }),
        known.id > 0 ? h(TaskHistory, { task: known }) : null,
      ]);
    };

    return () =>
      h("section", {
        ref: (/** @type {any} */ found) => void (element.value = found),
        class: "task-panel",
        "aria-label": t("task.details"),
        tabindex: "-1",
      }, [
        h(TaskHead, { task: task(), onStep: step, onClose: () => place.close(), onToggle: toggle }),
        content(),
      ]);
  },
});
