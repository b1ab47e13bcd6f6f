// The filter of the list, the board and the calendar: what is in force stands there as chips, each with a button that takes it out.
import { t } from "../core/messages.js";
import { route, setQuery } from "../core/router.js";
import { chipsOf, withoutFilter } from "../tasks/filterWords.js";
import { defineComponent, h, nextTick } from "../vue.js";
import { Button } from "./Button.js";
import { FilterChoices } from "./FilterChoices.js";
import { Icon } from "./Icon.js";
import { PickerButton } from "./PickerButton.js";

export const FilterBar = defineComponent({
  name: "FilterBar",
  setup(_, { slots }) {
    /** @type {HTMLElement | null} */
    let element = null;

    /** The focus goes to the neighbour of what has gone. @param {number} place */
    async function settle(place) {
      await nextTick();
      const left = /** @type {HTMLElement[]} */ ([...element?.querySelectorAll(".filter-chip") ?? []]);
      (left[Math.min(place, left.length - 1)] ?? element?.querySelector("button"))?.focus();
    }

    return () => {
      const chips = chipsOf(route.query);
      return h("div", {
        class: "filter-bar",
        role: "group",
        "aria-label": t("filter"),
        ref: (/** @type {any} */ found) => void (element = found),
      }, [
        h(PickerButton, { label: t("filter"), icon: "funnel", kind: "quiet", class: "filter-button" }, () => h(FilterChoices)),
        slots.default?.(),
        chips.length
          ? h("ul", { class: "filter-chips", "aria-label": t("filter.inForce") }, [
            chips.map((chip, place) =>
              h(
                "li",
                { key: chip.key },
                h("button", {
                  type: "button",
                  class: "filter-chip",
                  "aria-label": t("filter.remove", { chip: chip.text }),
                  onClick: () => {
                    setQuery(chip.without);
                    settle(place);
                  },
                }, [h("span", { dir: "auto" }, chip.text), h(Icon, { name: "x" })]),
              )
            ),
            h(
              "li",
              h(Button, {
                kind: "quiet",
                label: t("filter.clear"),
                onClick: () => {
                  setQuery(withoutFilter());
                  settle(0);
                },
              }),
            ),
          ])
          : null,
      ]);
    };
  },
});
