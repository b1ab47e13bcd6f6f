// Where one is logged in, and how to end that.
import { Button } from "../../components/Button.js";
import { Icon } from "../../components/Icon.js";
import { PagedTable } from "../../components/PagedTable.js";
import { Section } from "../../components/Section.js";
import { remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { useCursorList } from "../../core/cursorList.js";
import { focusNeighbour } from "../../core/focus.js";
import { ago, moment } from "../../core/format.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { withRecentPassword } from "../../core/recentPassword.js";
import { logOut } from "../../core/session.js";
import { defineComponent, h } from "../../vue.js";
import { deviceOf } from "./device.js";

/** @param {string | null} userAgent */
function deviceText(userAgent) {
  const { kind, name, system } = deviceOf(userAgent);
  if (kind === "unknown") return t("sessions.unknown");
  return system ? t("sessions.device", { name, system }) : name;
}

export const SessionsSection = defineComponent({
  name: "SessionsSection",
  setup() {
    const list = useCursorList(() => ({ path: "/auth/sessions" }));
    const others = () => list.items.filter((one) => !one.current);

    /** @param {any} row */
    async function end(row) {
      const focus = focusNeighbour(row.id);
      try {
        if (!await withRecentPassword(() => remove(`/auth/sessions/${row.id}`))) return;
        list.items = list.items.filter((one) => one.id !== row.id);
        tell(t("sessions.ended", { device: deviceText(row.device) }));
        focus();
      } catch (error) {
        tellFailure(error);
        list.reload();
      }
    }
    async function endOthers() {
      const count = others().length;
      if (
        !await confirm({
          title: t("sessions.endOthers.ask"),
          text: t("sessions.endOthers.text", { count }),
          action: t("sessions.endOthers"),
        })
      ) return;
      try {
        for (const one of others()) if (!await withRecentPassword(() => remove(`/auth/sessions/${one.id}`))) return;
        tell(t("sessions.othersEnded", { count }));
      } catch (error) {
        tellFailure(error);
      } finally {
        list.reload();
      }
    }
    async function endEverything() {
      if (!await confirm({ title: t("sessions.endAll.ask"), text: t("sessions.endAll.text"), action: t("sessions.endAll") })) return;
      await withRecentPassword(() => logOut(true)).catch(tellFailure);
    }
    const columns = () => [
      {
        name: "device",
        label: t("sessions.where"),
        cell: (/** @type {any} */ row) =>
          h("span", { class: "with-icon", title: row.device ?? undefined }, [
            h(Icon, { name: deviceOf(row.device).isPhone ? "smartphone" : "monitor" }),
            h("span", [deviceText(row.device), row.current ? h("span", { class: "badge badge-good" }, t("sessions.current")) : null]),
          ]),
      },
      { name: "address", label: t("sessions.address"), cell: (/** @type {any} */ row) => row.address ?? t("none") },
      {
        name: "used",
        label: t("sessions.used"),
        cell: (/** @type {any} */ row) => h("time", { datetime: row.last_used_at, title: moment(row.last_used_at) }, ago(row.last_used_at)),
      },
      { name: "since", label: t("sessions.since"), cell: (/** @type {any} */ row) => moment(row.created_at) },
      {
        name: "end",
        label: "",
        cell: (/** @type {any} */ row) =>
          row.current ? null : h(Button, {
            label: t("sessions.end"),
            "aria-label": t("sessions.end.of", { device: deviceText(row.device) }),
            onClick: () => end(row),
          }),
      },
    ];
    return () =>
      h(Section, { title: t("settings.sessions"), text: t("sessions.text") }, () => [
        h(PagedTable, { list, label: t("settings.sessions"), columns: columns(), empty: { icon: "monitor", title: t("sessions.none") } }),
        h("div", { class: "actions" }, [
          others().length ? h(Button, { icon: "log-out", label: t("sessions.endOthers"), onClick: endOthers }) : null,
          h(Button, { icon: "ban", label: t("sessions.endAll"), onClick: endEverything }),
        ]),
      ]);
  },
});
