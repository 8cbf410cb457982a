/**
 * The button that keeps the whole search index in this browser: its size is told first, nothing is fetched unasked.
 */

import {find} from "../search/dom.js";
import {_} from "../site.js";
import {KEPT, cacheNames, findKeptIndex, keptAddress} from "./caches.js";

const AT_ONCE = 6;
const TEXT = {
  offer: (/** @type {string} */ size) => _("把整个检索索引存在这台设备上，没有网络也能检索。要下载 {size}。", {size}),
  saving: (/** @type {string} */ done, /** @type {string} */ size) => _("正在保存：{done}，共 {size}", {done, size}),
  kept: (/** @type {string} */ size) => _("检索索引已存在这台设备上，没有网络也能检索。占 {size}。", {size}),
  older: (/** @type {string} */ size) => _("存下来的检索索引不是最新的。更新要下载 {size}。", {size}),
  failed: _("没有存完：网络断了，或者这台设备空间不够。再点一次，从断处接着存。"),
  keep: _("供离线检索保存"),
  update: _("更新"),
  offline: _("没有网络，也还没有存下检索索引。"),
};

const section = document.querySelector("[data-offline-index]");
if (section instanceof HTMLElement && "caches" in window && "serviceWorker" in navigator) {
  showIndex(section).catch(() => {}); // storage is blocked: nothing is offered
}

/** @param {HTMLElement} section */
async function showIndex(section) {
  const scope = new URL(section.dataset.offlineIndex ?? "/", location.href);
  const names = cacheNames(scope.pathname);
  const state = await caches.open(names.state);
  const [status, keep, drop] = [find("[data-offline-state]"), find("[data-offline-keep]"), find("[data-offline-drop]")];
  const bar = /** @type {HTMLProgressElement} */ (find("[data-offline-progress]"));
  keep.addEventListener("click", () => save());
  drop.addEventListener("click", async () => {
    const kept = await findKeptIndex(state, scope);
    await state.delete(keptAddress(scope));
    await caches.delete(names.index(String(kept?.version)));
    await show();
    keep.focus(); // the button that was pressed is gone
  });
  section.hidden = false;
  await show();

  async function show() {
    const [kept, latest] = await Promise.all([findKeptIndex(state, scope), findLatest(scope)]);
    const isOld = kept && latest && latest.manifest.version !== kept.version;
    keep.hidden = !latest || Boolean(kept && !isOld);
    keep.textContent = kept ? TEXT.update : TEXT.keep;
    drop.hidden = !kept;
    if (isOld) status.textContent = TEXT.older(inWords(latest.bytes));
    else if (kept) status.textContent = TEXT.kept(inWords(kept.bytes));
    else status.textContent = latest ? TEXT.offer(inWords(latest.bytes)) : TEXT.offline;
  }

  async function save() {
    const [latest, kept] = await Promise.all([findLatest(scope), findKeptIndex(state, scope)]);
    if (!latest) return show();
    const {manifest, sizes, bytes} = latest;
    keep.hidden = true;
    bar.hidden = false;
    bar.max = bytes;
    bar.value = 0;
    try {
      await navigator.storage?.persist?.(); // or the browser may drop it when room is short
      const cache = await caches.open(names.index(manifest.version));
      await fetchAll(Object.keys(sizes), new URL(`search-index/${manifest.version}/`, scope), cache, (name) => {
        bar.value += Number(sizes[name]);
        status.textContent = TEXT.saving(inWords(bar.value), inWords(bytes));
      });
      await state.put(keptAddress(scope), Response.json({...manifest, bytes}));
      if (kept && kept.version !== manifest.version) await caches.delete(names.index(kept.version));
      await show();
    } catch {
      status.textContent = TEXT.failed;
      keep.hidden = false;
    }
    bar.hidden = true;
    (keep.hidden ? drop : keep).focus();
  }
}

/**
 * The index that the net has now, with the sizes of its files; undefined without a net.
 *
 * @param {URL} scope
 * @returns {Promise<{manifest: {version: string}, sizes: Record<string, number>, bytes: number} | undefined>}
 */
async function findLatest(scope) {
  try {
    const answer = await fetch(new URL("search-index/manifest.json", scope), {cache: "no-cache"});
    if (answer.headers.has(KEPT)) return undefined;
    const manifest = await answer.json();
    const sizes = await (await fetch(new URL(`search-index/${manifest.version}/files.json`, scope))).json();
    const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    return {manifest, sizes, bytes};
  } catch {
    return undefined;
  }
}

/**
 * Fetch files that aren't there yet, a few side by side.
 *
 * @param {string[]} files
 * @param {URL} folder
 * @param {Cache} cache
 * @param {(name: string) => void} report
 */
async function fetchAll(files, folder, cache, report) {
  const waiting = files.values();
  const work = async () => {
    for (const name of waiting) {
      const address = new URL(name, folder).href;
      if (!(await cache.match(address))) await cache.add(address);
      report(name);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, work));
}

/** @param {number} bytes */
function inWords(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
