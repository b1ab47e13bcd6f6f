// What can be done with the selected tasks.
import { Button } from "../../components/Button.js";
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { complete, countOf, discard, setArchived } from "../../tasks/actions.js";
import { h } from "../../vue.js";

/**
 * @param {{
 *   target: import("../../tasks/actions.js").Target,
 *   total: number | null,
 *   isAll: boolean,
 *   pick: (kind: string, anchor: Element) => void,
 * }} props
 * @param {import("../../vue.d.ts").Context} context
 */
export const SelectionBar = ({ target, total, isAll, pick }, { emit }) => {
  const count = countOf(target);
  const button = (/** @type {string} */ label, /** @type {string} */ icon, /** @type {(event: any) => void} */ onClick, more = {}) =>
    h(Button, { kind: "quiet", label: t(label), icon, onClick, ...more });
  const opener = (/** @type {string} */ kind, /** @type {string} */ label, /** @type {string} */ icon) =>
    button(label, icon, (event) => pick(kind, event.currentTarget), {
      "aria-haspopup": "true",
      title: t(label),
      // “Move to…” keeps its words as long as there is room for any.
      class: kind !== "status" && "selection-field",
    });
  return h("div", { class: "selection-bar", role: "toolbar", "aria-label": t("list.selection") }, [
    h(Button, { kind: "quiet", icon: "x", iconOnly: true, label: t("list.clearSelection"), onClick: () => emit("clear") }),
    h("strong", { role: "status" }, t("list.selected", { count })),
    total !== null && total > count && !isAll
      ? h(Button, {
        kind: "quiet",
        class: "select-all",
        label: t("list.selectAll", { count: number(total) }),
        onClick: () => emit("all"),
      })
      : null,
    h("span", { class: "selection-actions" }, [
      button("complete", "circle-check", () => complete(target)),
      opener("status", "action.status", "columns-3"),
      opener("due", "due", "calendar"),
      opener("priority", "priority", "flag"),
      opener("assign", "action.assign", "user"),
      opener("labels", "labels", "tag"),
      button("action.archive", "archive", () => setArchived(target, true), { class: "selection-extra" }),
      button("action.delete", "trash-2", () => discard(target)),
      button("more", "ellipsis", (event) => pick("actions", event.currentTarget), { "aria-haspopup": "menu", iconOnly: true }),
    ]),
  ]);
};
SelectionBar.props = ["target", "total", "isAll", "pick"];
SelectionBar.emits = ["clear", "all"];
