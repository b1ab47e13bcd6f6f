// Serves the page when there is no server. Only the page: what the API answers is never kept here.

const root = "{{root}}";
const cacheName = `taskflow ${root}`;
/** Paths that are not the page's. */
const others = /^\/(api|docs|healthz|readyz|metrics|\.well-known)(\/|$)/;
/** A network that does not answer for so long is treated as none. Milliseconds. */
const patience = 4000;

/** @param {string} from @param {string} text */
function namesIn(from, text) {
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+\.js)"/g);
  return [...found].map((match) => new URL(match[1], from).href);
}

/**
 * Puts a file and everything that it imports into the cache.
 * @param {Cache} cache
 * @param {string[]} addresses
 */
async function keepAll(cache, addresses) {
  const wanted = new Set(addresses.map((address) => new URL(address, location.href).href));
  // One after the other: what the person does has the other connections. A set is walked on to what is added meanwhile.
  for (const address of wanted) {
    let response = await cache.match(address);
    if (!response) {
      response = await fetch(address);
      // A part that is missing must not keep the rest from being kept.
      if (!response.ok) continue;
      await cache.put(address, response.clone());
    }
    if (address.endsWith(".js")) { for (const name of namesIn(address, await response.text())) wanted.add(name); }
  }
}

async function keepShell() {
  const cache = await caches.open(cacheName);
  const shell = await fetch("/", { cache: "no-cache" });
  const text = await shell.clone().text();
  // While the server is being replaced, the page may already be another one than this worker's.
  if (!text.includes(`${root}/app/main.js`)) throw new Error("The page has another version.");
  await cache.put("/", shell);
  const files = [...text.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg|webmanifest))"/g)].map((match) => match[1]);
  await keepAll(cache, files);
}

addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(keepShell().then(() => /** @type {any} */ (self).skipWaiting()));
});

addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil((async () => {
    // Tabs that were opened with the version before go on with its files; older ones are gone.
    const old = (await caches.keys()).filter((name) => name.startsWith("taskflow ") && name !== cacheName);
    await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
    await /** @type {any} */ (self).clients.claim();
  })());
});

addEventListener("message", (/** @type {any} */ event) => {
  if (event.data?.kind === "keep" && event.data.root === `${root}/`) {
    event.waitUntil(caches.open(cacheName).then((cache) => keepAll(cache, event.data.files)).catch(() => {}));
  }
});

/** @param {Request} request @param {number} [milliseconds] */
async function fromServer(request, milliseconds) {
  const signal = milliseconds ? AbortSignal.timeout(milliseconds) : undefined;
  const response = await fetch(request, { signal });
  if (response.status === 502 || response.status === 504) throw new Error(`The server answered ${response.status}.`);
  return response;
}

/** The newest page, or the kept one when the server does not answer. @param {Request} request */
async function page(request) {
  try {
    return await fromServer(request, patience);
  } catch (error) {
    const kept = await caches.match("/", { cacheName });
    if (kept) return kept;
    throw error;
  }
}

/** A file whose address holds its version never changes; any other one is asked for first. @param {Request} request */
async function file(request) {
  const kept = await caches.match(request);
  if (kept?.headers.get("Cache-Control")?.includes("immutable")) return kept;
  try {
    const response = await fromServer(request);
    if (response.ok && new URL(request.url).pathname.startsWith(`${root}/`)) {
      const copy = response.clone();
      caches.open(cacheName).then((cache) => cache.put(request, copy));
    }
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || others.test(pathname) || pathname === "/service-worker.js") return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});
