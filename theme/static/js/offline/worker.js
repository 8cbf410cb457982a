/**
 * The service worker: without a net it gives what was read before. While the net answers it never gives anything older.
 *
 * gongbao/offline/worker.py joins this and what it imports to /sw.js, with the settings before it.
 */

import {KEPT, SIZE, cacheNames, findKeptIndex} from "./caches.js";

const PATIENCE = 4000; // milliseconds for the net, when an older copy is there
const MOST_PAGES = 300;
const MOST_BYTES = 30_000_000;
const MOST_LOOSE = 1500; // files of an index that the reader hasn't asked to keep
const OFFLINE_PAGE = "offline/";
const VERSION_FOLDER = /^search-index\/([0-9a-f]{12})\//;
const ASSETS = /^theme\/v\/[0-9a-f]{12}\//;

const worker = /** @type {any} */ (self);
/** @type {{version: string, files: string[]}} */
const settings = worker.GONGBAO;
const scope = new URL(worker.registration.scope);
const names = cacheNames(scope.pathname);

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("message", (/** @type {any} */ event) => {
  const address = new URL(String(event.data?.keep ?? ""), scope);
  if (address.href.startsWith(scope.href)) event.waitUntil(fetch(address.href).then((answer) => keepPage(address.href, answer)));
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const {url, method} = /** @type {Request} */ (event.request);
  if (method !== "GET" || !url.startsWith(scope.href)) return;
  const answer = choose(event, plain(url).slice(scope.href.length));
  if (answer) event.respondWith(answer);
});

/**
 * @param {any} event
 * @param {string} path below the site's own
 * @returns {Promise<Response> | undefined} undefined for what a browser does without us: feeds, downloads
 */
function choose(event, path) {
  /** @type {Request} */
  const request = event.request;
  if (path.startsWith("admin/")) return undefined; // editors work with what their repository has now
  const version = VERSION_FOLDER.exec(path)?.[1];
  if (version) return indexFile(event, version);
  if (path === "search-index/manifest.json") return manifest(event);
  if (ASSETS.test(path)) return asset(event, path);
  if (path.startsWith("theme/")) return fresh(event, findPrecached, leave);
  if (request.mode === "navigate") return page(event);
  if (request.destination === "image") return fresh(event, findPage, keepPage);
  if (path.endsWith("/")) return fresh(event, findPage, leave); // an article that an excerpt is cut from isn't read yet
  return undefined;
}

/**
 * The net's answer; what is kept, if there is none or it takes too long.
 *
 * @param {any} event
 * @param {(address: string) => Promise<Response | undefined>} find
 * @param {(address: string, answer: Response) => Promise<void>} keep
 * @returns {Promise<Response>}
 */
async function fresh(event, find, keep) {
  const address = plain(event.request.url);
  /** @type {Promise<Response>} */
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => keep(address, answer.clone())).catch(() => {}));
  const soon = await Promise.race([asked.catch(() => undefined), pause(PATIENCE)]);
  return soon ?? (await find(address)) ?? asked;
}

/**
 * A style or script, whose address says its content. A page that was kept while the site had others gets today's,
 * where there is no net or its host has them no more.
 *
 * @param {any} event
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function asset(event, path) {
  const kept = await findPrecached(plain(event.request.url));
  if (kept) return kept;
  const answer = await fetch(event.request).catch(() => undefined);
  if (answer?.ok) return answer;
  const name = path.replace(ASSETS, "");
  const today = settings.files.find((file) => file.replace(ASSETS, "") === name && file !== name);
  return (today && (await findPrecached(new URL(today, scope).href))) || answer || Response.error();
}

/** @param {any} event @returns {Promise<Response>} */
async function page(event) {
  try {
    return await fresh(event, findPage, keepPage);
  } catch (error) {
    const offline = await findPrecached(new URL(OFFLINE_PAGE, scope).href);
    if (!offline) throw error;
    return new Response(offline.body, {status: 503, headers: offline.headers});
  }
}

/**
 * Which index is searched: the net's, or the one that the reader kept as a whole, or the last one seen.
 *
 * @param {any} event
 * @returns {Promise<Response>}
 */
function manifest(event) {
  return fresh(event, findManifest, keepManifest);
}

/** @param {string} address */
async function findManifest(address) {
  const state = await caches.open(names.state);
  const last = await state.match(address);
  const whole = await findKeptIndex(state, scope);
  if (!last && !whole) return undefined;
  const headers = {"content-type": "application/json", [KEPT]: whole ? "whole" : "part"};
  return new Response(JSON.stringify(whole ?? (await last?.json())), {headers});
}

/**
 * @param {string} address
 * @param {Response} answer
 */
async function keepManifest(address, answer) {
  if (!isWhole(answer)) return;
  const state = await caches.open(names.state);
  const before = (await (await state.match(address))?.json())?.version;
  const {version} = await answer.clone().json();
  await state.put(address, answer);
  // Pages that are open may go on asking for the version before this one.
  if (before !== version) await dropIndexes([version, before]);
}

/**
 * A file of the index, whose address says its content: asked for once.
 *
 * @param {any} event
 * @param {string} version
 */
async function indexFile(event, version) {
  const cache = await caches.open(names.index(version));
  const kept = await cache.match(event.request.url);
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (isWhole(answer)) event.waitUntil(cache.put(event.request.url, answer.clone()).catch(() => {}));
  return answer;
}

/** @param {string[]} used versions; all others go, but the one that the reader keeps */
async function dropIndexes(used) {
  const state = await caches.open(names.state);
  const whole = (await findKeptIndex(state, scope))?.version;
  const staying = new Set([...used, whole].map((version) => names.index(String(version))));
  for (const name of await caches.keys()) {
    if (name.startsWith(names.index("")) && !staying.has(name)) await caches.delete(name);
  }
  for (const version of used.filter((one) => one && one !== whole)) await trimLoose(version);
}

/** @param {string} version */
async function trimLoose(version) {
  if (!(await caches.has(names.index(version)))) return;
  const cache = await caches.open(names.index(version));
  const files = await cache.keys();
  for (const file of files.slice(0, Math.max(0, files.length - MOST_LOOSE))) await cache.delete(file);
}

/**
 * Keep a page as the one read last; those read longest ago make room.
 *
 * @param {string} address
 * @param {Response} answer
 */
async function keepPage(address, answer) {
  if (!isWhole(answer) || answer.redirected) return;
  const body = await answer.arrayBuffer();
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding"); // the body is unpacked already
  headers.set(SIZE, String(body.byteLength));
  const cache = await caches.open(names.pages);
  await cache.delete(plain(address));
  await cache.put(plain(address), new Response(body, {headers}));
  await trimPages(cache);
}

/** @param {Cache} cache */
async function trimPages(cache) {
  const pages = await cache.keys(); // in the order in which they were put there
  const sizes = await Promise.all(pages.map(async (one) => Number((await cache.match(one))?.headers.get(SIZE) ?? 0)));
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 0; i < pages.length - 1 && (pages.length - i > MOST_PAGES || bytes > MOST_BYTES); i++) {
    await cache.delete(/** @type {Request} */ (pages[i]));
    bytes -= Number(sizes[i]);
  }
}

/** @param {string} address */
async function findPage(address) {
  return (await (await caches.open(names.pages)).match(address)) ?? findPrecached(address);
}

/** @param {string} address */
async function findPrecached(address) {
  return (await caches.open(names.theme(settings.version))).match(address);
}

async function leave() {}

async function install() {
  const cache = await caches.open(names.theme(settings.version));
  await cache.addAll(settings.files.map((file) => new Request(new URL(file, scope), {cache: "no-cache"})));
  await worker.skipWaiting(); // pages ask the net first, so that open ones don't mind
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(names.theme("")) && name !== names.theme(settings.version)) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** @param {Response} answer */
function isWhole(answer) {
  return answer.status === 200 && answer.type === "basic";
}

/** Pages are files: what stands behind ? and # is for scripts. @param {string} address */
function plain(address) {
  return address.replace(/[?#].*$/s, "");
}

/** @param {number} milliseconds @returns {Promise<undefined>} */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
