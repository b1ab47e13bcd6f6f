// The state of the board: a list for each status, how much of it is shown, and how a card gets to another place.
import { whenIdle } from "../../core/idle.js";
import { t } from "../../core/messages.js";
import { route } from "../../core/router.js";
import { filterOf, statuses } from "../../tasks/filters.js";
import { moveTask, tasks } from "../../tasks/taskStore.js";
import { useTaskList } from "../../tasks/useTaskList.js";
import { shallowReactive, shallowRef, watch, watchEffect } from "../../vue.js";

/** @typedef {import("../../tasks/filters.js").Task["status"]} Status */
/** @typedef {Record<Status, number[]>} Order the ids of the cards in each column */
/** @typedef {{ above?: number | null, below?: number | null }} Neighbours */

/** So many cards are made at a time, about as many as a column has room for: no frame waits for more. */
const step = 6;
/** So many come one step after the other while the page has nothing else to do: they are there before somebody reads on. */
const page = 50;

/** @template T @param {(status: Status) => T} make @returns {Record<Status, T>} */
const each = (make) => /** @type {any} */ (Object.fromEntries(statuses.map((status) => [status, make(status)])));

/** Completed tasks stand by the time at which they were completed, the others as you put them. @param {Status} status */
const sortOf = (status) => status === "completed" ? "-completed_at" : "position";

export function useBoard() {
  const completed = shallowReactive({ most: 100 });
  const lists = each((status) =>
    useTaskList(
      () => ({ filter: filterOf(route.query, { status }), sort: sortOf(status) }),
      status === "completed" ? completed : undefined,
    )
  );
  const shown = shallowReactive(each(() => step));
  const goal = shallowReactive(each(() => page));
  /** The order while a card is under way: changes by others wait until it is put down. @type {import("../../vue.d.ts").Ref<Order | null>} */
  const held = shallowRef(null);

  watch(() => filterOf(route.query).toString(), () => {
    Object.assign(shown, each(() => step));
    Object.assign(goal, each(() => page));
    completed.most = 100;
  });

  const isFilling = (/** @type {Status} */ status) => shown[status] < Math.min(goal[status], lists[status].ids.length);
  let isAdding = false;
  watchEffect(() => {
    const next = held.value ? undefined : statuses.find(isFilling);
    if (!next || isAdding) return;
    isAdding = true;
    whenIdle(() => {
      isAdding = false;
      shown[next] += step;
    });
  });

  /** @param {Status} status */
  const idsOf = (status) => held.value?.[status] ?? lists[status].ids;

  /** @param {Status} status */
  function isLeftOut(status) {
    const wanted = route.query.getAll("status").filter(Boolean);
    return wanted.length > 0 && !wanted.includes(status);
  }

  /** @param {Status} status */
  function showMore(status) {
    const { ids, isComplete } = lists[status];
    shown[status] += step;
    if (status !== "completed") return;
    goal.completed += page;
    if (!isComplete && goal.completed > ids.length) {
      completed.most = ids.length + 1000;
      lists.completed.reload();
    }
  }

  /**
   * The place between two cards, as it is shown until the server has answered.
   * @param {Neighbours} neighbours
   */
  function positionBetween({ above, below }) {
    const [high, low] = [above, below].map((id) => id ? tasks.get(id)?.position : undefined);
    if (high !== undefined && low !== undefined) return (high + low) / 2;
    return low !== undefined ? low - 1 : high !== undefined ? high + 1 : undefined;
  }

  /**
   * Puts a card into a column, between two others. Others may have moved those meanwhile: then the one that is still there counts, or none.
   * @param {number} id
   * @param {Status} status
   * @param {Neighbours} neighbours
   */
  async function move(id, status, { above, below }) {
    const task = tasks.get(id);
    if (!task) return;
    const isThere = (/** @type {number | null | undefined} */ one) => one && one !== id && tasks.get(one)?.status === status ? one : null;
    const place = { above: isThere(above), below: isThere(below) };
    const ids = lists[status].ids;
    if (task.status === status) {
      const others = ids.filter((one) => one !== id);
      const wanted = place.below ? others.indexOf(place.below) : place.above ? others.indexOf(place.above) + 1 : 0;
      if (status === "completed" || wanted === ids.indexOf(id)) return;
    }
    const words = t(task.status === status ? "board.moved.within" : "board.moved", { title: task.title, column: t(`status.${status}`) });
    const target = status === "completed" ? {} : place.below ? { before: place.below } : place.above ? { after: place.above } : {};
    const isMoved = await moveTask(id, { status, ...target }, words, status === "completed" ? undefined : positionBetween(place));
    // Where gaps have run out the server numbers the neighbours anew.
    const after = lists[status].ids;
    const neighbour = place.below
      ? after[after.indexOf(id) + 1] === place.below
      : !place.above || after[after.indexOf(id) - 1] === place.above;
    if (isMoved && status !== "completed" && !neighbour) lists[status].reload();
  }

  return {
    lists,
    shown,
    idsOf,
    isFilling,
    isLeftOut,
    showMore,
    move,
    /** @param {Order} [order] the present one, when none is given */
    hold(order) {
      held.value = order ?? each((status) => lists[status].ids);
    },
    release() {
      held.value = null;
    },
    /** To the first or last place of a column. @param {number} id @param {Status} status @param {"top" | "bottom"} end */
    moveToEnd(id, status, end) {
      const ids = lists[status].ids.filter((one) => one !== id);
      return move(id, status, end === "top" ? { below: ids[0] } : { above: ids.at(-1) });
    },
  };
}

/** @typedef {ReturnType<typeof useBoard>} Board */
