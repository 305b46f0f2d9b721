// What was examined in this browser. There is no account: the list is kept here and nowhere else.

/** @typedef {"inspection" | "video"} Kind */
/** @typedef {{kind: Kind, id: string, name: string, href: string, at: string, expires?: string}} Entry
 * `at` is an ISO time, and so is `expires`, from when on there is nothing behind the address any more. */

const KEY = "sightline.history";
const MAX_ENTRIES = 200;
const KINDS = ["inspection", "video"];

/** Stands in where the browser keeps nothing for pages (private windows, a full disk).
 * @type {Entry[] | null} */
let unkept = null;

/** @type {Set<() => void>} */
const listeners = new Set();

/** All entries of what is still there, as far as its time tells; the newest first.
 * @returns {Entry[]} */
export function list() {
  if (unkept) return [...unkept];
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isEntry).filter(lasts) : [];
  } catch {
    return []; // not ours, or not to be read: begun anew by the next entry
  }
}

/** Put an entry first; one of the same thing gives way to it.
 * @param {{kind: Kind, id: string, name: string, href: string, at?: string, expires?: string}} entry */
export function add(entry) {
  const { kind, id, name, href, at = new Date().toISOString(), expires } = entry;
  keep([{ kind, id, name, href, at, expires }, ...list().filter((other) => !same(other, kind, id))].slice(0, MAX_ENTRIES));
}

/** Take an entry off the list; the result itself stays.
 * @param {Kind} kind
 * @param {string} id */
export function remove(kind, id) {
  keep(list().filter((entry) => !same(entry, kind, id)));
}

/** Forget all of it. */
export function clear() {
  keep([]);
}

/** Be called when the list changes, in this tab or another one.
 * @param {() => void} listener
 * @returns {() => void} ends it */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Every change reads the list anew before it writes, so that two tabs add to each other's.
/** @param {Entry[]} entries */
function keep(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
    unkept = null;
  } catch {
    unkept = entries;
  }
  for (const listener of listeners) listener();
}

// A page that comes back by the back button was not told what has changed since.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const listener of listeners) listener();
});

addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) for (const listener of listeners) listener();
});

/** @param {Entry} entry @param {Kind} kind @param {string} id */
function same(entry, kind, id) {
  return entry.kind === kind && entry.id === id;
}

/** @param {Entry} entry */
function lasts({ expires }) {
  return !expires || !(Date.parse(expires) <= Date.now()); // a time that cannot be read ends nothing
}

/** @param {any} value @returns {value is Entry} */
function isEntry(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    KINDS.includes(value.kind) &&
    ["id", "name", "at", "href"].every((name) => typeof value[name] === "string") &&
    value.href.startsWith("/app/") && // what another page of this host may have put here leads nowhere else
    !Number.isNaN(Date.parse(value.at))
  );
}
