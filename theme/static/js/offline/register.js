/**
 * Starts the worker that keeps what is read, once the page itself is there.
 */

/** @param {string} manifest address of the web app's manifest, beside which the worker lies */
export async function registerWorker(manifest) {
  const isNew = !navigator.serviceWorker.controller;
  try {
    await navigator.serviceWorker.register(new URL("sw.js", manifest), {updateViaCache: "none"});
    const {active} = await navigator.serviceWorker.ready;
    if (isNew) active?.postMessage({keep: location.href}); // this page came before there was a worker
  } catch {
    // No room, or storage is blocked: the archive reads as ever, with a net.
  }
}
