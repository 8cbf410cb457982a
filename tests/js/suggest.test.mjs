import assert from "node:assert/strict";
import {test} from "node:test";

import {beginsLike, createSuggester, isOneSlipAway} from "../../theme/static/js/search/suggest.js";

for (const letters of ["", "g", "gong", "gongh", "gonghui", "gh", "ghui", "gohu"]) {
  test(`${letters} begins gong hui`, () => assert.ok(beginsLike(["gong", "hui"], letters)));
}

for (const letters of ["h", "gg", "gonghuix", "gonghi", "onghui"]) {
  test(`${letters} doesn't begin gong hui`, () => assert.ok(!beginsLike(["gong", "hui"], letters)));
}

for (const [typed, isSlip] of /** @type {[string, boolean][]} */ ([
  ["gonghui", true],
  ["gonghhui", true],
  ["gonhui", true],
  ["gonghiu", true],
  ["gonghuo", true],
  ["gonguhi", true],
  ["gongui", true],
  ["gonghhuii", false],
  ["gnoguhi", false],
  ["", false],
])) {
  test(`${typed || "nothing"} is ${isSlip ? "" : "not "}one slip away from gonghui`, () =>
    assert.equal(isOneSlipAway("gonghui", typed), isSlip));
}

/**
 * Slips of random words, found by the slow way: every deletion, change, insertion and swap.
 *
 * @param {string} word
 */
function slipsOf(word) {
  const made = new Set([word]);
  for (let at = 0; at <= word.length; at++) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    made.add(head + tail.slice(1));
    if (tail.length > 1) made.add(`${head}${tail[1]}${tail[0]}${tail.slice(2)}`);
    for (const letter of "ab") made.add(head + letter + tail).add(at < word.length ? head + letter + tail.slice(1) : word);
  }
  return made;
}

test("a slip is one deletion, change, insertion or swap, and nothing else", () => {
  const words = [""];
  for (let at = 0; words.length < 127; at++) words.push(`${words[at]}a`, `${words[at]}b`);
  for (const word of words) {
    const slips = slipsOf(word);
    for (const other of words) assert.equal(isOneSlipAway(word, other), slips.has(other), `${word} ${other}`);
  }
});

test("a file that couldn't be fetched is asked for again", async () => {
  let tries = 0;
  const index = /** @type {any} */ ({
    search: async () => ({total: 0, results: [], missing: [], words: []}),
    /** @param {string} name */
    readJson: async (name) => {
      if (tries++ === 0) throw new Error("offline");
      return name === "y/keys.bin" ? "go" : {工会: "gong hui"};
    },
  });
  const {suggest} = createSuggester(index);
  await assert.rejects(suggest("gongh"));
  assert.deepEqual(await suggest("gongh"), [{text: "工会", kind: "word"}]);
});
