// Talks to the service's JSON API, and says what went wrong in words of the page.
import { has, t } from "./texts.js";

/** Something that did not work. `code` is the API's stable word, or one of ours: `offline`, `unreachable`, `timeout`,
 * `aborted`, `unreadable_answer`. `reasonCode` tells apart what one code covers; `detail` is the server's own sentence, in
 * English. */
export class Failure extends Error {
  /**
   * @param {string} code
   * @param {{status?: number, reasonCode?: string, detail?: string, retryAfterS?: number | null}} [more] */
  constructor(code, { status = 0, reasonCode = "", detail = "", retryAfterS = null } = {}) {
    super(explanation(code));
    this.name = "Failure";
    this.code = code;
    this.status = status;
    this.reasonCode = reasonCode;
    this.detail = detail;
    this.retryAfterS = retryAfterS;
  }
}

/** An error in the user's words: those of the page for its reason or its code, where it has some, else the common ones.
 * @param {unknown} error
 * @param {string} [prefix] of the page's own texts, such as `walls.failure` */
export function explain(error, prefix) {
  if (!(error instanceof Failure)) return explanation("other", prefix);
  const isTold = prefix && error.reasonCode && has(`${prefix}.${error.reasonCode}`);
  return explanation(isTold ? error.reasonCode : error.code, prefix);
}

/** @param {string} code @param {string} [prefix] */
function explanation(code, prefix) {
  if (prefix && has(`${prefix}.${code}`)) return t(`${prefix}.${code}`);
  return t(has(`common.failure.${code}`) ? `common.failure.${code}` : "common.failure.other");
}

/** The path of an address in an answer. The API names the host that SIGHTLINE_PUBLIC_URL says, which may be another one
 * than the page's.
 * @param {string} address */
export function here(address) {
  const { pathname, search } = new URL(address, location.href);
  return pathname + search;
}

/** Fetch a JSON answer.
 * @param {string} url
 * @param {{signal?: AbortSignal, headers?: Record<string, string>}} [options]
 * @returns {Promise<any>} */
export function getJson(url, options = {}) {
  return send("GET", url, options);
}

/** Send a request, and give its JSON answer; null where the answer is empty.
 * @param {string} method
 * @param {string} url
 * @param {{json?: unknown, body?: BodyInit, headers?: Record<string, string>, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} */
export async function send(method, url, { json, body, headers = {}, signal } = {}) {
  const given = json === undefined ? body : JSON.stringify(json);
  /** @type {Record<string, string>} */
  const described = json === undefined ? {} : { "Content-Type": "application/json" };
  let answer, text;
  try {
    answer = await fetch(here(url), {
      method,
      body: given,
      headers: { Accept: "application/json", ...described, ...headers },
      signal,
    });
    text = await answer.text();
  } catch (error) {
    throw signal?.aborted ? aborted(signal) : unreachable();
  }
  return understood(answer.status, text, answer.headers.get("Retry-After"));
}

/** Send a form with files, telling how far it is: fetch cannot tell that.
 * @param {string} url
 * @param {FormData} form
 * @param {{onProgress?: (share: number) => void, signal?: AbortSignal, headers?: Record<string, string>,
 *          maxBytes?: number}} [options] `share` goes from 0 to 1; files over `maxBytes` are not sent at all
 * @returns {Promise<any>} */
export function upload(url, form, { onProgress, signal, headers = {}, maxBytes } = {}) {
  return new Promise((resolve, reject) => {
    for (const value of form.values()) {
      if (maxBytes && value instanceof File && value.size > maxBytes) {
        reject(new Failure("too_large", { status: 413 }));
        return;
      }
    }
    if (signal?.aborted) {
      reject(aborted(signal));
      return;
    }
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", here(url));
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress?.(loaded / total);
    };
    request.upload.onload = () => onProgress?.(1);
    request.onload = () => {
      try {
        resolve(understood(request.status, request.responseText, request.getResponseHeader("Retry-After")));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(unreachable());
    request.ontimeout = () => reject(new Failure("timeout"));
    request.onabort = () => reject(signal?.aborted ? aborted(signal) : new Failure("aborted"));
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort);
    request.send(form);
  });
}

/** Wait, unless somebody cancels it.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new Failure("aborted"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** @param {number} status @param {string} text @param {string | null} retryAfter */
function understood(status, text, retryAfter) {
  const answer = parsed(text);
  if (status >= 200 && status < 300) {
    if (answer === undefined) throw new Failure("unreadable_answer", { status });
    return answer;
  }
  const said = /** @type {{code?: unknown, reason_code?: unknown, error?: unknown}} */ (answer ?? {});
  throw new Failure(typeof said.code === "string" ? said.code : codeOf(status), {
    status,
    reasonCode: typeof said.reason_code === "string" ? said.reason_code : "",
    detail: typeof said.error === "string" ? said.error : "",
    retryAfterS: Number(retryAfter) || null,
  });
}

/** @param {string} text @returns {unknown} null for an empty text, undefined for one that is no JSON */
function parsed(text) {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a proxy before the server means by a status, without our form of an error.
 * @param {number} status */
function codeOf(status) {
  /** @type {Record<number, string>} */
  const codes = { 404: "not_found", 410: "gone", 413: "too_large", 502: "unavailable", 503: "busy", 504: "timeout" };
  return codes[status] ?? (status >= 500 ? "internal" : "other");
}

function unreachable() {
  return new Failure(navigator.onLine ? "unreachable" : "offline");
}

/** @param {AbortSignal} signal */
function aborted(signal) {
  return new Failure(signal.reason instanceof DOMException && signal.reason.name === "TimeoutError" ? "timeout" : "aborted");
}
