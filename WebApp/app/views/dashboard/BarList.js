// Values with their numbers as bars below each other; each leads to its tasks.
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Link } from "../../core/router.js";
import { h } from "../../vue.js";

/**
 * @typedef {object} Props
 * @property {string} title
 * @property {import("./useDashboard.js").Bar[] | undefined} bars undefined while they are counted
 * @property {(key: string | null) => string} name
 * @property {string} [tone] begins the class that gives a value its colour
 * @property {number} rows places that are kept until the bars are there
 *
 * @param {Props} props
 */
export const BarList = ({ title, bars, name, tone, rows }) => {
  const most = Math.max(1, ...(bars ?? []).map((bar) => bar.count));
  const row = (/** @type {import("./useDashboard.js").Bar} */ bar) =>
    h(
      "li",
      { key: String(bar.key) },
      h(Link, { to: bar.to, class: "bar-row" }, () => [
        h("span", { class: "bar-name", dir: "auto" }, name(bar.key)),
        h(
          "span",
          { class: "bar-track" },
          h("span", { class: ["bar", tone && `${tone}-${bar.key}`], style: { inlineSize: `${bar.count / most * 100}%` } }),
        ),
        h("span", { class: "bar-count" }, number(bar.count)),
      ]),
    );
  const place = (/** @type {number} */ number) =>
    h("li", { key: number, class: "bar-row", "aria-hidden": "true" }, [h("span"), h("span", { class: "bar-track" })]);
  return h("section", { class: "card figures-card" }, [
    h("h2", title),
    bars?.length === 0
      ? h("p", { class: "hint" }, t("dashboard.none"))
      : h("ul", { class: "bars" }, bars ? bars.map(row) : Array.from({ length: rows }, (_, number) => place(number))),
  ]);
};
BarList.props = ["title", "bars", "name", "tone", "rows"];
