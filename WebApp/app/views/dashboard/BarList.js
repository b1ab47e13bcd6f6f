// Values with their numbers as bars below each other; each leads to its tasks.
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Link } from "../../core/router.js";
import { h } from "../../vue.js";

/**
 * @param {{ title: string, bars: import("./useDashboard.js").Bar[] | undefined, name: (key: string | null) => string, tone?: string }} props
 *   `tone` begins the class that gives a value its colour; undefined bars are not there yet
 */
export const BarList = ({ title, bars, name, tone }) => {
  const most = Math.max(1, ...(bars ?? []).map((bar) => bar.count));
  return h("section", { class: "card figures-card" }, [
    h("h2", title),
    bars?.length === 0 ? h("p", { class: "hint" }, t("dashboard.none")) : h(
      "ul",
      { class: "bars" },
      (bars ?? []).map((bar) =>
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
        )
      ),
    ),
  ]);
};
BarList.props = ["title", "bars", "name", "tone"];
