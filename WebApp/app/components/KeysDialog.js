// The keys that are in force here and now, by what they belong to.
import { commands, isSingle, keyText } from "../core/commands.js";
import { t } from "../core/messages.js";
import { preferences } from "../core/preferences.js";
import { Link } from "../core/router.js";
import { defineComponent, h } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";

/** Keys by their words, words by their group. @returns {Map<string, Map<string, Set<string>>>} */
function keysInForce() {
  /** @type {Map<string, Map<string, Set<string>>>} */
  const groups = new Map();
  for (const { label, group = t("keys.other"), keys = [] } of commands.all) {
    for (const key of keys) {
      if (!preferences.single_keys && isSingle(key)) continue;
      const words = groups.get(group) ?? groups.set(group, new Map()).get(group);
      words?.set(label, (words.get(label) ?? new Set()).add(key));
    }
  }
  return groups;
}

export default defineComponent({
  name: "KeysDialog",
  emits: ["close"],
  setup(_, { emit }) {
    const close = () => emit("close");
    return () =>
      h(Dialog, { title: t("keys"), class: "keys-dialog", onClose: close }, () => [
        h(
          "div",
          // The first of them are seen first: the focus would go to the link below.
          { class: "keys-groups", tabindex: -1, autofocus: true },
          [...keysInForce()].map(([group, words]) =>
            h("section", { key: group }, [
              h("h3", group),
              h(
                "dl",
                [...words].map(([label, keys]) =>
                  h("div", { key: label }, [
                    h("dt", label),
                    h("dd", [...keys].map((key) => h("kbd", { key }, keyText(key)))),
                  ])
                ),
              ),
            ])
          ),
        ),
        h("p", { class: "hint" }, [
          t(preferences.single_keys ? "keys.single.on" : "keys.single.off"),
          " ",
          h(Link, { to: "/settings/preferences", onClick: close }, () => t("keys.settings")),
        ]),
        h("div", { class: "dialog-actions" }, h(Button, { kind: "primary", label: t("close"), onClick: close })),
      ]);
  },
});
