/**
 * Suggests with the browser's modules, for tests/test_suggest.py.
 *
 * suggest.mjs FOLDER: reads a JSON array of texts and prints {text: {suggest, meant}}.
 */

import {readFile} from "node:fs/promises";
import {text} from "node:stream/consumers";

import {openIndex} from "../../theme/static/js/search/engine.js";
import {createSuggester} from "../../theme/static/js/search/suggest.js";

/** @type {string[]} */
const names = [];
const index = await openIndex(`${process.argv[2]}/`, async (address) => {
  names.push(String(address).split("/").slice(-2).join("/"));
  return new Response(await readFile(String(address)));
});
/** @type {Record<string, object>} */
const answers = {};
for (const typed of JSON.parse(await text(process.stdin))) {
  const {suggest, didYouMean} = createSuggester(index);
  names.length = 0;
  answers[typed] = {suggest: await suggest(typed), fetched: [...names], meant: await didYouMean(typed)};
}
console.log(JSON.stringify(answers));
