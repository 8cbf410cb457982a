import assert from "node:assert/strict";
import {test} from "node:test";

import {openIndex} from "../../theme/static/js/search/engine.js";
import {BrokenIndexError, OfflineError, groupOf} from "../../theme/static/js/search/slices.js";

/** @param {Record<string, string>} files */
const serve = (files) => /** @type {typeof fetch} */ (async (address) => {
  const body = files[String(address)];
  return body === undefined ? new Response("", {status: 404}) : new Response(body);
});

test("the public interface", async () => {
  assert.deepEqual(Object.keys(await import("../../theme/static/js/search/engine.js")), ["openIndex"]);
});

test("an index of another format is refused", async () => {
  await assert.rejects(openIndex("/i/", serve({"/i/manifest.json": '{"format": 99}'})), BrokenIndexError);
});

test("a missing index is told apart from a missing network", async () => {
  await assert.rejects(openIndex("/i/", serve({})), BrokenIndexError);
  const offline = /** @type {typeof fetch} */ (() => Promise.reject(new TypeError("offline")));
  await assert.rejects(openIndex("/i/", offline), OfflineError);
});

test("a damaged file gives a message, not a result", async () => {
  for (const manifest of ["not JSON", '{"format": 4, "version": "v"}', '{"format": 4, "version": "v", "root": "bm90IGd6aXA="}']) {
    await assert.rejects(openIndex("/i/", serve({"/i/manifest.json": manifest})), BrokenIndexError);
  }
});

test("groups are counted in characters, not in UTF-16 units", () => {
  assert.equal(groupOf("𠮷野家"), "𠮷野");
});
