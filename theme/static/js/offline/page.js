/**
 * What can be read without a net: the pages that the worker kept. The same page stands in for one that it didn't keep.
 */

import "./index.js";
import {element, find} from "../search/dom.js";
import {_, _n, OWN} from "../site.js";
import {SIZE, cacheNames} from "./caches.js";

const TEXT = {
  count: (/** @type {number} */ count, /** @type {string} */ size) => _n("共 {n} 页，占 {size} MB", count, {size}),
  none: _("还没有存下什么。联网时打开的页会存在这里。"),
  blocked: _("这个浏览器不让网站保存数据，离线读不了。"),
};

const TOOLS = ["offline/", "search/", "shelf/"]; // always there, so that listing them says nothing

const list = find("[data-offline-pages]");
const scope = new URL(list.dataset.offlinePages ?? "/", location.href);
const names = cacheNames(scope.pathname);

find("[data-offline-fallback]").remove();
if (location.pathname !== new URL("offline/", scope).pathname) {
  find("[data-offline-missing]").hidden = false;
  find("[data-offline-lead]").hidden = true;
}
find("[data-offline-clear]").addEventListener("click", async () => {
  await caches.delete(names.pages);
  await show();
  list.setAttribute("tabindex", "-1");
  list.focus();
});
show().catch(() => (find("[data-offline-count]").textContent = TEXT.blocked));

async function show() {
  if (!("caches" in window)) throw new Error("no caches");
  const cache = await caches.open(names.pages);
  const kept = await cache.keys();
  const answers = await Promise.all(kept.map((request) => cache.match(request)));
  const bytes = answers.reduce((sum, answer) => sum + Number(answer?.headers.get(SIZE) ?? 0), 0);
  const pages = (await Promise.all(kept.map(({url}, i) => describe(url, answers[i])))).filter((page) => page !== undefined).reverse();
  find("[data-offline-count]").textContent = pages.length ? TEXT.count(pages.length, (bytes / 1_000_000).toFixed(1)) : TEXT.none;
  find("[data-offline-clear]").hidden = !pages.length;
  list.replaceChildren(
    ...pages.map(({address, title}) => element("li", {}, [element("a", {href: address, ...OWN}, title)])),
  );
}

/**
 * @param {string} address
 * @param {Response | undefined} answer a page; images are kept too but not listed
 */
async function describe(address, answer) {
  if (TOOLS.some((tool) => address === new URL(tool, scope).href)) return undefined;
  if (!answer?.headers.get("content-type")?.startsWith("text/html")) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return {address, title: page.querySelector("h1")?.textContent.trim() || page.title};
}
