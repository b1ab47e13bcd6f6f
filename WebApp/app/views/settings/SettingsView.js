// The settings, a section an address.
import { EmptyState } from "../../components/EmptyState.js";
import { SubNav } from "../../components/SubNav.js";
import { t } from "../../core/messages.js";
import { route } from "../../core/router.js";
import { defineComponent, h, watch } from "../../vue.js";
import { MailsSection } from "./MailsSection.js";
import { PasswordSection } from "./PasswordSection.js";
import { PreferencesSection } from "./PreferencesSection.js";
import { ProfileSection } from "./ProfileSection.js";
import { SessionsSection } from "./SessionsSection.js";
import { TokensSection } from "./TokensSection.js";
import { UsageSection } from "./UsageSection.js";
import { WebhookDeliveries } from "./WebhookDeliveries.js";
import { WebhooksSection } from "./WebhooksSection.js";

const sections = [
  { name: "profile", icon: "user", component: ProfileSection },
  { name: "preferences", icon: "sun", component: PreferencesSection },
  { name: "password", icon: "lock", component: PasswordSection },
  { name: "sessions", icon: "monitor", component: SessionsSection },
  { name: "tokens", icon: "key", component: TokensSection },
  { name: "mails", icon: "mail", component: MailsSection },
  { name: "webhooks", icon: "webhook", component: WebhooksSection },
  { name: "usage", icon: "chart-column", component: UsageSection },
];

export default defineComponent({
  name: "SettingsView",
  setup() {
    const parts = () => route.path.split("/").slice(2);
    const section = () => sections.find((one) => one.name === (parts()[0] || "profile"));
    watch(section, (/** @type {any} */ now) => {
      if (now) document.title = `${t(`settings.${now.name}`)} – TaskFlow`;
    }, { flush: "post", immediate: true });
    const content = () => {
      const [name, id] = parts();
      if (name === "webhooks" && id) return h(WebhookDeliveries, { key: id, id: Number(id) });
      const now = section();
      return now
        ? h(now.component, { key: now.name })
        : h(EmptyState, { icon: "info", title: t("error.noPage"), action: { label: t("view.settings"), to: "/settings" } });
    };
    return () =>
      h("div", { class: "view manage-view" }, [
        h("header", { class: "view-head" }, h("h1", t("view.settings"))),
        h("div", { class: "with-sub-nav" }, [
          h(SubNav, {
            label: t("view.settings"),
            links: sections.map((one) => ({
              to: `/settings/${one.name}`,
              label: t(`settings.${one.name}`),
              icon: one.icon,
              isCurrent: one === section(),
            })),
          }),
          h("div", { class: "sections", "data-scroller": "" }, content()),
        ]),
      ]);
  },
});
