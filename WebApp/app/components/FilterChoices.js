// Everything that a view can be filtered by. A choice changes the address at once; the first one makes an entry of the history, so that one
// step back takes the whole filter back.
import { t } from "../core/messages.js";
import { reason } from "../core/notices.js";
import { route, setQuery } from "../core/router.js";
import { session } from "../core/session.js";
import { priorityItems, statusItems } from "../tasks/choices.js";
import { priorities, statuses } from "../tasks/filters.js";
import { labels, labelTone, loadLabels } from "../tasks/labelStore.js";
import { personName } from "../tasks/taskStore.js";
import { defineComponent, h, ref } from "../vue.js";
import { DueRange } from "./DueRange.js";
import { LabelChoices } from "./LabelChoices.js";
import { PersonChoices } from "./PersonChoices.js";
import { PickerButton } from "./PickerButton.js";
import { ToggleGroup } from "./ToggleGroup.js";

/** Labels that stand there at once; the others are found by name. */
const mostLabels = 8;
/** A due filter is one of these; another one takes its place. */
const noDue = { due: null, due_on: null, due_after: null, due_before: null, overdue: null };

/** The label of that name in a filter: `none` alone means “without a label”. @param {string} name */
const asFilter = (name) => name.toLowerCase() === "none" ? `"${name}"` : name;

export const FilterChoices = defineComponent({
  name: "FilterChoices",
  setup() {
    let isFirst = true;
    const fault = ref("");
    loadLabels().catch((error) => void (fault.value = reason(error)));

    /** @param {Record<string, string | string[] | null>} changes */
    function change(changes) {
      setQuery(changes, { replace: !isFirst });
      isFirst = false;
    }

    const has = (/** @type {string} */ name, /** @type {string} */ value) => route.query.getAll(name).includes(value);

    /** @param {string} name @param {string} value @param {boolean} isOn */
    function toggle(name, value, isOn) {
      const rest = route.query.getAll(name).filter((one) => one !== value);
      const all = isOn ? [...rest, value] : rest;
      change({ [name]: all.length ? all : null });
    }

    const group = (
      /** @type {string} */ name,
      /** @type {readonly string[]} */ keys,
      /** @type {import("./Menu.js").MenuItem[]} */ items,
    ) =>
      h(ToggleGroup, {
        label: t(name),
        toggles: keys.map((key, place) => ({ ...items[place], key, isOn: has(name, key) })),
        onToggle: (/** @type {string} */ key, /** @type {boolean} */ isOn) => toggle(name, key, isOn),
      });

    function due() {
      const key = route.query.get("due") ?? (has("overdue", "true") ? "overdue" : null);
      return [
        h(ToggleGroup, {
          label: t("due"),
          toggles: ["overdue", "today", "week", "none"].map((one) => ({ key: one, label: t(`filter.due.${one}`), isOn: key === one })),
          onToggle: (/** @type {string} */ one, /** @type {boolean} */ isOn) =>
            change({ ...noDue, ...(!isOn ? {} : one === "overdue" ? { overdue: "true" } : { due: one }) }),
        }),
        h(DueRange, { onChange: (/** @type {Record<string, string | null>} */ range) => change({ ...noDue, ...range }) }),
      ];
    }

    function assignee() {
      const me = String(session.user?.id ?? "");
      const now = route.query.get("assignee_id");
      const ids = [me, "none", ...(now && now !== me && now !== "none" ? [now] : [])];
      return h(ToggleGroup, {
        label: t("assignee"),
        toggles: ids.map((id) => ({
          key: id,
          label: id === me ? t("filter.me") : id === "none" ? t("assignee.none") : personName(Number(id)),
          isOn: now === id,
        })),
        onToggle: (/** @type {string} */ id, /** @type {boolean} */ isOn) => change({ assignee_id: isOn ? id : null }),
      }, () =>
        h(PickerButton, { label: t("filter.person"), kind: "quiet" }, {
          default: ({ close = () => {} }) =>
            h(PersonChoices, {
              modelValue: Number(now) || null,
              onChoose: (/** @type {number | null} */ id) => {
                close();
                change({ assignee_id: String(id ?? "none") });
              },
            }),
        }));
    }

    function label() {
      const name = route.query.has("label_all") ? "label_all" : "label";
      const chosen = route.query.getAll(name);
      const first = labels.all.toSorted((a, b) => b.count - a.count).slice(0, mostLabels).map((one) => asFilter(one.name));
      const shown = [...new Set([...chosen.filter((one) => one !== "none"), ...first])];
      return [
        h(ToggleGroup, {
          label: t("labels"),
          toggles: [
            { key: "none", label: t("labels.none"), isOn: has("label", "none") },
            ...shown.map((one) => ({ key: one, label: one, icon: "tag", tone: labelTone(one), isOn: chosen.includes(one) })),
          ],
          onToggle: (/** @type {string} */ key, /** @type {boolean} */ isOn) => toggle(key === "none" ? "label" : name, key, isOn),
        }, () =>
          h(PickerButton, { label: t("filter.labels"), kind: "quiet" }, () =>
            h(LabelChoices, {
              modelValue: chosen,
              canCreate: false,
              onToggle: (/** @type {string} */ key, /** @type {boolean} */ isOn) => toggle(name, asFilter(key), isOn),
            }))),
        chosen.length > 1
          ? h(ToggleGroup, {
            label: t("filter.which"),
            toggles: [
              { key: "label", label: t("filter.any"), isOn: name === "label" },
              { key: "label_all", label: t("filter.all"), isOn: name === "label_all" },
            ],
            onToggle: (/** @type {string} */ key) =>
              change({ label: null, label_all: null, [key]: chosen.filter((one) => one !== "none") }),
          })
          : null,
      ];
    }

    function audience() {
      const scope = route.query.get("scope") ?? "mine";
      const archived = route.query.get("archived") ?? "false";
      const scopes = ["mine", "owned", "assigned", ...(session.user?.role === "admin" ? ["all"] : [])];
      return [
        h(ToggleGroup, {
          label: t("filter.field.scope"),
          toggles: scopes.map((key) => ({ key, label: t(`filter.scope.${key}`), isOn: scope === key })),
          onToggle: (/** @type {string} */ key, /** @type {boolean} */ isOn) => change({ scope: isOn && key !== "mine" ? key : null }),
        }),
        h(ToggleGroup, {
          label: t("filter.field.archived"),
          toggles: ["false", "any", "true"].map((key) => ({ key, label: t(`filter.archived.${key}`), isOn: archived === key })),
          onToggle: (/** @type {string} */ key, /** @type {boolean} */ isOn) => change({ archived: isOn && key !== "false" ? key : null }),
        }),
      ];
    }

    return () =>
      h("div", { class: "filter-choices" }, [
        group("status", statuses, statusItems(null, () => {})),
        group("priority", priorities, priorityItems(null, () => {})),
        due(),
        assignee(),
        label(),
        fault.value ? h("p", { class: "fault", role: "alert" }, fault.value) : null,
        audience(),
      ]);
  },
});
