// All tasks under the filter of the address as one file.
import { Button } from "../../components/Button.js";
import { FilterBar } from "../../components/FilterBar.js";
import { get } from "../../core/api.js";
import { download } from "../../core/download.js";
import { t } from "../../core/messages.js";
import { reason } from "../../core/notices.js";
import { route } from "../../core/router.js";
import { filterOf } from "../../tasks/filters.js";
import { defineComponent, h, onUnmounted, ref, watch } from "../../vue.js";

const formats = ["csv", "json", "ics"];

export const ExportSection = defineComponent({
  name: "ExportSection",
  setup() {
    /** @type {import("../../vue.d.ts").Ref<number | null>} */
    const count = ref(/** @type {number | null} */ (null));
    const fault = ref("");
    const busy = ref("");
    let abort = new AbortController();
    const filter = () => filterOf(route.query);
    watch(() => String(filter()), async () => {
      abort.abort();
      const { signal } = abort = new AbortController();
      count.value = null;
      fault.value = "";
      try {
        const query = filter();
        query.set("limit", "1");
        query.set("count", "true");
        const { data } = await get("/tasks", query, { signal });
        count.value = data.meta.total;
      } catch (error) {
        if (!signal.aborted) fault.value = reason(error);
      }
    }, { immediate: true });
    onUnmounted(() => abort.abort());

    /** @param {string} format */
    async function save(format) {
      busy.value = format;
      const query = filter();
      query.set("format", format);
      await download(`/api/v1/tasks/export?${query}`);
      busy.value = "";
    }
    return () => [
      h(FilterBar),
      h("p", { role: "status" }, fault.value || (count.value === null ? t("loading") : t("export.count", { count: count.value }))),
      h(
        "ul",
        { class: "tiles" },
        formats.map((format) =>
          h("li", { class: "card tile", key: format }, [
            h("h3", t(`export.${format}`)),
            h("p", { class: "hint" }, t(`export.${format}.text`)),
            h(Button, {
              icon: "download",
              label: t("export.save", { format: t(`export.${format}`) }),
              busy: busy.value === format,
              onClick: () => save(format),
            }),
          ])
        ),
      ),
    ];
  },
});
