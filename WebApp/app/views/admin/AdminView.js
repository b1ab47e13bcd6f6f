// Administration, a section an address.
import { EmptyState } from "../../components/EmptyState.js";
import { SubNav } from "../../components/SubNav.js";
import { t } from "../../core/messages.js";
import { route } from "../../core/router.js";
import { defineComponent, h, watch } from "../../vue.js";
import { AllJobsSection } from "./AllJobsSection.js";
import { AllTasksSection } from "./AllTasksSection.js";
import { AllWebhooksSection } from "./AllWebhooksSection.js";
import { AuditSection } from "./AuditSection.js";
import { OverviewSection } from "./OverviewSection.js";
import { SchedulesSection } from "./SchedulesSection.js";
import { UserPage } from "./UserPage.js";
import { UsersSection } from "./UsersSection.js";

const sections = [
  { name: "health", icon: "activity", component: OverviewSection },
  { name: "users", icon: "users", component: UsersSection },
  { name: "tasks", icon: "list-checks", component: AllTasksSection },
  { name: "jobs", icon: "clock", component: AllJobsSection },
  { name: "schedules", icon: "calendar", component: SchedulesSection },
  { name: "webhooks", icon: "webhook", component: AllWebhooksSection },
  { name: "audit", icon: "history", component: AuditSection },
];

export default defineComponent({
  name: "AdminView",
  setup() {
    const parts = () => route.path.split("/").slice(2);
    const section = () => sections.find((one) => one.name === (parts()[0] || "health"));
    watch(section, (/** @type {any} */ now) => {
      if (now) document.title = `${t(`admin.${now.name}`)} – TaskFlow`;
    }, { flush: "post", immediate: true });
    const content = () => {
      const [name, id] = parts();
      if (name === "users" && id) return h(UserPage, { key: id, id: Number(id) });
      const now = section();
      return now
        ? h(now.component, { key: now.name })
        : h(EmptyState, { icon: "info", title: t("error.noPage"), action: { label: t("view.admin"), to: "/admin" } });
    };
    return () =>
      h("div", { class: "view manage-view" }, [
        h("header", { class: "view-head" }, h("h1", t("view.admin"))),
        h("div", { class: "with-sub-nav" }, [
          h(SubNav, {
            label: t("view.admin"),
            links: sections.map((one) => ({
              to: `/admin/${one.name}`,
              label: t(`admin.${one.name}`),
              icon: one.icon,
              isCurrent: one === section(),
            })),
          }),
          h("div", { class: "sections", "data-scroller": "" }, content()),
        ]),
      ]);
  },
});
