/**
 * The page of the reader's own list: shows it, exports it, takes entries out and puts them back.
 */

import {_, _n, OWN} from "../site.js";
import {addressOf} from "../source.js";
import {offerText} from "./download.js";
import {exportEntries} from "./export.js";
import {openShelf} from "./store.js";

/** @typedef {import("./store.js").Entry} Entry */

const TEXT = {
  count: (/** @type {number} */ count) => _n("共 {n} 篇", count),
  empty: _("还没有收藏。在报道的标题下点“收藏”，就会列在这里。"),
  blocked: _("浏览器不让网站保存数据，收藏用不了。可以在浏览器设置里允许本站保存数据。"),
  remove: _("移除"),
  removeOne: (/** @type {string} */ title) => _("移除《{title}》", {title}),
  done: (/** @type {string} */ done, /** @type {string} */ status) =>
    status ? _("{done}，{status}", {done, status}) : _("{done}。", {done}),
  removed: (/** @type {number} */ count) => _n("已移除 {n} 篇", count),
};

const root = find("[data-shelf]");
const shelf = openShelf(() => localStorage, root.dataset.shelf ?? "");
/** @type {Entry[] | null} what undoing brings back */
let before = null;

find("[data-shelf-fallback]").remove();
find("[data-shelf-clear]").addEventListener("click", () => change([]));
find("[data-shelf-undo]").addEventListener("click", () => {
  if (before) shelf.replace(before);
  before = null;
  show();
  focusList();
});
for (const button of root.querySelectorAll("[data-export]")) {
  button.addEventListener("click", () => {
    const format = /** @type {import("./export.js").Format} */ (button.getAttribute("data-export"));
    const {name, type, text} = exportEntries(shelf.list() ?? [], format);
    offerText(name, type, text);
  });
}
addEventListener("storage", () => show());
addEventListener("pageshow", () => show());
show();

/** @param {Entry[]} entries what is to stay */
function change(entries) {
  const old = shelf.list() ?? [];
  if (!shelf.replace(entries)) return;
  before = old;
  show(TEXT.removed(old.length - entries.length));
  find("[data-shelf-undo]").focus(); // the button that was pressed is gone
}

/** @param {string} [message] */
function show(message) {
  const entries = shelf.list();
  const status = entries === null ? TEXT.blocked : entries.length ? TEXT.count(entries.length) : TEXT.empty;
  find("[data-shelf-status]").textContent = message ? TEXT.done(message, entries?.length ? status : "") : status;
  find("[data-shelf-tools]").hidden = !entries?.length;
  find("[data-shelf-undo]").hidden = !before;
  find("[data-shelf-list]").replaceChildren(...(entries ?? []).map(item));
}

/** @param {Entry} entry */
function item(entry) {
  const link = element("a", "", entry.title);
  link.setAttribute("href", addressOf(entry.address));
  const title = element("h2", "entry-title", link);
  const cite = element("p", "shelf-cite", entry.text);
  for (const own of [title, cite]) Object.assign(own, OWN);
  const button = element("button", "shelf-remove", TEXT.remove);
  button.setAttribute("type", "button");
  button.setAttribute("aria-label", TEXT.removeOne(entry.title));
  button.addEventListener("click", () => {
    change((shelf.list() ?? []).filter((other) => other.address !== entry.address));
  });
  const made = element("li", "entry");
  made.append(title, element("p", "entry-meta", entry.about), cite, button);
  return made;
}

function focusList() {
  const first = root.querySelector("[data-shelf-list] a");
  if (first instanceof HTMLElement) first.focus();
}

/**
 * @param {string} name
 * @param {string} className
 * @param {...(string | Node)} content
 */
function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** @param {string} selector */
function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}
