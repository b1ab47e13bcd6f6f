// The values of a status and a priority, with their words and pictures, for menus.
import { t } from "../core/messages.js";
import { priorities, statuses } from "./filters.js";

export const statusIcons = { pending: "circle", in_progress: "clock", completed: "circle-check" };

/**
 * @param {string | null} current
 * @param {(status: import("./filters.js").Task["status"]) => void} choose
 * @returns {import("../components/Menu.js").MenuItem[]}
 */
export const statusItems = (current, choose) =>
  statuses.map((status) => ({
    label: t(`status.${status}`),
    icon: statusIcons[status],
    tone: `status-${status}`,
    isChecked: status === current,
    run: () => choose(status),
  }));

/**
 * @param {string | null} current
 * @param {(priority: import("./filters.js").Task["priority"]) => void} choose
 * @returns {import("../components/Menu.js").MenuItem[]}
 */
export const priorityItems = (current, choose) =>
  priorities.map((priority) => ({
    label: t(`priority.${priority}`),
    icon: "flag",
    tone: `priority-${priority}`,
    isChecked: priority === current,
    run: () => choose(priority),
  }));
