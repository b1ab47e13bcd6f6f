// Two people changed the same field: both values side by side, one to be chosen for each; texts and labels can be joined.
import { day, moment } from "../core/format.js";
import { dropDraft } from "../core/drafts.js";
import { t } from "../core/messages.js";
import { tell } from "../core/notices.js";
import { changeTask, conflicts, personName } from "../tasks/taskStore.js";
import { paired } from "../tasks/merge.js";
import { defineComponent, h, reactive, watch } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";

/** A due date is one field for a person and two for the server. @param {string[]} fields */
const shownFields = (fields) => [...new Set(fields.map((name) => name.startsWith("due_") ? "due" : name))];

/** @param {string} field @param {Record<string, any>} values */
function words(field, values) {
  if (field === "due") return values.due_at ? moment(values.due_at) : values.due_on ? day(values.due_on) : t("due.none");
  const value = values[field];
  if (field === "status" || field === "priority") return t(`${field}.${value}`);
  if (field === "assignee_id") return personName(value) || t("assignee.none");
  if (field === "labels") return value.join(", ") || t("labels.none");
  if (field === "archived") return t(value ? "conflict.archived" : "conflict.notArchived");
  return value || t("conflict.emptyText");
}

/** Both in one, where that means something. @param {string} field @param {any} mine @param {any} theirs */
function joined(field, mine, theirs) {
  if (field === "labels") return [...new Set([...theirs, ...mine])];
  if (field === "title") return `${mine} / ${theirs}`;
  return field === "description" ? `${theirs ?? ""}\n\n${mine ?? ""}`.trim() : null;
}

export const ConflictDialog = defineComponent({
  name: "ConflictDialog",
  setup() {
    /** @type {Record<string, "mine" | "theirs" | "both">} */
    const choice = reactive({});
    /** @type {Record<string, any>} */
    const both = reactive({});
    const current = () => conflicts.all[0];
    watch(current, (/** @type {any} */ conflict) => {
      for (const name of Object.keys(choice)) delete choice[name];
      for (const name of conflict ? shownFields(conflict.fields) : []) {
        choice[name] = "mine";
        both[name] = joined(name, conflict.mine[name], conflict.task[name]);
      }
    }, { immediate: true, flush: "sync" });

    function save() {
      const { task, mine, decide } = current();
      const changes = { ...mine };
      /** @type {Record<string, any>} */
      const givenUp = {};
      for (const [name, chosen] of Object.entries(choice)) {
        dropDraft(`task ${task.id} ${name}`);
        if (chosen === "both") changes[name] = both[name];
        if (chosen !== "theirs") continue;
        for (const one of name === "due" ? ["due_at", "due_on"] : [name]) {
          if (one in changes) givenUp[one] = changes[one];
          delete changes[one];
        }
      }
      decide(changes);
      if (Object.keys(givenUp).length) {
        tell(t("conflict.theirsKept"), { action: { label: t("conflict.mineAfterAll"), run: () => changeTask(task.id, givenUp) } });
      }
    }

    const option = (/** @type {string} */ field, /** @type {"mine" | "theirs" | "both"} */ kind, /** @type {any} */ content) =>
      h("label", { class: ["conflict-option", choice[field] === kind && "conflict-chosen"] }, [
        h("span", { class: "conflict-kind" }, [
          h("input", {
            type: "radio",
            name: `conflict-${field}`,
            checked: choice[field] === kind,
            onChange: () => void (choice[field] = kind),
          }),
          t(`conflict.${kind}`),
        ]),
        content,
      ]);

    const fieldOf = (/** @type {string} */ field) => {
      const { task, mine } = current();
      const value = (/** @type {any} */ values) => h("span", { class: "conflict-value", dir: "auto" }, words(field, values));
      return h("fieldset", { key: field, class: "conflict" }, [
        h("legend", t(`conflict.field.${field}`)),
        h("div", { class: "conflict-options" }, [
          option(field, "mine", value(paired(mine))),
          option(field, "theirs", value(task)),
          both[field] === null || both[field] === undefined ? null : option(
            field,
            "both",
            field === "labels" ? h("span", { class: "conflict-value", dir: "auto" }, both[field].join(", ")) : h("textarea", {
              "aria-label": t("conflict.both"),
              maxlength: field === "title" ? 255 : 20_000,
              rows: field === "title" ? 2 : 6,
              dir: "auto",
              value: both[field],
              onFocus: () => void (choice[field] = "both"),
              onInput: (/** @type {any} */ event) =>
                void (both[field] = field === "title" ? event.target.value.replace(/\n/g, " ") : event.target.value),
            }),
          ),
        ]),
      ]);
    };

    return () => {
      const conflict = current();
      if (!conflict) return null;
      return h(
        Dialog,
        {
          key: `${conflict.task.id} ${conflict.task.version}`,
          title: t("conflict.title"),
          class: "conflict-dialog",
          onClose: () => conflict.decide(null),
        },
        () => [
          h("p", { dir: "auto" }, t("conflict.text", { title: conflict.task.title })),
          shownFields(conflict.fields).map(fieldOf),
          h("div", { class: "dialog-actions" }, [
            h(Button, { label: t("conflict.later"), onClick: () => conflict.decide(null) }),
            h(Button, { kind: "primary", label: t("save"), onClick: save }),
          ]),
        ],
      );
    };
  },
});
