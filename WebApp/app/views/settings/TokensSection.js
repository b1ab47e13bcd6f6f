// Personal access tokens: for programs that act in one's name.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { SecretDialog } from "../../components/SecretDialog.js";
import { Section } from "../../components/Section.js";
import { remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { useCursorList } from "../../core/cursorList.js";
import { focusNeighbour } from "../../core/focus.js";
import { ago, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { defineComponent, h, ref, shallowRef } from "../../vue.js";
import { TokenForm } from "./TokenForm.js";

export const TokensSection = defineComponent({
  name: "TokensSection",
  setup() {
    const list = useCursorList(() => ({ path: "/auth/tokens" }));
    const isCreating = ref(false);
    /** The token that was just made: in memory only, and gone when its dialog is closed. @type {import("../../vue.d.ts").Ref<any>} */
    const made = shallowRef(null);

    /** @param {any} token */
    function created({ token, ...row }) {
      isCreating.value = false;
      made.value = { name: row.name, token };
      list.items = [row, ...list.items];
    }
    /** @param {any} row */
    async function revoke(row) {
      if (
        !await confirm({ title: t("tokens.revoke.ask", { name: row.name }), text: t("tokens.revoke.text"), action: t("tokens.revoke") })
      ) return;
      const focus = focusNeighbour(row.id);
      try {
        await remove(`/auth/tokens/${row.id}`);
        list.items = list.items.filter((one) => one.id !== row.id);
        tell(t("tokens.revoked", { name: row.name }));
        focus();
      } catch (error) {
        tellFailure(error);
        list.reload();
      }
    }
    const isOver = (/** @type {any} */ row) => row.expires_at && Date.parse(row.expires_at) < Date.now();
    const columns = () => [
      { name: "name", label: t("tokens.name"), cell: (/** @type {any} */ row) => h("bdi", row.name) },
      {
        name: "scopes",
        label: t("tokens.scopes"),
        cell: (/** @type {any} */ row) => row.scopes.map((/** @type {string} */ scope) => t(`tokens.scope.${scope}`)).join(", "),
      },
      {
        name: "used",
        label: t("tokens.used"),
        cell: (/** @type {any} */ row) => row.last_used_at ? ago(row.last_used_at) : t("tokens.unused"),
      },
      {
        name: "expires",
        label: t("tokens.expires"),
        cell: (/** @type {any} */ row) =>
          !row.expires_at ? t("tokens.term.never") : h("span", { class: isOver(row) ? "fault" : "" }, moment(row.expires_at)),
      },
      {
        name: "revoke",
        label: "",
        cell: (/** @type {any} */ row) =>
          h(Button, { label: t("tokens.revoke"), "aria-label": t("tokens.revoke.of", { name: row.name }), onClick: () => revoke(row) }),
      },
    ];
    return () => [
      h(Section, { title: t("settings.tokens"), text: t("tokens.text") }, {
        actions: () =>
          h(Button, { kind: "primary", icon: "plus", label: t("tokens.create"), onClick: () => void (isCreating.value = true) }),
        default: () =>
          h(PagedTable, {
            list,
            label: t("settings.tokens"),
            columns: columns(),
            empty: { icon: "key", title: t("tokens.none"), text: t("tokens.none.text") },
          }),
      }),
      isCreating.value ? h(TokenForm, { onClose: () => void (isCreating.value = false), onCreated: created }) : null,
      made.value
        ? h(SecretDialog, {
          title: t("tokens.made", { name: made.value.name }),
          text: t("tokens.made.text"),
          secret: made.value.token,
          onClose: () => void (made.value = null),
        })
        : null,
    ];
  },
});
