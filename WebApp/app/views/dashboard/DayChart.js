// What was completed on each day, as bars to look at and as a table to read. Both lead to the tasks of a day.
import { day as dayText, number, weekdayOf } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { firstWeekday } from "../../core/preferences.js";
import { Link } from "../../core/router.js";
import { h } from "../../vue.js";

/** In units of the drawing; a day is 10 wide. */
const height = 60;

/** A round number at or above the largest one, that halves well. @param {number} most */
function ceiling(most) {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return Math.max(2, [1, 2, 4, 6, 8, 10].map((one) => one * size).find((one) => one >= most) ?? most);
}

/** @param {{ bars: import("./useDashboard.js").Bar[] | undefined }} props */
export const DayChart = (props) => {
  const bars = props.bars ?? [];
  const top = ceiling(Math.max(0, ...bars.map((bar) => bar.count)));
  const sum = bars.reduce((before, bar) => before + bar.count, 0);
  const words = (/** @type {import("./useDashboard.js").Bar} */ bar) =>
    t("dashboard.completedOn", { day: dayText(String(bar.key)), count: bar.count });
  return h("section", { class: "card figures-card day-chart" }, [
    h("h2", t("dashboard.perDay")),
    h("p", { class: "hint" }, props.bars ? t("dashboard.perDay.sum", { count: sum }) : t("loading")),
    h("div", { class: "chart", "aria-hidden": "true" }, [
      h("div", { class: "chart-scale" }, [top, top / 2, 0].map((one) => h("span", { key: one }, number(one)))),
      h("svg", { viewBox: `0 0 ${Math.max(1, bars.length) * 10} ${height}`, preserveAspectRatio: "none" }, [
        [0, 0.5, 1].map((part) =>
          h("line", { key: part, class: "chart-line", x1: 0, x2: bars.length * 10, y1: height * part, y2: height * part })
        ),
        bars.map((bar, place) => {
          const size = bar.count / top * height;
          return h(Link, { to: bar.to, key: bar.key, class: "chart-bar", tabindex: -1 }, () => [
            h("title", words(bar)),
            h("rect", { class: "chart-column", x: place * 10, y: 0, width: 10, height }),
            h("rect", { class: "chart-value", x: place * 10 + 1.5, y: height - size, width: 7, height: size }),
          ]);
        }),
      ]),
      h(
        "div",
        { class: "chart-days" },
        bars.filter((bar) => weekdayOf(String(bar.key)) === firstWeekday()).map((bar) =>
          h(
            "span",
            { key: bar.key, style: { insetInlineStart: `${(bars.indexOf(bar) + 0.5) / bars.length * 100}%` } },
            dayText(String(bar.key), { day: "numeric", month: "short" }),
          )
        ),
      ),
    ]),
    h("details", [
      h("summary", t("dashboard.asTable")),
      h("table", [
        h("thead", h("tr", [h("th", { scope: "col" }, t("dashboard.day")), h("th", { scope: "col" }, t("dashboard.completed"))])),
        h(
          "tbody",
          bars.toReversed().map((bar) =>
            h("tr", { key: bar.key }, [
              h("th", { scope: "row" }, dayText(String(bar.key))),
              h("td", h(Link, { to: bar.to, "aria-label": words(bar) }, () => number(bar.count))),
            ])
          ),
        ),
      ]),
    ]),
  ]);
};
DayChart.props = ["bars"];
