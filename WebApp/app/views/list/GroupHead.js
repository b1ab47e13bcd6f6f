// The head of a group: its name, how many tasks it has, and whether they are shown.
import { Icon } from "../../components/Icon.js";
import { number } from "../../core/format.js";
import { h } from "../../vue.js";

/**
 * @param {{ row: import("./grouping.js").Row, isOpen: boolean, isCurrent: boolean }} props
 * @param {import("../../vue.d.ts").Context} context
 */
export const GroupHead = ({ row, isOpen, isCurrent }, { emit }) =>
  h("li", { class: "row group-head", "data-row": row.key }, [
    h("h2", [
      h("button", {
        type: "button",
        tabindex: isCurrent ? 0 : -1,
        "data-focus": `group-${row.group}`,
        "aria-expanded": String(isOpen),
        onClick: () => emit("toggle"),
        onFocus: () => emit("enter"),
      }, [
        h(Icon, { name: isOpen ? "chevron-down" : "chevron-right" }),
        h("span", { dir: "auto" }, row.label),
        h("span", { class: "hint" }, number(row.count ?? 0)),
      ]),
    ]),
  ]);
GroupHead.props = ["row", "isOpen", "isCurrent"];
GroupHead.emits = ["toggle", "enter"];
