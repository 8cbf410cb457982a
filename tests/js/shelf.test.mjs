import assert from "node:assert/strict";
import {test} from "node:test";

import {exportEntries} from "../../theme/static/js/shelf/export.js";
import {openShelf} from "../../theme/static/js/shelf/store.js";

/** @param {Record<string, string>} [values] */
function memory(values = {}) {
  return {
    getItem: (/** @type {string} */ key) => values[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void (values[key] = value),
  };
}

/** @param {string} slug */
function entry(slug, base = "") {
  const address = `${base}/articles/2020/${slug}/`;
  return {address, title: slug, about: "2020年", text: `${slug}[N].`, bibtex: `@misc{${slug},\n}`, ris: "TY  - NEWS\nER  - "};
}

test("what was added last stands first, and once", () => {
  const storage = memory();
  const shelf = openShelf(() => storage, "");
  for (const slug of ["a", "b", "a"]) assert.ok(shelf.add(entry(slug)));
  assert.deepEqual(shelf.list()?.map(({title}) => title), ["a", "b"]);
  assert.ok(shelf.has("/articles/2020/b/"));
});

test("removed entries are gone, and can be put back", () => {
  const storage = memory();
  const shelf = openShelf(() => storage, "");
  shelf.add(entry("a"));
  const before = shelf.list() ?? [];
  shelf.remove("/articles/2020/a/");
  assert.deepEqual(shelf.list(), []);
  shelf.replace(before);
  assert.deepEqual(shelf.list(), [entry("a")]);
});

test("two archives of one host keep two lists", () => {
  const storage = memory();
  openShelf(() => storage, "/one").add(entry("a", "/one"));
  assert.deepEqual(openShelf(() => storage, "/two").list(), []);
  assert.equal(openShelf(() => storage, "/one").list()?.length, 1);
});

test("storage that is blocked or full is said, not thrown", () => {
  const blocked = openShelf(() => {
    throw new Error("SecurityError");
  }, "");
  assert.equal(blocked.list(), null);
  assert.equal(blocked.has("/articles/2020/a/"), false);
  assert.equal(blocked.add(entry("a")), false);
  const full = openShelf(() => ({...memory(), setItem: () => { throw new Error("QuotaExceededError"); }}), "");
  assert.equal(full.add(entry("a")), false);
});

for (const [why, text] of Object.entries({
  "no JSON": "{",
  "no list": '{"a": 1}',
  "no entries": '[null, 3, {"address": "/articles/2020/a/"}]',
  "address of a script": JSON.stringify([{...entry("a"), address: "javascript:alert(1)"}]),
  "address of another host": JSON.stringify([{...entry("a"), address: "//evil.example/articles/"}]),
})) {
  test(`what isn't an entry is left out: ${why}`, () => {
    assert.deepEqual(openShelf(() => memory({"gongbao-shelf:/": text}), "").list(), []);
  });
}

test("exports", () => {
  const entries = [entry("a"), entry("b")];
  assert.equal(exportEntries(entries, "text").text, "[1] a[N].\n[2] b[N].\n");
  assert.equal(exportEntries(entries, "bibtex").text, "@misc{a,\n}\n\n@misc{b,\n}\n");
  assert.equal(exportEntries(entries, "ris").text, "TY  - NEWS\r\nER  - \r\n\r\nTY  - NEWS\r\nER  - \r\n");
  assert.equal(exportEntries(entries, "ris").name, "shoucang.ris");
});
