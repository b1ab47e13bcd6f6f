// One status of the board: its name and true count, a box to add a task, and its cards, a part of them at first.
import { Button } from "../../components/Button.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { addressWith, Link, openTask, route } from "../../core/router.js";
import { QuickAdd } from "../../quickAdd/QuickAdd.js";
import { hasFilter } from "../../tasks/filters.js";
import { defineComponent, h, onMounted, onUnmounted, watch } from "../../vue.js";
import { BoardCard } from "./BoardCard.js";

/** Cards are added before the end comes into sight, this many pixels ahead. */
const ahead = "800px";

export const BoardColumn = defineComponent({
  name: "BoardColumn",
  props: {
    status: { type: String, required: true },
    board: { type: Object, required: true },
    /** The id of the card that the Tab key leads to. */
    current: { type: Number, default: null },
    carried: { type: Number, default: null },
    /** The id of the card whose menu is open. */
    menu: { type: Number, default: null },
    /** Makes the cards of a list movable. */
    attach: { type: Function, required: true },
  },
  emits: ["menu"],
  setup(props, { emit }) {
    /** @type {import("./useBoard.js").Board} */
    const board = props.board;
    /** @type {import("./useBoard.js").Status} */
    const status = props.status;
    const list = board.lists[status];
    /** @type {HTMLElement | null} */
    let cards = null;
    /** @type {HTMLElement | null} */
    let end = null;
    /** @type {IntersectionObserver | null} */
    let observer = null;
    let detach = () => {};

    onMounted(() => {
      detach = props.attach(cards, status);
      observer = new IntersectionObserver(
        ([entry]) => entry.isIntersecting && hidden() > 0 && status !== "completed" && board.showMore(status),
        {
          root: cards?.parentElement,
          rootMargin: ahead,
        },
      );
      if (end) observer.observe(end);
    });
    onUnmounted(() => {
      detach();
      observer?.disconnect();
    });
    // An end that stays in sight is no news to the observer, unless it begins again.
    watch(() => [board.shown[status], board.idsOf(status).length], () => {
      if (!end || !observer) return;
      observer.unobserve(end);
      observer.observe(end);
    }, { flush: "post" });

    const hidden = () => Math.max(0, Math.max(list.total ?? 0, board.idsOf(status).length) - board.shown[status]);

    const below = () => {
      if (board.isLeftOut(status)) {
        return h("p", { class: "hint column-hint" }, [
          t("board.leftOut"),
          " ",
          h(Link, { to: addressWith({ status: [...route.query.getAll("status"), status] }) }, () => t("board.leftOut.show")),
        ]);
      }
      if (list.error) return h(ErrorNotice, { error: list.error, onRetry: list.reload });
      if (list.isLoading) {
        return h(
          "div",
          { class: "card-skeletons", role: "img", "aria-label": t("loading") },
          [1, 2, 3].map((key) => h("div", { key })),
        );
      }
      if (!board.idsOf(status).length) {
        return h("p", { class: "hint column-hint" }, t(hasFilter(route.query) ? "board.empty.filtered" : `board.empty.${status}`));
      }
      if (status === "completed" && hidden() && !board.isFilling(status)) {
        return h(Button, {
          class: "column-more",
          label: t("showMore"),
          onClick: () => board.showMore(status),
        });
      }
      return null;
    };

    return () => {
      const isLeftOut = board.isLeftOut(status);
      const ids = isLeftOut ? [] : board.idsOf(status).slice(0, board.shown[status]);
      const isCurrentHere = ids.includes(props.current);
      const name = t(`status.${status}`);
      return h("section", { class: ["column", isLeftOut && "column-left-out"], "aria-label": name, "data-status": status, tabindex: -1 }, [
        h("header", { class: "column-head" }, [
          h("h2", [
            h("span", { class: `column-dot dot-${status}` }),
            name,
            isLeftOut || list.total === null ? null : h("span", { class: "count" }, [
              number(list.total),
              h("span", { class: "visually-hidden" }, ` ${t("board.count", { count: list.total })}`),
            ]),
          ]),
        ]),
        h(QuickAdd, { defaults: { status }, place: `-${status}` }),
        h("div", { class: "column-scroll", "data-scroller": status === "pending" ? "" : undefined }, [
          h(
            "ol",
            { class: "cards", ref: (/** @type {any} */ element) => void (cards = element ?? cards) },
            ids.map((/** @type {number} */ id, /** @type {number} */ place) =>
              h(BoardCard, {
                key: id,
                id,
                isCurrent: isCurrentHere ? id === props.current : place === 0,
                isCarried: id === props.carried,
                isMenuOpen: id === props.menu,
                isOpen: id === openTask.value,
                onMenu: (/** @type {import("./BoardMenu.js").Opened} */ menu) => emit("menu", menu),
              })
            ),
          ),
          below(),
          h("div", { ref: (/** @type {any} */ element) => void (end = element ?? end) }),
        ]),
      ]);
    };
  },
});
