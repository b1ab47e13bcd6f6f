// Who is logged in. The refresh token is in a cookie that no script can read; the access token is in memory only, and all tabs share it: one
// tab renews it for all.
import { reactive } from "../vue.js";
import { Problem, request } from "./api.js";
import { inTurn } from "./locks.js";
import { keep, readKept } from "./storage.js";

/**
 * @typedef {object} User
 * @property {number} id
 * @property {string} email
 * @property {boolean} email_verified
 * @property {string | null} pending_email
 * @property {string | null} username
 * @property {string | null} name
 * @property {"user" | "admin"} role
 * @property {string} time_zone
 * @property {string | null} date_order
 * @property {number} version
 */

/**
 * What the page shows of the session. `unknown` until the first renewal is answered, `offline` when it cannot be; `ended` when whose page it is
 * must log in again. The user is null for visitors.
 */
export const session = reactive({
  /** @type {"unknown" | "anonymous" | "active" | "offline" | "ended"} */
  state: "unknown",
  /** @type {User | null} */
  user: null,
});

/** @type {{ text: string, expires: number } | null} Milliseconds of the clock of this page. */
let token = null;
/** @type {Promise<string | null> | null} */
let renewal = null;

const channel = new BroadcastChannel("taskflow-session");
const lastUser = "taskflow-user";
/** Renewed that long before it expires. */
const margin = 30_000;
/** All tabs wait for a renewal: one that is not answered in so many milliseconds counts as lost. */
const longestRenewal = 20_000;

/** Whose page this is: the tasks, notices and changes that it knows are theirs. */
let owner = 0;
let isLeaving = false;
/** Requests that go on once the person has logged in again. @type {((token: string) => void)[]} */
const held = [];

/** @param {any} answer */
function begin(answer, isOwn = true) {
  remember(answer.user);
  // Nothing of the person before is left to the next one.
  if (owner && owner !== answer.user.id) return location.replace("/");
  owner = answer.user.id;
  token = { text: answer.access_token, expires: answer.expires ?? Date.now() + answer.expires_in * 1000 };
  session.user = answer.user;
  session.state = "active";
  for (const resume of held.splice(0)) resume(token.text);
  if (isOwn) {
    channel.postMessage({ kind: "token", access_token: token.text, expires: token.expires, user: JSON.parse(JSON.stringify(answer.user)) });
  }
}

/** @param {User} user */
function remember({ id, email, name, username, role, time_zone }) {
  keep(lastUser, { id, email, name, username, role, time_zone });
}

/** Whose tasks an offline page may show. @returns {User | null} */
const rememberedUser = () => readKept(lastUser);

function end() {
  token = null;
  // The person logs in over the page, and goes on where they were.
  if (owner && !isLeaving) return void (session.state = "ended");
  session.user = null;
  session.state = "anonymous";
}

/** After a log-out nothing of the person stays in the page, nor where they were. */
function leave() {
  isLeaving = true;
  end();
  location.replace("/login");
}

channel.onmessage = (/** @type {MessageEvent} */ { data }) => {
  if (data.kind === "token") begin(data, false);
  // Also when the server has told before that the session is over.
  if (data.kind === "ended" && owner) leave();
  if (data.kind === "user" && session.user?.id === data.user.id) session.user = data.user;
  if (data.kind === "ask" && isFresh() && session.user) {
    channel.postMessage({
      kind: "token",
      access_token: token?.text,
      expires: token?.expires,
      user: JSON.parse(JSON.stringify(session.user)),
    });
  }
};

const isFresh = () => token !== null && token.expires - Date.now() > margin;

/** Milliseconds until the access token ends. */
export const tokenLife = () => token ? token.expires - Date.now() : 0;

/** Asked before somebody logs out; what each gives is done once they are. @type {Set<(user: User) => Promise<() => Promise<void>>>} */
const farewells = new Set();
/** @param {(user: User) => Promise<() => Promise<void>>} work Throws when the person wants to stay. */
export const beforeLogOut = (work) => farewells.add(work);

/** A new tab asks the others first. */
async function askOtherTabs() {
  channel.postMessage({ kind: "ask" });
  for (let turn = 0; turn < 5 && !isFresh(); turn++) await new Promise((go) => setTimeout(go, 20));
}

/** Gives the token in force after a renewal or a log-in; null for visitors, and when somebody leaves. */
async function renew() {
  return await renewOnce() ??
    (session.state === "ended" ? new Promise((/** @type {(token: string) => void} */ go) => held.push(go)) : null);
}

/** @returns {Promise<string | null>} null when the session is over */
function renewOnce() {
  if (session.state === "ended") return Promise.resolve(null);
  // Where there are no turns the server bears tabs that renew at the same moment.
  renewal ??= inTurn("taskflow-renewal", async () => {
    // Another tab may have done it while this one waited for its turn.
    if (isFresh()) return token?.text ?? null;
    try {
      begin((await request("POST", "/auth/refresh", { anonymous: true, body: {}, signal: AbortSignal.timeout(longestRenewal) })).data);
      return token?.text ?? null;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        keep(lastUser, null);
        end();
        return null;
      }
      throw error;
    }
  }).finally(() => {
    renewal = null;
  });
  return renewal;
}

/** The access token, renewed first when it is about to expire. What a session that is over would refuse waits for the log-in. */
export async function freshToken() {
  if (session.state === "anonymous") return null;
  return isFresh() ? token?.text ?? null : renew();
}

/**
 * The server did not take the token: it was ended, or a clock is wrong.
 * @param {string} refused
 */
export function renewAfter(refused) {
  if (token?.text === refused) token = null;
  return renew();
}

/** Finds out who is logged in, when the page opens. Where nobody has been since the last log-out, the server is not asked. */
export async function restore() {
  if (!rememberedUser()) {
    session.state = "anonymous";
    return;
  }
  try {
    await askOtherTabs();
    if (!isFresh()) await renew();
  } catch (error) {
    // A server that is busy or broken says nothing of the session: it goes on when the server does.
    const isRefused = error instanceof Problem && error.status < 500 && error.status !== 429;
    session.user = isRefused ? null : rememberedUser();
    owner = session.user?.id ?? 0;
    session.state = session.user ? "offline" : "anonymous";
    if (isRefused) throw error;
  }
}

/** @param {{ identifier: string, password: string }} credentials */
export async function logIn({ identifier, password }) {
  begin((await request("POST", "/auth/login", { anonymous: true, body: { identifier, password, transport: "cookie" } })).data);
}

/** @param {{ email: string, password: string, name?: string }} account */
export async function register({ email, password, name }) {
  begin(
    (await request("POST", "/auth/register", {
      anonymous: true,
      body: { email, password, transport: "cookie", ...(name ? { name } : {}) },
    })).data,
  );
}

/** @param {{ token: string, email: string, password: string }} first */
export async function setUp(first) {
  begin((await request("POST", "/setup", { anonymous: true, body: { ...first, transport: "cookie" } })).data);
}

export async function logOut(everywhere = false) {
  /** @type {(() => Promise<void>)[]} */
  const clean = [];
  if (session.user) { for (const work of farewells) clean.push(await work(session.user)); }
  // Who leaves is not asked to log in first.
  isLeaving = true;
  try {
    await request("POST", "/auth/logout", { query: everywhere ? { all: true } : {} });
  } catch (error) {
    isLeaving = error instanceof Problem && error.status === 401;
    if (!isLeaving) throw error;
  }
  for (const work of clean) await work();
  keep(lastUser, null);
  channel.postMessage({ kind: "ended" });
  leave();
}

/**
 * The account was changed by this page.
 * @param {User} user
 */
export function updateUser(user) {
  session.user = user;
  remember(user);
  channel.postMessage({ kind: "user", user: JSON.parse(JSON.stringify(user)) });
}
