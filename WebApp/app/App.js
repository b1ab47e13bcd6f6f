// The frame around every view: it loads the view that the address names, and decides who must log in first.
import { ConfirmDialog } from "./components/ConfirmDialog.js";
import { EmptyState } from "./components/EmptyState.js";
import { ErrorNotice } from "./components/ErrorNotice.js";
import { Notices } from "./components/Notices.js";
import { PasswordPrompt } from "./components/PasswordPrompt.js";
import { Shell } from "./components/Shell.js";
import { TaskPanelPlace } from "./components/TaskPanelPlace.js";
import { loadMessages, t } from "./core/messages.js";
import { note } from "./core/notices.js";
import { loadPreferences } from "./core/preferences.js";
import { go, route } from "./core/router.js";
import { session } from "./core/session.js";
import { loadStyle, showStyle } from "./core/styles.js";
import { viewAt } from "./views.js";
import { defineComponent, h, nextTick, onErrorCaptured, shallowRef, watch } from "./vue.js";

export const App = defineComponent({
  name: "App",
  setup() {
    /** @type {import("./vue.d.ts").Ref<{ path: string, component: any } | null>} */
    const shown = shallowRef(null);
    /** @type {import("./vue.d.ts").Ref<unknown>} */
    const failure = shallowRef(null);
    /** What the first view does not need. @type {import("./vue.d.ts").Ref<any>} */
    const background = shallowRef(null);
    const view = () => viewAt(route.path);
    const isKnown = () => session.user !== null;

    /** Where a visitor must go instead; null when they may stay. */
    function redirect() {
      const wanted = view();
      if (!wanted) return null;
      if (wanted.for !== "visitor" && !isKnown()) return `/login?to=${encodeURIComponent(location.pathname + location.search)}`;
      if (isKnown() && (wanted.path === "/login" || wanted.path === "/register")) {
        const to = route.query.get("to") ?? "/";
        // A path of this page only: never another site (browsers drop tabs and line ends), and not the log-in again.
        return /^\/(?![/\\\s]|login|register)/.test(to) ? to : "/";
      }
      return null;
    }

    async function show() {
      const instead = redirect();
      if (instead) return go(instead, { replace: true });
      const wanted = view();
      if (!wanted || (wanted.for === "admin" && session.user?.role !== "admin")) {
        shown.value = { path: "", component: null };
        return;
      }
      if (shown.value?.path === wanted.path) return;
      try {
        const [module] = await Promise.all([wanted.load(), loadMessages(...wanted.messages ?? []), loadStyle(wanted.style)]);
        if (view() !== wanted) return;
        failure.value = null;
        shown.value = { path: wanted.path, component: module.default };
        showStyle(wanted.style);
        document.title = `${t(wanted.title)} – TaskFlow`;
        await nextTick();
        if (isKnown()) startBackground();
        document.querySelector("[data-autofocus]")?.dispatchEvent(new Event("focusin"));
      } catch (error) {
        failure.value = error;
      }
    }
    let isStarted = false;
    async function startBackground() {
      if (isStarted) return;
      isStarted = true;
      try {
        const module = await import("./background.js");
        await module.startBackground();
        background.value = module;
      } catch (error) {
        note(error);
        setTimeout(() => {
          isStarted = false;
          startBackground();
        }, 5000);
      }
    }
    watch(() => [route.path, session.state], show, { immediate: true });
    watch(
      () => session.user?.id,
      (id) => id && session.state === "active" && loadPreferences().catch(note),
      { immediate: true },
    );
    onErrorCaptured((error) => {
      console.error(error);
      failure.value = error;
      return false;
    });

    const content = () => {
      if (failure.value) {
        return h(ErrorNotice, {
          error: failure.value,
          onRetry: () => {
            failure.value = null;
            shown.value = null;
            show();
          },
        });
      }
      if (!shown.value) return null;
      if (!shown.value.component) {
        return h(EmptyState, { icon: "info", title: t("error.noPage"), action: { label: t("error.home"), to: "/" } });
      }
      return h(shown.value.component, { key: shown.value.path });
    };
    return () => {
      const isVisitor = view()?.for === "visitor" || !isKnown();
      const shell = {
        default: content,
        tools: () => h("div", { class: "tools" }, background.value ? h(background.value.Connection) : null),
        aside: () => h(TaskPanelPlace),
      };
      return [
        isVisitor ? h("main", { class: "visitor" }, content()) : h(Shell, null, shell),
        background.value && !isVisitor ? [h(background.value.ConflictDialog), h(background.value.LogInDialog)] : null,
        h(ConfirmDialog),
        h(PasswordPrompt),
        h(Notices),
      ];
    };
  },
});
