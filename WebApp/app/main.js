// Starts the page: preferences for the first paint, then the session, then the view that the address names.
import { App } from "./App.js";
import { note } from "./core/notices.js";
import { restorePreferences } from "./core/preferences.js";
import { restore } from "./core/session.js";
import { createApp } from "./vue.js";

await restorePreferences();
// The page opens whatever comes of it: a server that does not answer is shown by the view.
await restore().catch(note);
createApp(App).mount("#app");
