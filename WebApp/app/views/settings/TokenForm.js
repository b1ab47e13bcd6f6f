// Creates a personal access token: a name, what it may do, and until when.
import { Button } from "../../components/Button.js";
import { Check } from "../../components/Check.js";
import { Dialog } from "../../components/Dialog.js";
import { useForm } from "../../components/useForm.js";
import { post } from "../../core/api.js";
import { addDays, instantOf } from "../../core/days.js";
import { timeZone, today } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { Told } from "../../core/notices.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { session } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";

const terms = ["30", "90", "365", "day", ""];

export const TokenForm = defineComponent({
  name: "TokenForm",
  emits: ["close", "created"],
  setup(_, { emit }) {
    const scopes = () => ["tasks:read", "tasks:write", ...(session.user?.role === "admin" ? ["admin"] : [])];
    const form = useForm({ name: "", term: "90", day: addDays(today(), 30), scopes: ["tasks:read"] }, async (values) => {
      if (!values.scopes.length) throw new Told(t("tokens.noScope"));
      const day = values.term === "day" ? values.day : values.term ? addDays(today(), Number(values.term)) : null;
      const answer = await withRecentPassword(() =>
        post("/auth/tokens", {
          name: values.name.trim(),
          scopes: values.scopes,
          ...(day ? { expires_at: instantOf(day, "23:59", timeZone()) } : {}),
        })
      );
      if (answer) emit("created", answer.data);
    }, "token");
    const close = () => {
      form.giveUp();
      emit("close");
    };
    /** @param {string} scope @param {boolean} isOn */
    const choose = (scope, isOn) =>
      void (form.values.scopes = isOn ? [...form.values.scopes, scope] : form.values.scopes.filter((one) => one !== scope));

    return () =>
      h(
        Dialog,
        { title: t("tokens.create"), onClose: close },
        () =>
          h("form", { class: "dialog-form", onSubmit: form.submit }, [
            form.field("name", {
              label: t("tokens.name"),
              hint: t("tokens.name.hint"),
              required: true,
              maxlength: 100,
              autocomplete: "off",
              autofocus: true,
            }),
            h("fieldset", { class: "field" }, [
              h("legend", t("tokens.scopes")),
              scopes().map((scope) =>
                h(Check, {
                  key: scope,
                  label: t(`tokens.scope.${scope}`),
                  hint: t(`tokens.scope.${scope}.hint`),
                  modelValue: form.values.scopes.includes(scope),
                  "onUpdate:modelValue": (/** @type {boolean} */ isOn) => choose(scope, isOn),
                })
              ),
            ]),
            form.field("term", { label: t("tokens.expires"), as: "select" }, () =>
              terms.map((term) => h("option", { value: term, key: term }, t(`tokens.term.${term || "never"}`)))),
            form.values.term === "day"
              ? form.field("day", { label: t("tokens.lastDay"), type: "date", min: today(), required: true })
              : null,
            form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
            h("div", { class: "dialog-actions" }, [
              h(Button, { label: t("cancel"), onClick: close }),
              h(Button, { type: "submit", kind: "primary", label: t("tokens.create"), busy: form.isBusy }),
            ]),
          ]),
      );
  },
});
