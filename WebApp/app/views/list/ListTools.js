// The order and the grouping of the list. Both live in the address.
import { Menu } from "../../components/Menu.js";
import { PickerButton } from "../../components/PickerButton.js";
import { t } from "../../core/messages.js";
import { route, setQuery } from "../../core/router.js";
import { sorts } from "../../tasks/filters.js";
import { h } from "../../vue.js";
import { groupings } from "./grouping.js";

/** The order when the address names none: the best match first in a search. */
const defaultSort = () => route.query.get("q") ? "relevance" : "-created_at";
/** What the address names, where it is one of those that there are. @param {string} name @param {string[]} all @param {string} otherwise */
const inForce = (name, all, otherwise) => all.find((one) => one === route.query.get(name)) ?? otherwise;
const possibleSorts = () => route.query.get("q") ? ["relevance", ...sorts] : sorts;
export const sortInForce = () => inForce("sort", possibleSorts(), defaultSort());
export const groupInForce = () => inForce("group", groupings, "none");

export const ListTools = () => {
  const sort = sortInForce();
  const group = groupInForce();
  const menu = (
    /** @type {string} */ label,
    /** @type {string} */ icon,
    /** @type {string} */ text,
    /** @type {import("../../components/Menu.js").MenuItem[]} */ items,
  ) =>
    h(PickerButton, { label, icon, text, popup: "menu", kind: "quiet", class: "list-tool" }, {
      default: ({ close = () => {} }) => h(Menu, { label, items, onDone: close }),
    });
  return h("div", { class: "list-tools" }, [
    menu(
      t("list.sort"),
      "arrow-up-down",
      t(`list.sort.${sort}`),
      possibleSorts().map((one) => ({
        label: t(`list.sort.${one}`),
        isChecked: one === sort,
        run: () => setQuery({ sort: one === defaultSort() ? null : one }),
      })),
    ),
    menu(
      t("list.group"),
      "list",
      t(`list.group.${group}`),
      groupings.map((one) => ({
        label: t(`list.group.${one}`),
        isChecked: one === group,
        run: () => setQuery({ group: one === "none" ? null : one }),
      })),
    ),
  ]);
};
