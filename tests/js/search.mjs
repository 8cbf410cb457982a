/**
 * Answers queries with the browser's engine, for tests/test_search_engines.py.
 *
 * search.mjs FOLDER: reads a JSON array of {text, options} and prints a JSON array of answers.
 */

import {readFile} from "node:fs/promises";
import {text} from "node:stream/consumers";

import {openIndex} from "../../theme/static/js/search/engine.js";

const folder = String(process.argv[2]);
const index = await openIndex(`${folder}/`, async (address) => {
  const path = String(address);
  return new Response(await readFile(path.endsWith("/") ? `${path}index.html` : path));
});
const answers = [];
for (const {text: query, options} of JSON.parse(await text(process.stdin))) {
  answers.push(await index.search(query, options));
}
console.log(JSON.stringify(answers));
