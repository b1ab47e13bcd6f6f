// What others change, as it happens: one stream of events for all tabs. The tab that holds the lock reads it and hands it to the others; a
// stream that was cut goes on where it ended.
import { shallowReactive } from "../vue.js";
import { get, Problem, send } from "./api.js";
import { eventReader } from "./eventStream.js";
import { isRefused } from "./locks.js";
import { tokenLife } from "./session.js";

/**
 * @typedef {object} Change
 * @property {string} cursor
 * @property {string} action
 * @property {number} task_id
 * @property {import("../tasks/filters.js").Task | null} task as it is now; null when it is gone for this person
 * @property {string} at
 * @property {number | null} actor_id
 *
 * @typedef {object} News
 * @property {Change[]} changes
 * @property {number} [since] When the page was cut off: these changes were missed until now. Milliseconds.
 * @property {boolean} [isTooMuch] More was missed than is worth reading one by one: lists are read again.
 *
 * @typedef {object} Keeper Where the place in the feed outlives the page.
 * @property {() => Promise<{ cursor: string, at: number } | null>} load
 * @property {(changes: Change[], cursor: string) => Promise<void>} save
 * @property {(cursor: string) => void} begin The feed is followed from here, without what was before.
 */

/** `polling` when the server has no room for one more stream of this person: the page asks from time to time. */
export const live = shallowReactive({ /** @type {"connecting" | "live" | "polling" | "offline"} */ state: "connecting" });

/** The server answers. */
export const isReachable = () => live.state === "live" || live.state === "polling";

/** @type {Set<(news: News) => void>} */
const listeners = new Set();
/** @param {(news: News) => void} then */
export const onNews = (then) => listeners.add(then);

const channel = new BroadcastChannel("taskflow-live");
/** A stream that says nothing for so long is dead; the server gives a sign every 15 seconds. */
const silence = 45_000;
/** Shorter cuts are nobody's absence. */
const absence = 5_000;
/** So long a tab that leads may take to answer. */
const patience = 3_000;
/** Pages of 100 changes that are read one by one after an absence. */
const mostPages = 20;

/** @type {AbortController | null} */
let running = null;
let isLeader = false;
/** When another tab said something last. */
let heard = 0;
/** @type {{ cursor: string, at: number } | null} */
let place = null;
/** @type {() => void} */
let wake = () => {};

channel.onmessage = (/** @type {MessageEvent} */ { data }) => {
  if (!running) return;
  if (data.kind !== "ask") heard = Date.now();
  if (data.kind === "state" && !isLeader) live.state = data.state;
  if (data.kind === "ask" && isLeader) channel.postMessage({ kind: "state", state: live.state });
  if (data.kind === "news") {
    place = { cursor: data.cursor, at: Date.now() };
    hear(data.news);
  }
};

/** @param {News} news */
function hear(news) {
  for (const then of listeners) then(news);
}

/** @param {typeof live.state} state */
function show(state) {
  live.state = state;
  channel.postMessage({ kind: "state", state });
}

/** @param {News} news @param {string} cursor @param {Keeper} keeper */
async function spread(news, cursor, keeper) {
  place = { cursor, at: Date.now() };
  hear(news);
  channel.postMessage({ kind: "news", news, cursor });
  await keeper.save(news.changes, cursor);
}

/** Tries again at once, instead of waiting for its turn. */
export const retryLive = () => wake();

/** @param {Keeper} keeper */
export function startLive(keeper) {
  if (running) return;
  const { signal } = running = new AbortController();
  live.state = "connecting";
  if (navigator.locks) {
    queue(keeper, signal);
    channel.postMessage({ kind: "ask" });
    document.addEventListener("visibilitychange", () => doubt(keeper, signal), { signal });
  } else whileVisible(keeper, signal);
}

/**
 * Waits for the lock, and leads as long as it has it.
 * @param {Keeper} keeper
 * @param {AbortSignal} signal
 * @param {boolean} [steals]
 */
async function queue(keeper, signal, steals = false) {
  const turn = new AbortController();
  const stop = () => turn.abort();
  signal.addEventListener("abort", stop);
  /** @type {typeof queue | typeof whileVisible | undefined} */
  let next;
  try {
    await navigator.locks.request("taskflow-live", steals ? { steal: true } : { signal }, () => lead(keeper, turn.signal));
  } catch (error) {
    // Another tab took the lock away, or this browser gives none.
    next = isRefused(error) ? whileVisible : queue;
  } finally {
    isLeader = false;
    stop();
    signal.removeEventListener("abort", stop);
  }
  if (!signal.aborted) next?.(keeper, signal);
}

/** Some browsers put hidden tabs to sleep, lock and all: who comes back asks, and takes the lock from one who does not answer. */
async function doubt(/** @type {Keeper} */ keeper, /** @type {AbortSignal} */ signal) {
  if (document.hidden || isLeader) return;
  const asked = Date.now();
  channel.postMessage({ kind: "ask" });
  await new Promise((go) => setTimeout(go, patience));
  if (!signal.aborted && !isLeader && heard < asked) queue(keeper, signal, true);
}

export function stopLive() {
  running?.abort();
  running = null;
  isLeader = false;
  place = null;
  wake();
}

/** Without locks each tab reads for itself, and only while somebody looks: six connections are all that a browser opens. */
function whileVisible(/** @type {Keeper} */ keeper, /** @type {AbortSignal} */ signal) {
  /** @type {AbortController | null} */
  let turn = null;
  const look = () => {
    if (document.hidden) {
      turn?.abort();
      turn = null;
    } else if (!turn) {
      turn = new AbortController();
      lead(keeper, turn.signal);
    }
  };
  document.addEventListener("visibilitychange", look);
  signal.addEventListener("abort", () => {
    document.removeEventListener("visibilitychange", look);
    turn?.abort();
  });
  look();
}

/** @param {Keeper} keeper @param {AbortSignal} signal */
async function lead(keeper, signal) {
  isLeader = true;
  place ??= await keeper.load();
  /** @type {number | null} */
  let lostAt = place?.at ?? null;
  for (let failures = 0; !signal.aborted;) {
    try {
      await catchUp(keeper, lostAt, signal);
      lostAt = null;
      for (;;) {
        await follow(keeper, signal, () => {
          failures = 0;
          show("live");
        });
        // The access token is about to end: the stream is opened anew with the next one.
      }
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && (error.status === 401 || error.status === 403))) return;
      // The server was set back to an older state: this place does not exist any more.
      if (error instanceof Problem && error.status === 400) {
        place = null;
        hear({ changes: [], isTooMuch: true });
      }
      failures++;
      if (error instanceof Problem && error.status === 429) show("polling");
      else {
        lostAt ??= Date.now();
        show(navigator.onLine && failures < 3 ? "connecting" : "offline");
      }
      await pause(Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random()), signal);
    }
  }
}

/** @param {Keeper} keeper @param {number | null} lostAt @param {AbortSignal} signal */
async function catchUp(keeper, lostAt, signal) {
  if (!place) {
    const { data } = await get("/changes", { since: "now" }, { signal });
    place = { cursor: data.meta.next_cursor, at: Date.now() };
    return keeper.begin(place.cursor);
  }
  const since = lostAt && Date.now() - lostAt > absence ? lostAt : undefined;
  /** @type {Change[]} */
  const missed = [];
  let { cursor } = place;
  for (let page = 0, hasMore = true; hasMore; page++) {
    if (page === mostPages) {
      place = null;
      hear({ changes: [], isTooMuch: true, since });
      channel.postMessage({ kind: "news", news: { changes: [], isTooMuch: true, since }, cursor });
      return catchUp(keeper, lostAt, signal);
    }
    const { data } = await get("/changes", { since: cursor, limit: 100 }, { signal });
    missed.push(...data.data);
    cursor = data.meta.next_cursor;
    hasMore = data.meta.has_more;
  }
  if (missed.length) await spread({ changes: missed, since }, cursor, keeper);
}

/**
 * Reads the stream until the access token is about to end.
 * @param {Keeper} keeper
 * @param {AbortSignal} signal
 * @param {() => void} opened
 * @throws when it was cut
 */
async function follow(keeper, signal, opened) {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener("abort", stop);
  // A connection may outlive the network, and would not tell when that is back.
  addEventListener("offline", stop);
  // A page that is left gives its stream back at once: a person may have so many only.
  addEventListener("pagehide", stop);
  let isRenewal = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let renewal;
  let alarm = setTimeout(stop, silence);
  try {
    const response = await send("GET", "/events", {
      headers: { Accept: "text/event-stream", "Last-Event-ID": place?.cursor ?? "" },
      signal: connection.signal,
    });
    if (!response.ok || !response.body) throw new Problem(response.status, await response.json().catch(() => ({})), response.headers);
    renewal = setTimeout(() => {
      isRenewal = true;
      stop();
    }, Math.max(1000, tokenLife() - 25_000));
    opened();
    const read = eventReader();
    const text = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error("The stream of changes ended.");
      clearTimeout(alarm);
      alarm = setTimeout(stop, silence);
      const events = read(text.decode(value, { stream: true }));
      const changes = events.filter((one) => one.data).map((one) => JSON.parse(one.data));
      if (changes.length) await spread({ changes }, events.at(-1)?.id ?? "", keeper);
    }
  } catch (error) {
    if (!isRenewal) throw error;
  } finally {
    clearTimeout(alarm);
    clearTimeout(renewal);
    removeEventListener("offline", stop);
    removeEventListener("pagehide", stop);
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** Until the time is over, or there is reason to hope: the network is back, or somebody looks. */
function pause(/** @type {number} */ milliseconds, /** @type {AbortSignal} */ signal) {
  return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    const looks = () => document.hidden || go();
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      document.removeEventListener("visibilitychange", looks);
      signal.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    wake = go;
    addEventListener("online", go);
    document.addEventListener("visibilitychange", looks);
    signal.addEventListener("abort", go);
  });
}

addEventListener("offline", () => running && isLeader && show("offline"));
