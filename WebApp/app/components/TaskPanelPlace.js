// The place of the task panel beside a view: it loads the panel when the address first names a task.
import { loadMessages } from "../core/messages.js";
import { tellFailure } from "../core/notices.js";
import { openTask } from "../core/router.js";
import { loadStyle } from "../core/styles.js";
import { defineComponent, h, shallowRef, watch } from "../vue.js";

export const TaskPanelPlace = defineComponent({
  name: "TaskPanelPlace",
  setup() {
    /** @type {import("../vue.d.ts").Ref<any>} */
    const panel = shallowRef(null);
    const id = () => Number.isSafeInteger(openTask.value) ? openTask.value : 0;
    watch(id, async (/** @type {number} */ wanted) => {
      if (!wanted || panel.value) return;
      try {
        const [module] = await Promise.all([import("../views/task/TaskPanel.js"), loadMessages("task"), loadStyle("task")]);
        panel.value = module.default;
      } catch (error) {
        tellFailure(error);
      }
    }, { immediate: true });
    return () => id() && panel.value ? h(panel.value, { id: id() }) : null;
  },
});
