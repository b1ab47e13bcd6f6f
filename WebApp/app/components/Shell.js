// What stands around a view once somebody is logged in: navigation, search, account, and the keys that work everywhere.
import { addCommands } from "../core/commands.js";
import { t } from "../core/messages.js";
import { tellFailure } from "../core/notices.js";
import { addressWith, go, Link, route, setQuery } from "../core/router.js";
import { logOut, session } from "../core/session.js";
import { redo, undo } from "../core/undo.js";
import { hrefOf as hrefOfSaved, loadSavedViews, savedViews } from "../tasks/savedViews.js";
import { personName } from "../tasks/taskStore.js";
import { hrefOf, viewAt, views } from "../views.js";
import { defineComponent, h, onUnmounted, ref, watch } from "../vue.js";
import { Button } from "./Button.js";
import { CommandCenter } from "./CommandCenter.js";
import { Icon } from "./Icon.js";
import { SaveViewButton } from "./SaveViewButton.js";

/** Filters go along from view to view; what belongs to one view alone stays behind. */
const local = ["task", "sort", "group", "month", "week", "day", "tab", "page"];

export const Shell = defineComponent({
  name: "Shell",
  setup(_, { slots }) {
    const isOpen = ref(false);
    const visible = () => views.filter((view) => view.link && (view.for !== "admin" || session.user?.role === "admin"));
    const hasTasks = (/** @type {any} */ view) => view?.link?.group === "tasks" || view?.link?.keepsFilter;
    // What narrows a list of accounts or jobs means something else to tasks.
    const target = (/** @type {any} */ view) =>
      hasTasks(view) && hasTasks(viewAt(route.path))
        ? addressWith(Object.fromEntries(local.map((name) => [name, null])), hrefOf(view))
        : hrefOf(view);
    onUnmounted(addCommands(
      ...visible().map((view) => ({
        id: `go ${view.path}`,
        label: t(view.title),
        group: t("keys.views"),
        keys: view.link ? [view.link.key] : [],
        run: () => go(target(view)),
      })),
      { id: "undo", label: t("undo"), group: t("keys.changes"), keys: ["Mod+z"], run: () => undo() },
      { id: "redo", label: t("redo"), group: t("keys.changes"), keys: ["Mod+Shift+z", "Mod+y"], run: () => redo() },
      { id: "search", label: t("search"), group: t("keys.views"), keys: ["/"], run: () => document.getElementById("search")?.focus() },
    ));
    const links = (/** @type {string} */ group) =>
      visible().filter((view) => view.link?.group === group).map((view) =>
        h(
          "li",
          { key: view.path },
          h(Link, {
            to: target(view),
            class: "nav-link",
            "aria-current": viewAt(route.path) === view ? "page" : undefined,
            onClick: () => void (isOpen.value = false),
          }, () => [h(Icon, { name: view.link?.icon ?? "" }), h("span", t(view.title))]),
        )
      );
    // Without them the rest of the page works; the view of saved views tells what went wrong.
    watch(() => session.user?.id, () => loadSavedViews().catch(() => {}), { immediate: true });
    const pinned = () => savedViews.all.filter((view) => view.pinned);
    let typing = 0;
    const search = (/** @type {any} */ event) => {
      const q = event.target.value.trim() || null;
      clearTimeout(typing);
      typing = setTimeout(() => {
        if (viewAt(route.path)?.link?.group === "tasks" && route.path !== "/dashboard") {
          setQuery({ q }, { replace: Boolean(route.query.get("q")) });
        } else if (q) go(`/?q=${encodeURIComponent(q)}`);
      }, 250);
    };

    return () =>
      h("div", { class: ["shell", isOpen.value && "nav-open"] }, [
        h("a", {
          class: "skip",
          href: "#content",
          onClick: (/** @type {Event} */ event) => {
            event.preventDefault();
            document.getElementById("content")?.focus();
          },
        }, t("skip")),
        h("header", { class: "top" }, [
          h(Button, {
            class: "nav-toggle",
            kind: "quiet",
            icon: "menu",
            iconOnly: true,
            label: t("menu"),
            "aria-expanded": String(isOpen.value),
            onClick: () => void (isOpen.value = !isOpen.value),
          }),
          h("div", { class: "search", role: "search" }, [
            h(Icon, { name: "search" }),
            h("input", {
              id: "search",
              type: "search",
              "aria-label": t("search"),
              placeholder: t("search"),
              value: route.query.get("q") ?? "",
              onInput: search,
            }),
          ]),
          h(CommandCenter),
          h(SaveViewButton),
          slots.tools?.(),
        ]),
        h("nav", { class: "nav", "aria-label": t("nav") }, [
          h("p", { class: "brand" }, [h(Icon, { name: "circle-check" }), "TaskFlow"]),
          h("ul", links("tasks")),
          pinned().length
            ? h(
              "ul",
              { "aria-label": t("views.pinned") },
              pinned().map((view) =>
                h(
                  "li",
                  { key: view.id },
                  h(Link, {
                    to: hrefOfSaved(view),
                    class: "nav-link",
                    "aria-current": hrefOfSaved(view) === `${route.path}${route.query.size ? `?${route.query}` : ""}` ? "page" : undefined,
                    onClick: () => void (isOpen.value = false),
                  }, () => [h(Icon, { name: "star" }), h("span", { dir: "auto" }, view.name)]),
                )
              ),
            )
            : null,
          h("ul", links("more")),
          h("div", { class: "account" }, [
            h("span", { class: "account-name" }, personName(session.user?.id)),
            h(Button, { kind: "quiet", icon: "log-out", iconOnly: true, label: t("logOut"), onClick: () => logOut().catch(tellFailure) }),
          ]),
        ]),
        h("main", { id: "content", class: "content", tabindex: "-1" }, slots.default?.()),
        slots.aside?.(),
      ]);
  },
});
