// What was sent to a webhook, how it was answered, and sending it again.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { Section } from "../../components/Section.js";
import { get, post } from "../../core/api.js";
import { useCursorList } from "../../core/cursorList.js";
import { moment, number } from "../../core/format.js";
import { followJob } from "../../core/jobs.js";
import { t } from "../../core/messages.js";
import { tellFailure } from "../../core/notices.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { Link } from "../../core/router.js";
import { defineComponent, h, ref } from "../../vue.js";
import { deliveryAnswer, deliveryBadge, deliveryPause, tellAnswer } from "./deliveryState.js";

export const WebhookDeliveries = defineComponent({
  name: "WebhookDeliveries",
  props: ["id"],
  setup(props) {
    const list = useCursorList(() => ({ path: `/webhooks/${props.id}/deliveries`, query: { limit: 50 } }), deliveryPause);
    const url = ref("");
    const replaying = ref(0);
    get(`/webhooks/${props.id}`).then(({ data }) => void (url.value = data.url)).catch(() => {});

    /** @param {any} delivery */
    async function replay(delivery) {
      replaying.value = delivery.id;
      try {
        const answer = await withRecentPassword(() => post(`/webhooks/${props.id}/deliveries/${delivery.id}/replay`));
        if (!answer) return;
        tellAnswer(await followJob(answer.data, () => {}));
        list.reload();
      } catch (error) {
        tellFailure(error);
      } finally {
        replaying.value = 0;
      }
    }
    const columns = () => [
      { name: "event", label: t("deliveries.event"), cell: (/** @type {any} */ row) => t(`webhooks.event.${row.event}`) },
      { name: "state", label: t("deliveries.state"), cell: deliveryBadge },
      { name: "at", label: t("deliveries.at"), cell: (/** @type {any} */ row) => moment(row.attempted_at) },
      {
        name: "answer",
        label: t("deliveries.answer"),
        cell: (/** @type {any} */ row) =>
          h("div", [
            h("p", [
              deliveryAnswer(row),
              row.duration_ms === null ? "" : ` · ${t("deliveries.duration", { milliseconds: number(row.duration_ms) })}`,
            ]),
            h("details", [
              h("summary", t("deliveries.details")),
              h("h4", t("deliveries.request")),
              h("pre", { dir: "ltr", tabindex: 0 }, row.request),
              row.response_body ? [h("h4", t("deliveries.response")), h("pre", { dir: "ltr", tabindex: 0 }, row.response_body)] : null,
            ]),
          ]),
      },
      {
        name: "replay",
        label: "",
        cell: (/** @type {any} */ row) =>
          h(Button, { icon: "refresh-cw", label: t("deliveries.replay"), busy: replaying.value === row.id, onClick: () => replay(row) }),
      },
    ];
    return () => [
      h("p", h(Link, { to: "/settings/webhooks" }, () => t("deliveries.back"))),
      h(
        Section,
        { title: t("deliveries"), text: url.value },
        () =>
          h(PagedTable, {
            list,
            label: t("deliveries"),
            columns: columns(),
            empty: { icon: "send", title: t("deliveries.none"), text: t("deliveries.none.text") },
          }),
      ),
    ];
  },
});
