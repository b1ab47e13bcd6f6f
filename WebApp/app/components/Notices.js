// The live region with the newest result. A notice waits as long as it has the focus or the pointer.
import { t } from "../core/messages.js";
import { closeNotice, notices, noticeTime } from "../core/notices.js";
import { defineComponent, h, onUnmounted, watch } from "../vue.js";
import { Button } from "./Button.js";

export const Notices = defineComponent({
  name: "Notices",
  setup() {
    /** @type {Map<number, number>} */
    const shownSince = new Map();
    let isHeld = false;
    const tick = setInterval(() => {
      if (isHeld || document.hidden) {
        for (const id of shownSince.keys()) shownSince.set(id, Date.now());
        return;
      }
      for (const notice of notices.all) {
        if (notice.kind === "done" && Date.now() - (shownSince.get(notice.id) ?? Date.now()) > noticeTime) closeNotice(notice.id);
      }
    }, 500);
    onUnmounted(() => clearInterval(tick));
    watch(() => notices.all, (all) => {
      const ids = new Set(all.map((/** @type {any} */ one) => one.id));
      for (const id of shownSince.keys()) if (!ids.has(id)) shownSince.delete(id);
      for (const id of ids) if (!shownSince.has(id)) shownSince.set(id, Date.now());
    }, { immediate: true });
    const hold = (/** @type {boolean} */ held) => () => void (isHeld = held);

    const of = (/** @type {boolean} */ isFailed) =>
      notices.all.filter((one) => (one.kind === "failed") === isFailed).map((one) =>
        h("div", { class: ["notice", isFailed && "notice-failed"], key: one.id }, [
          h("span", [one.text, one.details ? h("small", t("error.requestId", { id: one.details })) : null]),
          one.action
            ? h(Button, {
              kind: "quiet",
              label: one.action.label,
              onClick: () => {
                closeNotice(one.id);
                one.action?.run();
              },
            })
            : null,
          h(Button, { kind: "quiet", icon: "x", iconOnly: true, label: t("close"), onClick: () => closeNotice(one.id) }),
        ])
      );

    return () =>
      h("div", {
        class: "notices",
        onPointerenter: hold(true),
        onPointerleave: hold(false),
        onFocusin: hold(true),
        onFocusout: hold(false),
      }, [
        h("div", { role: "status", "aria-live": "polite" }, of(false)),
        h("div", { role: "alert" }, of(true)),
      ]);
  },
});
