import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {test} from "node:test";

import {cutRun, findRuns, normalise, parseQuery} from "../../theme/static/js/search/query.js";

/** @param {string} name */
const cases = async (name) => JSON.parse(await readFile(new URL(`../data/${name}.json`, import.meta.url), "utf8"));

for (const {text, normal, why} of await cases("normalise")) {
  test(`normalise: ${why}`, () => assert.equal(normalise(text), normal));
}

for (const {text, runs, why} of await cases("runs")) {
  test(`runs: ${why}`, () => {
    const found = findRuns(text).map(({characters, isHan}) => [characters.join(""), isHan]);
    assert.deepEqual(found, runs);
  });
}

for (const {run, costs, words, why} of await cases("cut")) {
  test(`cut: ${why}`, () => {
    assert.deepEqual(cutRun([...run], (word) => costs[word], {longest: 4, singleCost: 15000}), words);
  });
}

for (const {text, parts, why} of await cases("queries")) {
  test(`query: ${why}`, () => {
    assert.deepEqual(parseQuery(text).map((part) => [part.kind, part.text, part.excluded]), parts);
  });
}
