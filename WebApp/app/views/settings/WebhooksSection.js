// Webhooks: URLs to which changes of tasks are sent.
import { Button } from "../../components/Button.js";
import { EmptyState } from "../../components/EmptyState.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { SecretDialog } from "../../components/SecretDialog.js";
import { Section } from "../../components/Section.js";
import { StateBadge } from "../../components/StateBadge.js";
import { patch, post, remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { useCursorList } from "../../core/cursorList.js";
import { focusNeighbour } from "../../core/focus.js";
import { ago } from "../../core/format.js";
import { followJob } from "../../core/jobs.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { Link } from "../../core/router.js";
import { defineComponent, h, ref, shallowRef } from "../../vue.js";
import { deliveryAnswer, deliveryBadge, deliveryPause, tellAnswer } from "./deliveryState.js";
import { WebhookForm } from "./WebhookForm.js";

export const WebhooksSection = defineComponent({
  name: "WebhooksSection",
  setup() {
    const list = useCursorList(() => ({ path: "/webhooks" }), deliveryPause);
    /** The webhook that is edited, `{}` for a new one. @type {import("../../vue.d.ts").Ref<any>} */
    const edited = shallowRef(null);
    /** @type {import("../../vue.d.ts").Ref<any>} */
    const made = shallowRef(null);
    const testing = ref(0);

    /** @param {any} answer */
    function take({ secret, ...webhook }) {
      if (secret) made.value = { url: webhook.url, secret };
      list.items = list.items.some((one) => one.id === webhook.id)
        ? list.items.map((one) => one.id === webhook.id ? webhook : one)
        : [webhook, ...list.items];
    }
    /** @param {() => Promise<import("../../core/api.js").Answer>} work @param {string} words */
    async function act(work, words) {
      try {
        const answer = await withRecentPassword(work);
        if (!answer) return;
        take(answer.data);
        tell(words);
      } catch (error) {
        tellFailure(error);
        list.reload();
      }
    }
    /** @param {any} webhook */
    const toggle = (webhook) =>
      act(
        () => patch(`/webhooks/${webhook.id}`, { is_active: !webhook.is_active }),
        t(webhook.is_active ? "webhooks.stopped" : "webhooks.started"),
      );

    /** @param {any} webhook */
    async function rotate(webhook) {
      const isSure = await confirm({
        title: t("webhooks.rotate.ask"),
        text: t("webhooks.rotate.text"),
        action: t("webhooks.rotate"),
        kind: "primary",
      });
      if (isSure) await act(() => post(`/webhooks/${webhook.id}/rotate-secret`), t("webhooks.rotated"));
    }
    /** @param {any} webhook */
    async function test(webhook) {
      testing.value = webhook.id;
      try {
        const answer = await withRecentPassword(() => post(`/webhooks/${webhook.id}/test`));
        if (!answer) return;
        tellAnswer(await followJob(answer.data, () => {}));
      } catch (error) {
        tellFailure(error);
      } finally {
        testing.value = 0;
      }
    }
    /** @param {any} webhook */
    async function destroy(webhook) {
      if (
        !await confirm({
          title: t("webhooks.delete.ask"),
          text: t("webhooks.delete.text", { url: webhook.url }),
          action: t("webhooks.delete"),
        })
      ) return;
      const focus = focusNeighbour(webhook.id);
      try {
        await remove(`/webhooks/${webhook.id}`);
        list.items = list.items.filter((one) => one.id !== webhook.id);
        tell(t("webhooks.deleted"));
        focus();
      } catch (error) {
        tellFailure(error);
        list.reload();
      }
    }
    const card = (/** @type {any} */ webhook) =>
      h("li", { class: "card webhook", key: webhook.id, "data-row": webhook.id }, [
        h("div", { class: "section-head" }, [
          h("h3", { class: "url", dir: "ltr" }, webhook.url),
          h(StateBadge, webhook.is_active ? { kind: "good", text: t("webhooks.active") } : { kind: "bad", text: t("webhooks.inactive") }),
        ]),
        h("p", { class: "hint" }, [
          webhook.events.length
            ? webhook.events.map((/** @type {string} */ event) => t(`webhooks.event.${event}`)).join(", ")
            : t("webhooks.events.all"),
          ` · ${t(`webhooks.scope.${webhook.scope}`)}`,
        ]),
        webhook.disabled_reason ? h("p", { class: "note" }, t("webhooks.disabled", { reason: webhook.disabled_reason })) : null,
        webhook.last_delivery
          ? h("p", { class: "hint" }, [
            t("webhooks.last"),
            " ",
            deliveryBadge(webhook.last_delivery),
            ` ${ago(webhook.last_delivery.attempted_at)} `,
            deliveryAnswer(webhook.last_delivery),
          ])
          : h("p", { class: "hint" }, t("webhooks.noDelivery")),
        h("div", { class: "actions" }, [
          h(Link, { to: `/settings/webhooks/${webhook.id}`, class: "button" }, () => t("deliveries")),
          h(Button, { icon: "send", label: t("webhooks.test"), busy: testing.value === webhook.id, onClick: () => test(webhook) }),
          h(Button, { icon: "pencil", label: t("edit"), onClick: () => void (edited.value = webhook) }),
          h(Button, { label: t(webhook.is_active ? "webhooks.stop" : "webhooks.start"), onClick: () => toggle(webhook) }),
          h(Button, { icon: "key", label: t("webhooks.rotate"), onClick: () => rotate(webhook) }),
          h(Button, { icon: "trash-2", label: t("delete"), onClick: () => destroy(webhook) }),
        ]),
      ]);
    const content = () => {
      if (list.error) return h(ErrorNotice, { error: list.error, onRetry: list.reload });
      if (list.isLoading) return h("p", { class: "hint" }, t("loading"));
      if (!list.items.length) return h(EmptyState, { icon: "webhook", title: t("webhooks.none"), text: t("webhooks.none.text") });
      return h("ul", { class: "cards" }, list.items.map(card));
    };
    return () => [
      h(Section, { title: t("settings.webhooks"), text: t("webhooks.text") }, {
        actions: () => h(Button, { kind: "primary", icon: "plus", label: t("webhooks.create"), onClick: () => void (edited.value = {}) }),
        default: content,
      }),
      edited.value
        ? h(WebhookForm, {
          webhook: edited.value.id ? edited.value : null,
          onClose: () => void (edited.value = null),
          onSaved: (/** @type {any} */ webhook) => {
            edited.value = null;
            take(webhook);
            tell(t("task.saved"));
          },
        })
        : null,
      made.value
        ? h(SecretDialog, {
          title: t("webhooks.secret"),
          text: t("webhooks.secret.text"),
          secret: made.value.secret,
          onClose: () => void (made.value = null),
        })
        : null,
    ];
  },
});
