// The mark in the head that says whether changes arrive, and how many wait to be sent. It opens the list of them.
import { live, retryLive } from "../core/live.js";
import { ago, list } from "../core/format.js";
import { plural, t } from "../core/messages.js";
import { confirm } from "../core/confirm.js";
import { deliver, sendAgain, settle } from "../tasks/deliver.js";
import { discard, outbox } from "../tasks/outbox.js";
import { fetchTask, forget, reloadLists, tasks } from "../tasks/taskStore.js";
import { defineComponent, h, ref } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";
import { Icon } from "./Icon.js";

/** @typedef {import("../tasks/outbox.js").Waiting} Waiting */

/** @param {Waiting} one */
const titleOf = (one) =>
  !one.taskId ? one.words : one.base?.title ?? one.body?.title ?? tasks.get(one.taskId)?.title ?? t("outbox.task", { id: one.taskId });

/** What the change does. @param {Waiting} one */
function kindOf(one) {
  if (!one.taskId) return "";
  if (one.method === "DELETE") return t("outbox.kind.delete");
  if (one.path === "/tasks") return t("outbox.kind.create");
  if (one.method === "POST") {
    return one.body.status ? t("outbox.kind.move", { to: t(`status.${one.body.status}`) }) : t("outbox.kind.place");
  }
  const fields = new Set(Object.keys(one.body).map((name) => name.startsWith("due_") ? "due" : name));
  return list([...fields].map((name) => t(`conflict.field.${name}`)));
}

/** @param {Waiting} one */
async function giveUp(one) {
  const isSure = await confirm({
    title: t("outbox.discard.title"),
    text: t("outbox.discard.text", { title: titleOf(one), kind: kindOf(one) }),
    action: t("outbox.discard"),
  });
  if (!isSure) return;
  // What was to be done with a task that never came to be goes with it.
  const all = one.taskId < 0 && one.path === "/tasks" ? outbox.all.filter((other) => other.taskId === one.taskId) : [one];
  for (const each of all) await discard(each);
  if (!one.taskId) {
    settle(one);
    return reloadLists();
  }
  forget(one.taskId);
  if (one.taskId > 0) fetchTask(one.taskId).catch(() => {});
}

export const Connection = defineComponent({
  name: "Connection",
  setup() {
    const isOpen = ref(false);
    const waiting = () => plural(outbox.all.length, { one: t("outbox.count.one"), other: t("outbox.count.other") });

    const item = (/** @type {Waiting} */ one) =>
      h("li", { key: one.place, class: "outbox-item" }, [
        h("div", [
          h("p", { dir: "auto" }, [h("strong", titleOf(one)), " ", kindOf(one)]),
          one.problem ? h("p", { class: "fault" }, one.problem) : h("p", { class: "hint" }, ago(new Date(one.at ?? 0).toISOString())),
        ]),
        one.problem ? h(Button, { label: t("retry"), onClick: () => sendAgain(one) }) : null,
        h(Button, { icon: "trash-2", label: t("outbox.discard"), onClick: () => giveUp(one) }),
      ]);

    const dialog = () =>
      h(Dialog, { title: t("live.title"), class: "connection-dialog", onClose: () => void (isOpen.value = false) }, () => [
        h("p", { role: "status" }, t(`live.${live.state}.text`)),
        outbox.all.length
          ? [h("h3", waiting()), h("ul", { class: "outbox" }, outbox.all.map(item))]
          : h("p", { class: "hint" }, t("outbox.empty")),
        h("div", { class: "dialog-actions" }, [
          live.state === "live" ? null : h(Button, { icon: "refresh-cw", label: t("live.retry"), onClick: () => retryLive() }),
          outbox.all.length ? h(Button, { kind: "primary", label: t("outbox.send"), onClick: () => deliver(true) }) : null,
          h(Button, { label: t("close"), onClick: () => void (isOpen.value = false) }),
        ]),
      ]);

    return () => {
      const name = outbox.all.length ? waiting() : t(`live.${live.state}`);
      return [
        h("button", {
          type: "button",
          class: ["connection", `connection-${live.state}`, outbox.all.length && "connection-waiting"],
          title: name,
          "aria-haspopup": "dialog",
          onClick: () => void (isOpen.value = true),
        }, [
          live.state === "offline" ? h(Icon, { name: "wifi-off" }) : h("span", { class: "connection-dot" }),
          outbox.all.length ? h("span", { class: "connection-count", "aria-hidden": "true" }, String(outbox.all.length)) : null,
          h("span", { class: "visually-hidden" }, outbox.all.length ? `${t(`live.${live.state}`)}, ${name}` : name),
        ]),
        h("span", { class: "visually-hidden", role: "status" }, live.state === "offline" ? t("live.offline") : ""),
        isOpen.value ? dialog() : null,
      ];
    };
  },
});
