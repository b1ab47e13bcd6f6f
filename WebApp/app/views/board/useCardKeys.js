// Cards by the keyboard: arrows walk, Space picks a card up and puts it down, Escape gives up. Each step is said in words.
import { addCommands, useCommands } from "../../core/commands.js";
import { t } from "../../core/messages.js";
import { statuses } from "../../tasks/filters.js";
import { tasks, toggleCompleted } from "../../tasks/taskStore.js";
import { nextTick, shallowReactive, watch } from "../../vue.js";

/**
 * @param {import("./useBoard.js").Board} board
 * @param {ReturnType<import("./useCardFocus.js").useCardFocus>} focus
 * @param {(opened: import("./BoardMenu.js").Opened) => void} openMenu
 */
export function useCardKeys(board, focus, openMenu) {
  const carried = shallowReactive({
    /** @type {number | null} */
    id: null,
    /** What is said, and shown, of the card under way. */
    words: "",
  });
  let isStepping = false;

  /** The card whose title has the focus. */
  const onTitle = () => document.activeElement instanceof HTMLElement && document.activeElement.matches(".board .card-title");
  const current = () => Number(document.activeElement?.closest("[data-id]")?.getAttribute("data-id"));
  /** @param {number} id */
  const columnOf = (id) => statuses.find((status) => board.idsOf(status).includes(id)) ?? "pending";
  const seen = () => statuses.filter((status) => !board.isLeftOut(status));
  const ahead = () => getComputedStyle(document.documentElement).direction === "rtl" ? -1 : 1;

  function pickUp() {
    const id = current();
    board.hold();
    const status = columnOf(id);
    carried.id = id;
    say("board.picked", id, status);
  }

  /** @param {string} text @param {number} id @param {import("./useBoard.js").Status} status */
  function say(text, id, status) {
    const ids = board.idsOf(status);
    carried.words = t(text, {
      title: tasks.get(id)?.title ?? "",
      column: t(`status.${status}`),
      place: ids.indexOf(id) + 1,
      count: ids.length,
    });
  }

  async function step(/** @type {number} */ rows, /** @type {number} */ columns) {
    const id = Number(carried.id);
    const from = columnOf(id);
    const to = columns ? seen()[seen().indexOf(from) + columns] : from;
    if (!to) return;
    const order =
      /** @type {import("./useBoard.js").Order} */ ({ ...Object.fromEntries(statuses.map((status) => [status, board.idsOf(status)])) });
    const now = order[from].indexOf(id);
    order[from] = order[from].filter((one) => one !== id);
    // Completed tasks stand by their time: a card that comes there comes to the top.
    const place = to === "completed" ? 0 : Math.max(0, Math.min(now + rows, order[to].length, board.shown[to] - 1));
    order[to] = order[to].toSpliced(place, 0, id);
    isStepping = true;
    board.hold(order);
    say("board.step", id, to);
    await nextTick();
    focus.focus(id);
    isStepping = false;
  }

  function drop() {
    const id = Number(carried.id);
    const status = columnOf(id);
    const ids = board.idsOf(status);
    const place = ids.indexOf(id);
    end();
    focus.follow(id);
    board.move(id, status, { above: ids[place - 1], below: ids[place + 1] });
  }

  function giveUp() {
    const id = Number(carried.id);
    end();
    say("board.gaveUp", id, columnOf(id));
    focus.follow(id);
  }

  function end() {
    carried.id = null;
    carried.words = "";
    board.release();
  }

  function walk(/** @type {number} */ rows, /** @type {number} */ columns) {
    const id = current();
    const from = columnOf(id);
    const row = board.idsOf(from).indexOf(id);
    if (!columns) {
      const next = board.idsOf(from)[row + rows];
      if (next) focus.focus(next);
      return;
    }
    const all = seen();
    for (let place = all.indexOf(from) + columns; all[place]; place += columns) {
      const ids = board.idsOf(all[place]).slice(0, board.shown[all[place]]);
      if (ids.length) return focus.focus(ids[Math.min(row, ids.length - 1)]);
    }
  }

  const go = (/** @type {number} */ rows, /** @type {number} */ columns) => carried.id === null ? walk(rows, columns) : step(rows, columns);
  const key = (/** @type {string} */ name, /** @type {string[]} */ keys, /** @type {() => void} */ run, when = onTitle) => ({
    id: `board.${name}`,
    label: t(`board.key.${name}`),
    group: t("keys.board"),
    keys,
    run,
    when,
    isHidden: true,
  });
  // The newest command with a key has it: while a card is under way Escape is for it, and not for the task that is open beside.
  watch(() => carried.id !== null, (/** @type {boolean} */ isUnderWay, _, onCleanup) => {
    if (isUnderWay) onCleanup(addCommands(key("giveUp", ["Escape"], giveUp)));
  }, { flush: "sync" });
  useCommands(
    key("down", ["ArrowDown", "j"], () => go(1, 0)),
    key("up", ["ArrowUp", "k"], () => go(-1, 0)),
    key("right", ["ArrowRight", "l"], () => go(0, ahead())),
    key("left", ["ArrowLeft", "h"], () => go(0, -ahead())),
    key("pick", ["Space"], () => carried.id === null ? pickUp() : drop()),
    key("moveTo", ["m"], () => {
      const anchor = document.activeElement?.closest(".board-card")?.querySelector(".card-more");
      if (anchor) openMenu({ id: current(), kind: "move", anchor });
    }),
    key("complete", ["e"], () => {
      const task = tasks.get(current());
      if (task) toggleCompleted(task);
    }),
  );

  return {
    carried,
    /** Who goes elsewhere with a card in the hand gives up. */
    onFocusout() {
      if (carried.id === null || isStepping) return;
      nextTick(() => {
        if (carried.id !== null && !isStepping && document.hasFocus() && current() !== carried.id) end();
      });
    },
  };
}
