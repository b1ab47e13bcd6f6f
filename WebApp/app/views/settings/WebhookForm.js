// Creates a webhook, or changes one.
import { Button } from "../../components/Button.js";
import { Check } from "../../components/Check.js";
import { Dialog } from "../../components/Dialog.js";
import { useForm } from "../../components/useForm.js";
import { patch, post } from "../../core/api.js";
import { t } from "../../core/messages.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { session } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { webhookEvents } from "./webhookEvents.js";

export const WebhookForm = defineComponent({
  name: "WebhookForm",
  props: ["webhook"],
  emits: ["close", "saved"],
  setup(props, { emit }) {
    const known = props.webhook;
    const form = useForm({
      url: known?.url ?? "",
      scope: known?.scope ?? "mine",
      events: known?.events ?? [],
      isEverything: !known?.events.length,
    }, async (values) => {
      const body = { url: values.url.trim(), events: values.isEverything ? [] : values.events };
      const answer = await withRecentPassword(() =>
        known
          ? patch(`/webhooks/${known.id}`, body, { ifMatch: `"${known.version}"` })
          : post("/webhooks", { ...body, scope: values.scope })
      );
      if (answer) emit("saved", answer.data);
    }, `webhook ${known?.id ?? "new"}`);
    const close = () => {
      form.giveUp();
      emit("close");
    };
    /** @param {string} event @param {boolean} isOn */
    const choose = (event, isOn) =>
      void (form.values.events = webhookEvents.filter((one) => one === event ? isOn : form.values.events.includes(one)));

    return () =>
      h(
        Dialog,
        { title: t(known ? "webhooks.edit" : "webhooks.create"), onClose: close },
        () =>
          h("form", { class: "dialog-form", onSubmit: form.submit }, [
            form.field("url", {
              label: t("webhooks.url"),
              hint: t("webhooks.url.hint"),
              type: "url",
              required: true,
              maxlength: 2000,
              autofocus: true,
              dir: "ltr",
            }),
            !known && session.user?.role === "admin"
              ? form.field("scope", { label: t("webhooks.scope"), as: "select" }, () =>
                ["mine", "all"].map((scope) => h("option", { value: scope, key: scope }, t(`webhooks.scope.${scope}`))))
              : null,
            h("fieldset", { class: "field" }, [
              h("legend", t("webhooks.events")),
              h(Check, {
                label: t("webhooks.events.all"),
                modelValue: form.values.isEverything,
                "onUpdate:modelValue": (/** @type {boolean} */ isOn) =>
                  void (form.values.isEverything = isOn),
              }),
              form.values.isEverything ? null : webhookEvents.map((event) =>
                h(Check, {
                  key: event,
                  label: t(`webhooks.event.${event}`),
                  modelValue: form.values.events.includes(event),
                  "onUpdate:modelValue": (/** @type {boolean} */ isOn) => choose(event, isOn),
                })
              ),
            ]),
            form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
            h("div", { class: "dialog-actions" }, [
              h(Button, { label: t("cancel"), onClick: close }),
              h(Button, { type: "submit", kind: "primary", label: t(known ? "save" : "webhooks.create"), busy: form.isBusy }),
            ]),
          ]),
      );
  },
});
