// The board: a column for each status. Cards are moved by dragging, by keys, and by “Move to…”.
import { FilterBar } from "../../components/FilterBar.js";
import { addCommands } from "../../core/commands.js";
import { t } from "../../core/messages.js";
import { statuses } from "../../tasks/filters.js";
import { defineComponent, h, onMounted, onUnmounted, shallowRef } from "../../vue.js";
import { BoardColumn } from "./BoardColumn.js";
import { BoardMenu } from "./BoardMenu.js";
import { useBoard } from "./useBoard.js";
import { useCardDrag } from "./useCardDrag.js";
import { useCardFocus } from "./useCardFocus.js";
import { useCardKeys } from "./useCardKeys.js";

export default defineComponent({
  name: "BoardView",
  setup() {
    const board = useBoard();
    const focus = useCardFocus(board);
    const attach = useCardDrag(board);
    /** @type {import("../../vue.d.ts").Ref<import("./BoardMenu.js").Opened | null>} */
    const opened = shallowRef(null);
    const open = (/** @type {import("./BoardMenu.js").Opened | null} */ menu) => void (opened.value = menu);
    const keys = useCardKeys(board, focus, open);
    let removeCommand = () => {};
    onMounted(() => {
      const box = () => /** @type {HTMLElement | null} */ (document.querySelector(".board [data-quick-add]"))?.focus();
      removeCommand = addCommands({ id: "quick-add", label: t("quickAdd"), group: t("keys.tasks"), keys: ["q", "c"], run: box });
    });
    onUnmounted(() => removeCommand());

    return () =>
      h("div", { class: "view board-view" }, [
        h("header", { class: "view-head" }, h("h1", t("view.board"))),
        h(FilterBar),
        h("p", { id: "board-keys", class: "visually-hidden" }, t("board.keys")),
        h(
          "div",
          {
            class: "board",
            onFocusin: focus.onFocusin,
            onFocusout: (/** @type {FocusEvent} */ event) => {
              focus.onFocusout(event);
              keys.onFocusout();
            },
          },
          statuses.map((status) =>
            h(BoardColumn, {
              key: status,
              status,
              board,
              attach,
              current: focus.place.id,
              carried: keys.carried.id,
              menu: opened.value?.id ?? null,
              onMenu: open,
            })
          ),
        ),
        opened.value
          ? h(BoardMenu, {
            opened: opened.value,
            onClose: () => open(null),
            onPick: open,
            onMove: (/** @type {number} */ id, /** @type {import("./useBoard.js").Status} */ to, /** @type {"top" | "bottom"} */ end) => {
              focus.follow(id);
              board.moveToEnd(id, to, end);
            },
          })
          : null,
        h("p", { class: ["carry-words", keys.carried.id === null && "visually-hidden"], "aria-live": "assertive" }, keys.carried.words),
      ]);
  },
});
