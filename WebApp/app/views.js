// Every view of the page: its address, its title, its module. A new view is one line here.
// `messages` are the parts of the catalogue that it needs, `style` its file below styles/.

/**
 * @typedef {object} View
 * @property {string} path an address, or the beginning of several when it ends in `/*`
 * @property {string} title the name of a text
 * @property {() => Promise<Record<string, any>>} load gives a module whose `default` is the component
 * @property {string[]} [messages]
 * @property {string} [style]
 * @property {"visitor" | "user" | "admin"} [for] who may see it; users when it is not said
 * @property {{ icon: string, key: string, group: "tasks" | "more", keepsFilter?: boolean }} [link] in the navigation
 */

/** @type {View[]} */
export const views = [
  {
    path: "/",
    title: "view.list",
    load: () => import("./views/list/ListView.js"),
    messages: ["list", "tasks"],
    style: "list",
    link: { icon: "list", key: "g l", group: "tasks" },
  },
  {
    path: "/board",
    title: "view.board",
    load: () => import("./views/board/BoardView.js"),
    messages: ["board", "tasks"],
    style: "board",
    link: { icon: "columns-3", key: "g b", group: "tasks" },
  },
  {
    path: "/calendar",
    title: "view.calendar",
    load: () => import("./views/calendar/CalendarView.js"),
    messages: ["calendar", "tasks"],
    style: "calendar",
    link: { icon: "calendar", key: "g c", group: "tasks" },
  },
  {
    path: "/dashboard",
    title: "view.dashboard",
    load: () => import("./views/dashboard/DashboardView.js"),
    messages: ["dashboard", "tasks"],
    style: "dashboard",
    link: { icon: "layout-dashboard", key: "g d", group: "tasks" },
  },
  {
    path: "/labels",
    title: "view.labels",
    load: () => import("./views/labels/LabelsView.js"),
    messages: ["labels"],
    style: "named",
    link: { icon: "tag", key: "g e", group: "more" },
  },
  {
    path: "/views",
    title: "view.views",
    load: () => import("./views/saved/SavedViewsView.js"),
    messages: ["saved"],
    style: "named",
    link: { icon: "star", key: "g v", group: "more" },
  },
  {
    path: "/import",
    title: "view.import",
    load: () => import("./views/transfer/ImportView.js"),
    messages: ["transfer"],
    style: "manage",
    link: { icon: "upload", key: "g i", group: "more" },
  },
  {
    path: "/reports",
    title: "view.reports",
    load: () => import("./views/transfer/ReportsView.js"),
    messages: ["transfer", "tasks"],
    style: "manage",
    link: { icon: "file-text", key: "g r", group: "more", keepsFilter: true },
  },
  {
    path: "/jobs",
    title: "view.jobs",
    load: () => import("./views/transfer/JobsView.js"),
    messages: ["transfer"],
    style: "manage",
    link: { icon: "clock", key: "g j", group: "more" },
  },
  {
    path: "/trash",
    title: "view.trash",
    load: () => import("./views/trash/TrashView.js"),
    messages: ["trash"],
    style: "manage",
    link: { icon: "trash-2", key: "g t", group: "more" },
  },
  {
    path: "/settings/*",
    title: "view.settings",
    load: () => import("./views/settings/SettingsView.js"),
    messages: ["settings"],
    style: "manage",
    link: { icon: "settings", key: "g s", group: "more" },
  },
  {
    path: "/admin/*",
    title: "view.admin",
    load: () => import("./views/admin/AdminView.js"),
    messages: ["admin", "settings", "transfer"],
    style: "manage",
    for: "admin",
    link: { icon: "shield", key: "g a", group: "more" },
  },
  { path: "/login", title: "view.login", load: () => import("./views/account/LoginView.js"), messages: ["account"], for: "visitor" },
  {
    path: "/register",
    title: "view.register",
    load: () => import("./views/account/RegisterView.js"),
    messages: ["account"],
    for: "visitor",
  },
  { path: "/setup", title: "view.setup", load: () => import("./views/account/SetupView.js"), messages: ["account"], for: "visitor" },
  { path: "/reset", title: "view.reset", load: () => import("./views/account/ResetView.js"), messages: ["account"], for: "visitor" },
  { path: "/verify", title: "view.verify", load: () => import("./views/account/VerifyView.js"), messages: ["account"], for: "visitor" },
  { path: "/revert", title: "view.revert", load: () => import("./views/account/RevertView.js"), messages: ["account"], for: "visitor" },
  {
    path: "/unsubscribe",
    title: "view.unsubscribe",
    load: () => import("./views/account/UnsubscribeView.js"),
    messages: ["account"],
    for: "visitor",
  },
];

/** @param {string} path */
export const viewAt = (path) =>
  views.find((view) =>
    view.path.endsWith("/*") ? path === view.path.slice(0, -2) || path.startsWith(view.path.slice(0, -1)) : path === view.path
  );

/** @param {View} view */
export const hrefOf = (view) => view.path.replace("/*", "");
