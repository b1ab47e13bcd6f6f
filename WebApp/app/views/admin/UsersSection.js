// All accounts: found by name, address, role and state.
import { Button } from "../../components/Button.js";
import { PagedTable } from "../../components/PagedTable.js";
import { QueryField, QuerySelect } from "../../components/QueryField.js";
import { Section } from "../../components/Section.js";
import { StateBadge } from "../../components/StateBadge.js";
import { useCursorList } from "../../core/cursorList.js";
import { day, dayOf, number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { tell } from "../../core/notices.js";
import { Link, route } from "../../core/router.js";
import { session } from "../../core/session.js";
import { defineComponent, h, ref } from "../../vue.js";
import { nameOf } from "./userActions.js";
import { UserForm } from "./UserForm.js";

/** @typedef {import("./userActions.js").Account} Account */

export const UsersSection = defineComponent({
  name: "UsersSection",
  setup() {
    const filter = () => ({
      q: route.query.get("find") ?? undefined,
      role: route.query.get("role") ?? undefined,
      is_active: route.query.get("is_active") ?? undefined,
    });
    const list = useCursorList(() => ({ path: "/admin/users", query: { limit: 50, count: true, ...filter() } }));
    const isCreating = ref(false);
    const columns = () => [
      {
        name: "name",
        label: t("name"),
        cell: (/** @type {Account} */ user) => [
          h(Link, { to: `/admin/users/${user.id}`, dir: "auto" }, () => nameOf(user)),
          user.id === session.user?.id ? h("span", { class: "hint" }, ` ${t("users.you")}`) : null,
        ],
      },
      {
        name: "username",
        label: t("users.username"),
        cell: (/** @type {Account} */ user) => user.username ? h("span", { class: "wrap" }, user.username) : "",
      },
      {
        name: "email",
        label: t("email"),
        cell: (
          /** @type {Account} */ user,
        ) => [
          h("span", { class: "wrap" }, user.email),
          user.email_verified ? null : h("span", { class: "hint" }, ` ${t("users.unverified")}`),
        ],
      },
      {
        name: "role",
        label: t("users.role"),
        cell: (/** @type {Account} */ user) =>
          h(StateBadge, { kind: user.role === "admin" ? "busy" : "plain", text: t(`users.role.${user.role}`) }),
      },
      {
        name: "state",
        label: t("users.state"),
        cell: (/** @type {Account} */ user) =>
          h(StateBadge, { kind: user.is_active ? "good" : "bad", text: t(user.is_active ? "users.active" : "users.inactive") }),
      },
      { name: "since", label: t("users.since"), cell: (/** @type {Account} */ user) => day(dayOf(user.created_at)) },
    ];
    const hasFilter = () => Object.values(filter()).some(Boolean);
    return () => [
      h(Section, {
        title: t("admin.users"),
        text: list.meta.total === undefined ? "" : t("users.count", { count: list.meta.total, text: number(list.meta.total) }),
      }, {
        actions: () =>
          h(Button, { kind: "primary", icon: "plus", label: t("users.create"), onClick: () => void (isCreating.value = true) }),
        default: () => [
          h("div", { class: "filters" }, [
            h(QueryField, { name: "find", label: t("users.find") }),
            h(QuerySelect, {
              name: "role",
              label: t("users.role"),
              all: t("all"),
              options: [["user", t("users.role.user")], ["admin", t("users.role.admin")]],
            }),
            h(QuerySelect, {
              name: "is_active",
              label: t("users.state"),
              all: t("all"),
              options: [["true", t("users.active")], ["false", t("users.inactive")]],
            }),
          ]),
          h(PagedTable, {
            list,
            label: t("admin.users"),
            columns: columns(),
            empty: hasFilter()
              ? { icon: "search", title: t("users.noneFound"), action: { label: t("users.showAll"), to: "/admin/users" } }
              : { icon: "users", title: t("users.none") },
          }),
        ],
      }),
      isCreating.value
        ? h(UserForm, {
          onClose: () => void (isCreating.value = false),
          onCreated: (/** @type {Account} */ user) => {
            isCreating.value = false;
            tell(t("users.created", { name: nameOf(user) }));
            list.reload();
          },
        })
        : null,
    ];
  },
});
