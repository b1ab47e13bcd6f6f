// One account: what is known of it, what can be changed, and what is dangerous.
import { Button } from "../../components/Button.js";
import { ErrorNotice } from "../../components/ErrorNotice.js";
import { Section } from "../../components/Section.js";
import { StateBadge } from "../../components/StateBadge.js";
import { useForm } from "../../components/useForm.js";
import { get, patch } from "../../core/api.js";
import { moment } from "../../core/format.js";
import { instance, loadInstance } from "../../core/instance.js";
import { t } from "../../core/messages.js";
import { tell } from "../../core/notices.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { go, Link } from "../../core/router.js";
import { session, updateUser } from "../../core/session.js";
import { defineComponent, h, shallowReactive } from "../../vue.js";
import { deleteUser, mailPasswordLink, nameOf, switchActive, switchRole } from "./userActions.js";

/** @typedef {import("./userActions.js").Account} Account */

const AccountForm = defineComponent({
  name: "AccountForm",
  props: ["user"],
  emits: ["change"],
  setup(props, { emit }) {
    const { user } = props;
    const form = useForm(
      { name: user.name ?? "", username: user.username ?? "", email: user.email, time_zone: user.time_zone },
      async (values) => {
        const changes = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, value.trim() || null]).filter(([name, value]) =>
            value !== user[/** @type {string} */ (name)]
          ),
        );
        if (Object.keys(changes).length) {
          const answer = await withRecentPassword(() => patch(`/users/${user.id}`, changes, { ifMatch: `"${user.version}"` }));
          if (!answer) return;
          emit("change", answer.data);
        }
        tell(t("task.saved"));
      },
      `user ${user.id}`,
    );
    return () =>
      h("form", { class: "form", onSubmit: form.submit }, [
        form.field("name", { label: t("name"), maxlength: 100, autocomplete: "off" }),
        form.field("username", { label: t("users.username"), maxlength: 32, autocomplete: "off" }),
        form.field("email", { label: t("email"), type: "email", required: true, autocomplete: "off" }),
        form.field("time_zone", { label: t("users.timeZone"), required: true, autocomplete: "off" }),
        form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
        h(Button, { type: "submit", kind: "primary", label: t("save"), busy: form.isBusy }),
      ]);
  },
});

export const UserPage = defineComponent({
  name: "UserPage",
  props: ["id"],
  setup(props) {
    const state = shallowReactive({
      /** @type {Account | null} */
      user: null,
      /** @type {unknown} */
      error: null,
    });
    async function load() {
      state.error = null;
      try {
        state.user = (await get(`/users/${props.id}`)).data;
      } catch (error) {
        state.error = error;
      }
    }
    /** @param {Account | null} user */
    function take(user) {
      if (!user) return load();
      state.user = user;
      if (user.id === session.user?.id) updateUser(user);
    }
    load();
    loadInstance();
    const action = (/** @type {string} */ text, /** @type {any} */ button) => h("div", { class: "action-line" }, [h("p", text), button]);
    const dangers = (/** @type {Account} */ user) => {
      const name = nameOf(user);
      const isSelf = user.id === session.user?.id;
      if (isSelf) return h("p", { class: "hint" }, t("users.self"));
      return h("div", { class: "action-lines" }, [
        instance.sends_mail
          ? action(
            t("users.password.text", { name }),
            h(Button, { icon: "send", label: t("users.password"), onClick: () => mailPasswordLink(user) }),
          )
          : action(t("users.password.noMail"), null),
        user.role === "admin"
          ? action(
            t("users.user.text", { name }),
            h(Button, { icon: "user", label: t("users.user"), onClick: async () => take(await switchRole(user)) }),
          )
          : action(
            t("users.admin.text", { name }),
            h(Button, { icon: "shield", label: t("users.admin"), onClick: async () => take(await switchRole(user)) }),
          ),
        user.is_active
          ? action(
            t("users.deactivate.text", { name }),
            h(Button, { icon: "ban", label: t("users.deactivate"), onClick: async () => take(await switchActive(user)) }),
          )
          : action(
            t("users.activate.text", { name }),
            h(Button, { icon: "check", label: t("users.activate"), onClick: async () => take(await switchActive(user)) }),
          ),
        action(
          t("users.delete.text", { name, email: user.email }),
          h(Button, {
            kind: "danger",
            icon: "trash-2",
            label: t("users.delete"),
            onClick: async () => await deleteUser(user) && go("/admin/users"),
          }),
        ),
      ]);
    };
    return () => {
      const { user } = state;
      const back = h("p", h(Link, { to: "/admin/users" }, () => t("users.back")));
      if (state.error) return [back, h(ErrorNotice, { error: state.error, onRetry: load })];
      if (!user) return [back, h("p", { class: "hint" }, t("loading"))];
      return [
        back,
        h(Section, { title: nameOf(user) }, () => [
          h("p", { class: "actions" }, [
            h(StateBadge, { kind: user.role === "admin" ? "busy" : "plain", text: t(`users.role.${user.role}`) }),
            h(StateBadge, { kind: user.is_active ? "good" : "bad", text: t(user.is_active ? "users.active" : "users.inactive") }),
            user.email_verified ? null : h(StateBadge, { kind: "plain", text: t("users.unverified") }),
          ]),
          h("p", { class: "hint" }, t("users.facts", { id: user.id, created: moment(user.created_at) })),
          user.pending_email ? h("p", { class: "note" }, t("users.pending", { email: user.pending_email })) : null,
          h("div", { class: "actions" }, [
            h(Link, { to: `/admin/tasks?owner_id=${user.id}`, class: "button" }, () => t("users.tasks")),
            h(Link, { to: `/admin/audit?actor_id=${user.id}`, class: "button" }, () => t("users.events")),
          ]),
        ]),
        h(Section, { title: t("users.edit") }, () => h(AccountForm, { key: user.version, user, onChange: take })),
        h(Section, { title: t("users.access") }, () => dangers(user)),
      ];
    };
  },
});
