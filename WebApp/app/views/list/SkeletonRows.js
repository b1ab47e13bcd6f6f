// The shape of rows that are on their way.
import { t } from "../../core/messages.js";
import { h } from "../../vue.js";

export const SkeletonRows = () =>
  h("div", { class: "skeleton-rows" }, [
    h("p", { class: "visually-hidden" }, t("loading")),
    Array.from({ length: 8 }, (_, place) => h("div", { key: place, class: "row skeleton", "aria-hidden": "true" }, h("span"))),
  ]);
