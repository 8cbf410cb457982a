/**
 * “On this day” of the home page. Pages are built once and read on any day, so the reader's browser picks the day.
 */

import {_, _n} from "./site.js";
import {addressOf, fetchFile} from "./source.js";

const TEXT = {
  today: (/** @type {string} */ day) => day,
  near: (/** @type {string} */ day) => _("今天没有收录，日子最近的是{day}", {day}),
  more: (/** @type {string} */ day, /** @type {number} */ count) => _n("历年{day}的报道共 {n} 篇", count, {day}),
};
const DAYS_OF_LEAP_YEAR = 366;
const LEAP_YEAR = 2020; // 29 February has to have a number too

/** @type {HTMLElement | null} */
const section = document.querySelector("[data-today]");
if (section) showToday(section, new Date()).catch(() => {}); // the link to the days stays: nothing is lost

/**
 * @param {HTMLElement} section
 * @param {Date} today
 */
async function showToday(section, today) {
  const base = section.dataset.today ?? "";
  /** @type {Record<string, number>} */
  const days = await load(`${base}/days/index.json`);
  const key = nearestDay(Object.keys(days), today.getMonth() + 1, today.getDate());
  if (!key) return;
  /** @type {[string, string, number, string][]} */
  const rows = await load(`${base}/days/${key}.json`);
  const [month, day] = key.split("-").map(Number);
  const monthName = `${month}月`;
  const name = _("{month}{day}日", {month: _(monthName), day});
  const isToday = month === today.getMonth() + 1 && day === today.getDate();
  const line = find(section, "[data-today-day]");
  line.textContent = (isToday ? TEXT.today : TEXT.near)(name);
  line.classList.toggle("is-near", !isToday);
  line.hidden = false;
  find(section, "[data-today-list]").replaceChildren(...rows.map((row) => item(base, row)));
  const more = find(section, "[data-today-more]");
  more.textContent = TEXT.more(name, days[key] ?? rows.length);
  more.setAttribute("href", addressOf(`${base}/days/${key}/`));
}

/**
 * The day of the year that is nearest, over the turn of the year too; of two as near the coming one.
 * @param {string[]} keys `01-15`
 * @param {number} month
 * @param {number} day
 */
function nearestDay(keys, month, day) {
  const wanted = dayOfYear(month, day);
  const distance = (/** @type {string} */ key) => {
    const [otherMonth = 1, otherDay = 1] = key.split("-").map(Number);
    const ahead = (dayOfYear(otherMonth, otherDay) - wanted + DAYS_OF_LEAP_YEAR) % DAYS_OF_LEAP_YEAR;
    return Math.min(ahead, DAYS_OF_LEAP_YEAR - ahead + 0.5);
  };
  return keys.toSorted((a, b) => distance(a) - distance(b))[0];
}

/**
 * @param {number} month
 * @param {number} day
 */
function dayOfYear(month, day) {
  return Math.round((Date.UTC(LEAP_YEAR, month - 1, day) - Date.UTC(LEAP_YEAR, 0, 1)) / 86_400_000);
}

/**
 * @param {string} base
 * @param {[string, string, number, string]} row
 */
function item(base, [address, title, year, place]) {
  const when = document.createElement("span");
  when.className = "today-year";
  when.textContent = [_("{year}年", {year}), place].filter(Boolean).join(" ");
  const link = document.createElement("a");
  link.href = addressOf(`${base}${address}`);
  link.textContent = title;
  const entry = document.createElement("li");
  entry.append(when, link);
  return entry;
}

/**
 * @param {HTMLElement} section
 * @param {string} selector
 */
function find(section, selector) {
  return /** @type {HTMLElement} */ (section.querySelector(selector));
}

/**
 * @param {string} address
 */
async function load(address) {
  const response = await fetchFile(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}
