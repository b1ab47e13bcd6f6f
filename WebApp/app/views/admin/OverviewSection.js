// How the server is, and what it holds.
import { Button } from "../../components/Button.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { Section } from "../../components/Section.js";
import { StateBadge } from "../../components/StateBadge.js";
import { get } from "../../core/api.js";
import { number, time } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Link } from "../../core/router.js";
import { priorities, statuses } from "../../tasks/filters.js";
import { defineComponent, h, shallowReactive } from "../../vue.js";

/** An address that is not below /api/v1. @param {string} path */
async function ask(path) {
  try {
    const response = await fetch(path, { cache: "no-store" });
    return { isOk: response.ok, body: await response.json() };
  } catch {
    return { isOk: false, body: null };
  }
}

export const OverviewSection = defineComponent({
  name: "OverviewSection",
  setup() {
    const state = shallowReactive({
      /** @type {any} */
      stats: null,
      /** @type {any} */
      health: null,
      /** @type {any} */
      ready: null,
      at: "",
      isBusy: false,
      /** @type {unknown} */
      error: null,
    });
    async function load() {
      state.isBusy = true;
      state.error = null;
      try {
        const [stats, health, ready] = await Promise.all([get("/admin/stats"), ask("/healthz"), ask("/readyz")]);
        Object.assign(state, { stats: stats.data, health, ready, at: new Date().toISOString() });
      } catch (error) {
        state.error = error;
      }
      state.isBusy = false;
    }
    load();
    const figure = (/** @type {number} */ value, /** @type {string} */ label, /** @type {string} */ to = "") =>
      h(
        "li",
        { class: "card figure", key: label },
        to ? h(Link, { to }, () => [h("strong", number(value)), h("span", label)]) : [h("strong", number(value)), h("span", label)],
      );
    const health = () => {
      const isAlive = state.health?.isOk;
      const isReady = state.ready?.isOk;
      return h("dl", { class: "facts" }, [
        h("dt", t("overview.alive")),
        h("dd", h(StateBadge, { kind: isAlive ? "good" : "bad", text: t(isAlive ? "overview.yes" : "overview.no") })),
        h("dt", t("overview.ready")),
        h("dd", [
          h(StateBadge, { kind: isReady ? "good" : "bad", text: t(isReady ? "overview.yes" : "overview.no") }),
          isReady ? "" : ` ${state.ready?.body?.detail ?? ""}`,
        ]),
        h("dt", t("overview.version")),
        h("dd", state.health?.body?.version ?? t("none")),
        h("dt", t("overview.engine")),
        h("dd", state.health?.body?.engine ?? t("none")),
      ]);
    };
    return () => {
      if (state.error) return h(ErrorNotice, { error: state.error, onRetry: load });
      const { stats } = state;
      return [
        h(Section, { title: t("overview.health"), text: state.at ? t("overview.at", { time: time(state.at) }) : t("loading") }, {
          actions: () => h(Button, { icon: "refresh-cw", label: t("overview.refresh"), busy: state.isBusy, onClick: load }),
          default: () => state.health ? health() : null,
        }),
        stats
          ? h(Section, { title: t("overview.figures") }, () => [
            h("h3", t("admin.users")),
            h("ul", { class: "figures" }, [
              figure(stats.users.total, t("overview.users"), "/admin/users"),
              figure(stats.users.active, t("overview.active"), "/admin/users?is_active=true"),
              figure(stats.users.admins, t("overview.admins"), "/admin/users?role=admin"),
            ]),
            h("h3", t("admin.tasks")),
            h("ul", { class: "figures" }, [
              figure(stats.tasks.total, t("overview.tasks"), "/admin/tasks"),
              ...statuses.map((status) => figure(stats.tasks.by_status[status], t(`status.${status}`), `/admin/tasks?status=${status}`)),
              figure(stats.tasks.overdue, t("due.overdue"), "/admin/tasks?overdue=true"),
            ]),
            h(
              "ul",
              { class: "figures" },
              priorities.map((priority) =>
                figure(stats.tasks.by_priority[priority], t(`priority.${priority}`), `/admin/tasks?priority=${priority}`)
              ),
            ),
            h("h3", t("admin.audit")),
            h("ul", { class: "figures" }, [figure(stats.events, t("overview.events"), "/admin/audit")]),
          ])
          : null,
      ];
    };
  },
});
