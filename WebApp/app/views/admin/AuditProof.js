// Checks that the audit is what was recorded: that nothing was changed, taken out or put in.
import { Button } from "../../components/Button.js";
import { Section } from "../../components/Section.js";
import { useForm } from "../../components/useForm.js";
import { get } from "../../core/api.js";
import { number } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { defineComponent, h, shallowRef } from "../../vue.js";

export const AuditProof = defineComponent({
  name: "AuditProof",
  setup() {
    /** @type {import("../../vue.d.ts").Ref<any>} */
    const report = shallowRef(null);
    const form = useForm({ checkpoint: "" }, async ({ checkpoint }) => {
      report.value = null;
      report.value = (await get("/admin/audit/verify", { checkpoint: checkpoint.trim() || undefined })).data;
    });
    const result = () => {
      const found = report.value;
      if (!found) return null;
      return h("div", { class: ["note", found.is_intact ? "note-good" : "note-bad"] }, [
        h("p", h("strong", t(found.is_intact ? "proof.intact" : "proof.broken"))),
        h("p", t("proof.counts", { sealed: number(found.sealed), pending: number(found.pending) })),
        found.faults.length
          ? h(
            "ul",
            { class: "bullets" },
            found.faults.map((/** @type {any} */ fault, /** @type {number} */ place) =>
              h(
                "li",
                { key: place },
                `${t(`proof.${fault.kind}`)}${fault.event_id ? ` (${t("proof.event", { id: fault.event_id })})` : ""}: ${fault.detail}`,
              )
            ),
          )
          : null,
        h("p", { class: "hint" }, t("proof.head", { position: number(found.head.position), hash: found.head.hash })),
      ]);
    };
    return () =>
      h(Section, { title: t("proof"), text: t("proof.text") }, () =>
        h("form", { class: "report-form", onSubmit: form.submit }, [
          h("details", [
            h("summary", t("proof.withCheckpoint")),
            form.field("checkpoint", {
              label: t("proof.checkpoint"),
              hint: t("proof.checkpoint.hint"),
              autocomplete: "off",
              maxlength: 1000,
              dir: "ltr",
            }),
          ]),
          form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
          h("div", { class: "actions" }, h(Button, { type: "submit", icon: "shield", label: t("proof.verify"), busy: form.isBusy })),
          h("div", { role: "status" }, result()),
        ]));
  },
});
