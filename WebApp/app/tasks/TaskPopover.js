// The small window in which something of one task or of many is changed: the menu of all actions, or one of the pickers.
import { DateChoices } from "../components/DateChoices.js";
import { LabelChoices } from "../components/LabelChoices.js";
import { Menu } from "../components/Menu.js";
import { PersonChoices } from "../components/PersonChoices.js";
import { Popover } from "../components/Popover.js";
import { ShiftDays } from "../components/ShiftDays.js";
import { t } from "../core/messages.js";
import { h } from "../vue.js";
import { assign, setDue, setLabel, setPriority, setStatus, shiftDue, tasksOf } from "./actions.js";
import { priorityItems, statusItems } from "./choices.js";

/**
 * @typedef {"actions" | "status" | "priority" | "due" | "shift" | "assign" | "labels"} Kind
 *
 * @typedef {object} Opened
 * @property {Kind} kind
 * @property {Element | { x: number, y: number }} anchor
 * @property {import("./actions.js").Target} target
 */

/** The value that all of them have, else null. @template T @param {T[]} all */
const common = (all) => new Set(all).size === 1 ? all[0] : null;

/** @type {Record<Exclude<Kind, "actions">, (target: import("./actions.js").Target, close: () => void) => import("../vue.d.ts").Child>} */
const contents = {
  status: (target, close) =>
    h(Menu, {
      label: t("action.status"),
      items: statusItems(common(tasksOf(target).map((task) => task.status)), (status) => setStatus(target, status)),
      onDone: close,
    }),
  priority: (target, close) =>
    h(Menu, {
      label: t("priority"),
      items: priorityItems(common(tasksOf(target).map((task) => task.priority)), (priority) => setPriority(target, priority)),
      onDone: close,
    }),
  due: (target, close) => {
    const all = tasksOf(target);
    return h(DateChoices, {
      modelValue: { due_on: common(all.map((task) => task.due_on)), due_at: common(all.map((task) => task.due_at)) },
      onChoose: (/** @type {Record<string, string | null>} */ due) => {
        close();
        setDue(target, due);
      },
    });
  },
  shift: (target, close) =>
    h(ShiftDays, {
      onShift: (/** @type {number} */ days) => {
        close();
        shiftDue(target, days);
      },
    }),
  assign: (target, close) =>
    h(PersonChoices, {
      modelValue: common(tasksOf(target).map((task) => task.assignee_id)),
      onChoose: (/** @type {number | null} */ id) => {
        close();
        assign(target, id);
      },
    }),
  labels: (target) => {
    const all = tasksOf(target);
    const names = [...new Set(all.flatMap((task) => task.labels))];
    const onAll = names.filter((name) => all.every((task) => task.labels.includes(name)));
    return h(LabelChoices, {
      modelValue: onAll,
      some: names.filter((name) => !onAll.includes(name)),
      onToggle: (/** @type {string} */ label, /** @type {boolean} */ isOn) => setLabel(target, label, isOn),
    });
  },
};

const titles = {
  actions: "more",
  status: "action.status",
  priority: "priority",
  due: "due",
  shift: "action.shift",
  assign: "assignee",
  labels: "labels",
};

/**
 * @param {{ opened: Opened, actions: import("../components/Menu.js").MenuItem[] }} props
 * @param {import("../vue.d.ts").Context} context
 */
export const TaskPopover = ({ opened, actions }, { emit }) => {
  const { kind, anchor, target } = opened;
  return h(Popover, {
    key: kind,
    label: t(titles[kind]),
    role: ["actions", "status", "priority"].includes(kind) ? "menu" : "dialog",
    anchor,
    onClose: () => emit("close"),
  }, {
    default: ({ close = () => {} }) =>
      kind === "actions" ? h(Menu, { label: t("more"), items: actions, onDone: close }) : contents[kind](target, close),
  });
};
TaskPopover.props = ["opened", "actions"];
TaskPopover.emits = ["close"];
