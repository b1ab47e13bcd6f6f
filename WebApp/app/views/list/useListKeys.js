// The keys of the list, as people know them from other programs.
import { useCommands } from "../../core/commands.js";
import { t } from "../../core/messages.js";
import { complete, discard } from "../../tasks/actions.js";

/** Nothing in the list moves while a dialog asks something. */
const isFree = () => !document.querySelector("dialog:modal");

/** Arrows belong to the list when the focus is in it or nowhere. */
function isNear() {
  const focus = document.activeElement;
  return isFree() && (!focus || focus === document.body || focus.id === "content" || focus.closest(".rows-scroll") !== null);
}

/**
 * @param {object} list
 * @param {(step: number) => void} list.walk
 * @param {(place: number) => void} list.goTo
 * @param {(step: number) => void} list.extend
 * @param {() => void} list.toggle selects or deselects the current task
 * @param {() => void} list.all
 * @param {() => void} list.clear
 * @param {() => boolean} list.hasSelection
 * @param {() => import("../../tasks/actions.js").Target | null} list.target
 * @param {(kind: import("../../tasks/TaskPopover.js").Kind) => void} list.pick
 * @param {() => void} list.rename
 * @param {() => void} list.open
 */
export function useListKeys(list) {
  const group = t("keys.list");
  /** @param {(target: import("../../tasks/actions.js").Target) => void} run */
  const withTarget = (run) => () => {
    const target = list.target();
    if (target) run(target);
  };
  const has = () => isFree() && list.target() !== null;
  const pickers = /** @type {const} */ ([
    ["status", "s", "action.status"],
    ["priority", "p", "action.priority"],
    ["due", "d", "action.due"],
    ["assign", "a", "action.assign"],
    ["labels", "l", "action.labels"],
  ]);
  useCommands(
    { id: "list next", label: t("list.key.next"), group, keys: ["j"], when: isFree, isHidden: true, run: () => list.walk(1) },
    { id: "list previous", label: t("list.key.previous"), group, keys: ["k"], when: isFree, isHidden: true, run: () => list.walk(-1) },
    { id: "list down", label: t("list.key.next"), group, keys: ["ArrowDown"], when: isNear, isHidden: true, run: () => list.walk(1) },
    { id: "list up", label: t("list.key.previous"), group, keys: ["ArrowUp"], when: isNear, isHidden: true, run: () => list.walk(-1) },
    { id: "list first", label: t("list.key.first"), group, keys: ["Home"], when: isNear, isHidden: true, run: () => list.goTo(0) },
    { id: "list last", label: t("list.key.last"), group, keys: ["End"], when: isNear, isHidden: true, run: () => list.goTo(Infinity) },
    { id: "list open", label: t("action.open"), group, keys: ["o"], when: has, isHidden: true, run: list.open },
    { id: "list complete", label: t("complete"), group, keys: ["e", "Mod+Enter"], when: has, run: withTarget(complete) },
    { id: "list select", label: t("action.select"), group, keys: ["x"], when: has, run: list.toggle },
    {
      id: "list extend",
      label: t("list.key.extend"),
      group,
      keys: ["Shift+ArrowDown", "Shift+j"],
      when: isNear,
      isHidden: true,
      run: () => list.extend(1),
    },
    {
      id: "list extend up",
      label: t("list.key.extendUp"),
      group,
      keys: ["Shift+ArrowUp", "Shift+k"],
      when: isNear,
      isHidden: true,
      run: () => list.extend(-1),
    },
    { id: "list all", label: t("list.key.all"), group, keys: ["Mod+a"], when: has, run: list.all },
    {
      id: "list clear",
      label: t("list.clearSelection"),
      group,
      keys: ["Escape"],
      when: () => isFree() && list.hasSelection(),
      run: list.clear,
    },
    { id: "list rename", label: t("action.rename"), group, keys: ["F2"], when: has, run: list.rename },
    ...pickers.map(([kind, key, words]) => ({
      id: `list ${kind}`,
      label: t(words),
      group,
      keys: [key],
      when: has,
      run: () => list.pick(kind),
    })),
    { id: "list shift", label: t("action.shift"), group, when: has, run: () => list.pick("shift") },
    {
      id: "list menu",
      label: t("more"),
      group,
      keys: ["Shift+F10", "ContextMenu"],
      when: has,
      isHidden: true,
      run: () => list.pick("actions"),
    },
    { id: "list delete", label: t("action.delete"), group, keys: ["Delete", "Mod+Backspace"], when: has, run: withTarget(discard) },
  );
}
