/**
 * An entry as it should be written.
 * @module
 */

/**
 * Immutable.js as Decap hands it over; a record of these is all that is used of it.
 * @typedef {{ get(key: string): any, set(key: string, value: unknown): Data, filter(keep: (value: any) => boolean): Data,
 *   map(change: (value: any) => any): Data, size: number }} Data
 */

/**
 * @param {any} value
 * @returns {boolean} whether there is nothing to be written
 */
function isEmpty(value) {
  if (value === undefined || value === null || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && value.size === 0;
}

/**
 * @param {any} value
 * @returns {any} the same without what is empty, at every depth; texts without blanks at their ends
 */
function prune(value) {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.map(prune).filter((one) => !isEmpty(one));
  if (typeof value?.filter === "function") return value.map(prune).filter((/** @type {any} */ one) => !isEmpty(one));
  return value;
}

/**
 * The data of an entry without the fields that were left empty, and with the year that its folder is named after.
 * @param {Data} data
 * @returns {Data}
 */
export function tidyData(data) {
  const kept = prune(data);
  return kept.set("folder", String(kept.get("date") ?? "").slice(0, 4));
}

const FRONT_MATTER = /^---\n[^]*?\n---\n/;
// YAML takes a year alone for a number, which can't be put in order with the dates of other articles.
const PLAIN_YEAR = /^date: *(\d{4}) *$/m;
const QUOTED_YEAR = /^date: ["'](\d{4})["']$/m;
const FOLLOWING = /^(?:slug|folder|year): .*\n/gm;

/**
 * A file's text as Decap should read it.
 * @param {string} text
 * @returns {string}
 */
export function quoteYear(text) {
  const head = FRONT_MATTER.exec(text)?.[0] ?? "";
  return head.replace(PLAIN_YEAR, 'date: "$1"') + text.slice(head.length);
}

/**
 * A file's text as it should be written: without what its own name and folder say already.
 * @param {string} text
 * @returns {string}
 */
export function tidyText(text) {
  const head = FRONT_MATTER.exec(text)?.[0] ?? "";
  return `${head.replace(FOLLOWING, "").replace(QUOTED_YEAR, "date: $1")}\n${text.slice(head.length).trim()}\n`;
}
