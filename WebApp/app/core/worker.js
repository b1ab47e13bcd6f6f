// The service worker: it serves the page itself when there is no server, and tells when a newer page is there.
import { views } from "../views.js";
import { language, t } from "./messages.js";
import { note, tell } from "./notices.js";
import { root } from "./styles.js";

/** Looked for once an hour at most, when somebody comes back to the page. */
const interval = 3_600_000;

/** Texts and styles have addresses that no module spells out: the worker is told. */
function files() {
  const parts = new Set(["core", "live", "task", ...views.flatMap((view) => view.messages ?? [])]);
  const styles = new Set(["task", ...views.flatMap((view) => view.style ?? [])]);
  return [
    ...[...parts].map((part) => `${root}app/locales/${language()}/${part}.js`),
    ...[...styles].map((style) => `${root}styles/${style}.css`),
  ];
}

/** Workers exist on localhost and HTTPS only. */
export async function startWorker() {
  if (!navigator.serviceWorker) return;
  try {
    const isFirst = !navigator.serviceWorker.controller;
    const registration = await navigator.serviceWorker.register(address());
    const ready = await navigator.serviceWorker.ready;
    ready.active?.postMessage({ kind: "keep", root, files: files() });
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "activated" && !isFirst) {
          tell(t("worker.newer"), { action: { label: t("worker.reload"), run: () => location.reload() } });
        }
      });
    });
    let looked = Date.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || Date.now() - looked < interval) return;
      looked = Date.now();
      registration.update().catch(() => {});
    });
  } catch (error) {
    note(error);
  }
}

/** The policy of the page asks for a promise that the address of a script is no text of somebody else. */
function address() {
  const path = "/service-worker.js";
  const types = /** @type {any} */ (window).trustedTypes;
  return types ? types.createPolicy("taskflow", { createScriptURL: () => path }).createScriptURL("") : path;
}
