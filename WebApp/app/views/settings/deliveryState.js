// How the sending of a webhook message stands, in words.
import { StateBadge } from "../../components/StateBadge.js";
import { moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { tell } from "../../core/notices.js";
import { h } from "../../vue.js";

/** Messages are sent while somebody looks at how they fare: the list is read again after so many milliseconds. */
export const deliveryPause = 4000;

const kinds = /** @type {const} */ ({ delivered: "good", failed: "bad", pending: "busy" });

/** @param {any} delivery */
export const deliveryBadge = (delivery) =>
  h(StateBadge, {
    kind: kinds[/** @type {keyof typeof kinds} */ (delivery.state)] ?? "plain",
    text: t(`deliveries.state.${delivery.state}`),
  });

/** What the receiver said, or why there is no answer. @param {any} delivery */
export function deliveryAnswer(delivery) {
  const words = [
    delivery.response_status ? t("deliveries.status", { status: delivery.response_status }) : delivery.error ?? "",
    delivery.attempts > 1 ? t("deliveries.attempts", { count: delivery.attempts }) : "",
    delivery.next_attempt_at ? t("deliveries.next", { moment: moment(delivery.next_attempt_at) }) : "",
  ];
  return words.filter(Boolean).join(" · ");
}

/** Tells what came of a message that was asked for. @param {import("../../core/jobs.js").Job} job at its end */
export function tellAnswer(job) {
  const status = job.result?.status;
  if (status >= 200 && status < 300) tell(t("deliveries.taken", { status }));
  else if (status) tell(t("deliveries.refused", { status }), { kind: "failed" });
  else tell(t("deliveries.lost", { why: job.result?.error ?? job.error ?? "" }), { kind: "failed" });
}
