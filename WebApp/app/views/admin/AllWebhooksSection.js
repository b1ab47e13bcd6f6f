// Everybody's webhooks, and how the last message of each fared. Their URLs may hold secrets: only the host is shown.
import { PagedTable } from "../../components/PagedTable.js";
import { Section } from "../../components/Section.js";
import { StateBadge } from "../../components/StateBadge.js";
import { useCursorList } from "../../core/cursorList.js";
import { ago } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Link } from "../../core/router.js";
import { personName } from "../../tasks/taskStore.js";
import { defineComponent, h } from "../../vue.js";
import { deliveryAnswer, deliveryBadge, deliveryPause } from "../settings/deliveryState.js";

export const AllWebhooksSection = defineComponent({
  name: "AllWebhooksSection",
  setup() {
    const list = useCursorList(() => ({ path: "/admin/webhooks", query: { limit: 50 } }), deliveryPause);
    const columns = () => [
      { name: "host", label: t("allWebhooks.host"), cell: (/** @type {any} */ row) => h("bdi", row.host ?? t("none")) },
      {
        name: "owner",
        label: t("allTasks.owner"),
        cell: (/** @type {any} */ row) => h(Link, { to: `/admin/users/${row.owner_id}` }, () => personName(row.owner_id)),
      },
      {
        name: "scope",
        label: t("webhooks.scope"),
        cell: (/** @type {any} */ row) => t(row.scope === "all" ? "webhooks.scope.all" : "allWebhooks.own"),
      },
      {
        name: "state",
        label: t("users.state"),
        cell: (/** @type {any} */ row) => [
          h(StateBadge, row.is_active ? { kind: "good", text: t("webhooks.active") } : { kind: "bad", text: t("webhooks.inactive") }),
          row.disabled_reason ? h("small", { class: "hint block", dir: "auto" }, row.disabled_reason) : null,
        ],
      },
      {
        name: "last",
        label: t("allWebhooks.last"),
        cell: (/** @type {any} */ row) =>
          row.last_delivery
            ? [
              deliveryBadge(row.last_delivery),
              ` ${ago(row.last_delivery.attempted_at)} `,
              h("small", { class: "hint block", dir: "auto" }, deliveryAnswer(row.last_delivery)),
            ]
            : t("webhooks.noDelivery"),
      },
    ];
    return () =>
      h(
        Section,
        { title: t("admin.webhooks"), text: t("allWebhooks.text") },
        () =>
          h(PagedTable, { list, label: t("admin.webhooks"), columns: columns(), empty: { icon: "webhook", title: t("allWebhooks.none") } }),
      );
  },
});
