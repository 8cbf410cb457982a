/**
 * Answers queries with lunr.js itself: lunr.mjs INDEX.json reads a JSON array of arrays of words and prints, for each,
 * what has all words, as [ref, score] rows.
 */

import {readFile} from "node:fs/promises";
import {text} from "node:stream/consumers";

import lunr from "lunr";

const index = lunr.Index.load(JSON.parse(await readFile(String(process.argv[2]), "utf8")));
const answers = JSON.parse(await text(process.stdin)).map((/** @type {string[]} */ words) =>
  index
    .query((query) => {
      for (const word of words) query.term(word, {presence: lunr.Query.presence.REQUIRED, usePipeline: false});
    })
    .map(({ref, score}) => [ref, score]),
);
console.log(JSON.stringify(answers));
