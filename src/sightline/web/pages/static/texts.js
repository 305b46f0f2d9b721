// The page's texts, which the server put into it, in the page's language.

/** @typedef {string | {one?: string, other: string}} Text */

/** The page's language.
 * @type {"en" | "ko"} */
export const lang = document.documentElement.lang === "ko" ? "ko" : "en";

/** @type {Record<string, Text>} */
const table = JSON.parse(document.getElementById("texts")?.textContent || "{}");

/** Whether the page has a text of that key.
 * @param {string} key */
export function has(key) {
  return Object.hasOwn(table, key);
}

/** The text of that key, with the values in their places; `count` chooses between one and many.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string} */
export function t(key, values = {}) {
  const found = has(key) ? table[key] : undefined;
  if (found === undefined) {
    console.error(`no text ${key}`); // a fault of ours; the page goes on with the key, which tells where
    return key;
  }
  const text = typeof found === "string" ? found : (values.count === 1 && found.one) || found.other;
  return text.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? String(values[name]) : place));
}

/** A number as the page's language writes it.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options] */
export function number(value, options) {
  return new Intl.NumberFormat(lang, options).format(value);
}

/** A moment as the page's language writes it, in the reader's time zone.
 * @param {Date | string | number} at
 * @param {Intl.DateTimeFormatOptions} [options] */
export function moment(at, options = { dateStyle: "medium", timeStyle: "short" }) {
  return new Intl.DateTimeFormat(lang === "ko" ? "ko-KR" : "en-GB", options).format(new Date(at));
}

/** A size of a file: "3.4 MB", "8 bytes".
 * @param {number} bytes */
export function fileSize(bytes) {
  const units = /** @type {const} */ ([["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3]]);
  const [unit, size] = units.find(([, least]) => bytes >= least) ?? ["byte", 1];
  const unitDisplay = unit === "byte" ? "long" : "short"; // short, it is "8 byte"
  return number(bytes / size, { style: "unit", unit, unitDisplay, maximumFractionDigits: bytes / size < 10 ? 1 : 0 });
}
