// How the page asks the server: one function for every request, and every way in which it can fail.
import { freshToken, renewAfter } from "./session.js";

/** An answer of the server that says why it refused (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {Record<string, any>} body
   * @param {Headers} headers
   */
  constructor(status, body, headers) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    /** @type {string} A stable word. */
    this.code = body.code ?? "";
    /** @type {{pointer: string, detail: string}[]} */
    this.errors = body.errors ?? [];
    /** @type {string} The id under which the operator finds the request in the log. */
    this.requestId = body.instance ?? headers.get("X-Request-Id") ?? "";
    /** The thing as it is now, when the version was stale (412). */
    this.current = body.current;
    /** Seconds to wait before the next try; 0 when the server named none. */
    this.retryAfter = Number(headers.get("Retry-After")) || 0;
  }

  /**
   * What the server says of one field.
   * @param {string} name
   */
  of(name) {
    return this.errors.find((fault) => fault.pointer === `/${name}`)?.detail;
  }
}

/** No answer came: the server or the network is down. Nothing is known of a change that was sent. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer.");
    this.name = "Unreachable";
  }
}

/**
 * @typedef {object} Asking
 * @property {Record<string, any> | URLSearchParams} [query] A list is sent as a repeated parameter; null and undefined are left out.
 * @property {any} [body] Sent as JSON, unless it is a Blob or a FormData.
 * @property {string} [ifMatch] The version that the change was made from, as an ETag.
 * @property {string} [key] The Idempotency-Key of a POST. One is made when none is given.
 * @property {AbortSignal} [signal]
 * @property {Record<string, string>} [headers]
 * @property {boolean} [anonymous] Sent without the access token.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {any} data The JSON of the body, null without one.
 * @property {Headers} headers
 * @property {string} requestId
 */

/** Without an answer; who gave the request up knows that. @param {unknown} error @param {AbortSignal} [signal] */
const lost = (error, signal) => signal?.aborted && signal.reason?.name !== "TimeoutError" ? error : new Unreachable();

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/** 128 random bits; crypto.randomUUID is missing on plain HTTP. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The address with the query behind it.
 * @param {string} path
 * @param {Asking["query"]} [query]
 */
export function address(path, query) {
  if (!query) return path;
  let parameters = query;
  if (!(query instanceof URLSearchParams)) {
    parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== null && one !== undefined) parameters.append(name, String(one));
      }
    }
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * One request, sent as it is, with the token that is in force. An expired token is renewed once.
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {Asking} asking
 * @returns {Promise<Response>}
 */
export async function send(method, path, asking = {}) {
  const headers = new Headers(asking.headers);
  let body = asking.body;
  if (body !== undefined && !(body instanceof Blob) && !(body instanceof FormData)) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(body);
  }
  if (asking.ifMatch) headers.set("If-Match", asking.ifMatch);
  if (method === "POST") headers.set("Idempotency-Key", asking.key ?? randomKey());
  const url = `/api/v1${address(path, asking.query)}`;
  const token = asking.anonymous ? null : await freshToken();
  const once = async (/** @type {string | null} */ bearer) => {
    if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
    try {
      const response = await fetch(url, { method, headers, body, signal: asking.signal, cache: "no-store" });
      // A proxy answers in the place of a server that is down.
      if (response.status === 502 || response.status === 504) throw new Unreachable();
      return response;
    } catch (error) {
      throw lost(error, asking.signal);
    }
  };
  const response = await once(token);
  if (response.status !== 401 || !token) return response;
  const renewed = await renewAfter(token);
  return renewed ? once(renewed) : response;
}

/**
 * A request and its JSON. Reads are tried again when the server asks for a little patience.
 * @param {string} method
 * @param {string} path
 * @param {Asking} [asking]
 * @returns {Promise<Answer>}
 * @throws {Problem | Unreachable}
 */
export async function request(method, path, asking = {}) {
  if (method === "POST" && !asking.key) asking = { ...asking, key: randomKey() };
  for (let left = method === "GET" ? 2 : 1;; left--) {
    const response = await send(method, path, asking);
    const text = await response.text().catch((error) => {
      throw lost(error, asking.signal);
    });
    /** @type {any} */
    let data = null;
    try {
      data = text ? JSON.parse(text) : null;
    } catch {
      // The page of a hotel's network, say: the server was not asked.
      if (response.ok) throw new Unreachable();
      data = { detail: `The server answered ${response.status} with something that is not JSON.` };
    }
    if (response.ok) {
      return { status: response.status, data, headers: response.headers, requestId: response.headers.get("X-Request-Id") ?? "" };
    }
    const problem = new Problem(response.status, data ?? {}, response.headers);
    const isBusy = problem.status === 429 || problem.status === 503;
    // A label that is half renamed: sent once more it would mean something else.
    const isHalf = method === "PATCH" && problem.code === "batch_unfinished";
    if (!isBusy || isHalf || left <= 0 || !problem.retryAfter || problem.retryAfter > 10 || asking.anonymous) throw problem;
    await pause(problem.retryAfter * 1000);
  }
}

export const get = (/** @type {string} */ path, /** @type {Asking["query"]} */ query = undefined, /** @type {Asking} */ asking = {}) =>
  request("GET", path, { ...asking, query });
export const post = (/** @type {string} */ path, /** @type {any} */ body = undefined, /** @type {Asking} */ asking = {}) =>
  request("POST", path, { ...asking, body });
export const patch = (/** @type {string} */ path, /** @type {any} */ body, /** @type {Asking} */ asking = {}) =>
  request("PATCH", path, { ...asking, body });
export const remove = (/** @type {string} */ path, /** @type {Asking} */ asking = {}) => request("DELETE", path, asking);

/**
 * Every item of a list, page after page.
 * @param {string} path
 * @param {Record<string, any>} query
 * @param {(items: any[], meta: Record<string, any>) => void} take Called for each page as it arrives.
 * @param {AbortSignal} [signal]
 */
export async function everyPage(path, query, take, signal) {
  let cursor = undefined;
  do {
    const { data } = await get(path, { ...query, cursor }, { signal });
    take(data.data, data.meta);
    cursor = data.meta.next_cursor;
  } while (cursor && !signal?.aborted);
}
