/**
 * The worker of an archive that keeps nothing any more: it takes away what an earlier one left, and then itself.
 */

import {cacheNames} from "./caches.js";

const worker = /** @type {any} */ (self);
const {own} = cacheNames(new URL(worker.registration.scope).pathname);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name.startsWith(own)) await caches.delete(name);
  }
  await worker.registration.unregister();
}
