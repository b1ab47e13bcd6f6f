// Name, username, address, time zone and the order of dates of one's own account.
import { Button } from "../../components/Button.js";
import { Section } from "../../components/Section.js";
import { useForm } from "../../components/useForm.js";
import { patch, post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { preferences } from "../../core/preferences.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { session, updateUser } from "../../core/session.js";
import { defineComponent, h, ref } from "../../vue.js";
import { timeZones } from "./timeZones.js";

const EmailPart = defineComponent({
  name: "EmailPart",
  setup() {
    const isSending = ref(false);
    const form = useForm({ email: "" }, async ({ email }) => {
      const answer = await withRecentPassword(() => patch("/users/me", { email }));
      if (!answer) return;
      updateUser(answer.data);
      form.values.email = "";
      tell(t(answer.data.pending_email ? "profile.email.sent" : "task.saved", { email }));
    }, "email");
    async function resend() {
      isSending.value = true;
      try {
        await post("/auth/verify-email/resend");
        tell(t("profile.email.resent"));
      } catch (error) {
        tellFailure(error);
      }
      isSending.value = false;
    }
    const state = () => {
      const user = session.user;
      if (!user) return null;
      const waits = user.pending_email
        ? t("profile.email.pending", { email: user.pending_email })
        : user.email_verified
        ? ""
        : t("profile.email.unverified");
      return [
        h("p", [h("strong", user.email), user.email_verified ? h("span", { class: "hint" }, ` ${t("profile.email.verified")}`) : null]),
        waits
          ? h("div", { class: "note" }, [
            h("p", waits),
            h(Button, { icon: "send", label: t("profile.email.resend"), busy: isSending.value, onClick: resend }),
          ])
          : null,
      ];
    };
    return () =>
      h(Section, { title: t("email"), text: t("profile.email.text") }, () => [
        state(),
        h("form", { class: "form", onSubmit: form.submit }, [
          form.field("email", { label: t("profile.email.new"), type: "email", autocomplete: "email", required: true }),
          form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
          h(Button, { type: "submit", label: t("profile.email.change"), busy: form.isBusy }),
        ]),
      ]);
  },
});

export const ProfileSection = defineComponent({
  name: "ProfileSection",
  setup() {
    const user = /** @type {NonNullable<typeof session.user>} */ (session.user);
    const form = useForm({
      name: user.name ?? "",
      username: user.username ?? "",
      time_zone: user.time_zone,
      date_order: user.date_order ?? "",
    }, async (values) => {
      /** @type {Record<string, string | null>} */
      const changes = {};
      for (const [name, value] of Object.entries(values)) {
        const wanted = value.trim() || null;
        // What was not touched is not sent: another window may have changed it.
        if (wanted !== /** @type {any} */ (session.user)?.[name]) changes[name] = wanted;
      }
      if (Object.keys(changes).length) {
        const { data } = await patch("/users/me", changes);
        updateUser(data);
        preferences.date_order = data.date_order;
      }
      tell(t("task.saved"));
    }, "profile");
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zones = timeZones(user.time_zone, here);
    const option = (/** @type {string} */ value, /** @type {string} */ label) => h("option", { value, key: value }, label);

    return () => [
      h(Section, { title: t("settings.profile"), text: t("profile.text") }, () =>
        h("form", { class: "form", onSubmit: form.submit }, [
          form.field("name", { label: t("name"), autocomplete: "name", hint: t("name.hint"), maxlength: 100 }),
          form.field("username", {
            label: t("profile.username"),
            autocomplete: "username",
            hint: t("profile.username.hint"),
            maxlength: 32,
          }),
          form.field(
            "time_zone",
            { label: t("profile.timeZone"), as: "select", hint: t("profile.timeZone.hint") },
            () =>
              zones.map(([region, names]) =>
                h("optgroup", { label: region, key: region }, names.map((name) => option(name, name.replaceAll("_", " "))))
              ),
          ),
          form.values.time_zone !== here
            ? h(Button, {
              icon: "globe",
              label: t("profile.timeZone.here", { zone: here.replaceAll("_", " ") }),
              onClick: () => void (form.values.time_zone = here),
            })
            : null,
          form.field("date_order", { label: t("profile.dateOrder"), as: "select", hint: t("profile.dateOrder.hint") }, () => [
            option("", t("profile.dateOrder.none")),
            option("dmy", t("dateOrder.dmy")),
            option("mdy", t("dateOrder.mdy")),
            option("ymd", t("dateOrder.ymd")),
          ]),
          form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
          h(Button, { type: "submit", kind: "primary", label: t("save"), busy: form.isBusy }),
        ])),
      h(EmailPart),
    ];
  },
});
