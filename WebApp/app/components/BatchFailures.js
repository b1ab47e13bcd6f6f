// The tasks that a change of many left as they were, with the reasons.
import { t } from "../core/messages.js";
import { Link, taskAddress } from "../core/router.js";
import { batchFailures } from "../tasks/batch.js";
import { tasks } from "../tasks/taskStore.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";

const close = () => void (batchFailures.all = []);

export const BatchFailures = () => {
  const all = batchFailures.all;
  if (!all.length) return null;
  return h(Dialog, { title: t("batch.failed", { count: all.length }), onClose: close }, () => [
    h("p", { class: "dialog-text" }, t("batch.failed.text")),
    h(
      "ul",
      { class: "failures", tabindex: 0, "aria-label": t("tasks") },
      all.map(({ id, error }) =>
        h("li", { key: id }, [
          h(
            Link,
            { to: taskAddress(id), dir: "auto", onClick: close },
            () => tasks.get(id)?.title ?? t("task.number", { id }),
          ),
          h("p", { class: "hint" }, error.detail),
        ])
      ),
    ),
    h("div", { class: "dialog-actions" }, h(Button, { kind: "primary", label: t("close"), onClick: close })),
  ]);
};
