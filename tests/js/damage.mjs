/**
 * Damages an index file by file and asks it a query: damage.mjs FOLDER QUERY prints {tried, refused, wrong}.
 */

import {readFile, readdir} from "node:fs/promises";
import {join} from "node:path";

import {openIndex} from "../../theme/static/js/search/engine.js";
import {BrokenIndexError} from "../../theme/static/js/search/slices.js";

const [folder, query] = [String(process.argv[2]), String(process.argv[3])];
const names = (await readdir(folder, {recursive: true})).filter((name) => /\.(bin|json)$/.test(name));

/** The files that the query reads; what is damaged elsewhere can't change its answer. @type {Set<string>} */
const read = new Set();

/** @param {(name: string, data: Buffer) => Buffer} damage */
const ask = async (damage) => {
  const index = await openIndex(`${folder}/`, async (address) => {
    const path = String(address);
    read.add(path);
    return new Response(new Uint8Array(damage(path, await readFile(path))));
  });
  return (await index.search(query)).results.map(({url}) => url);
};

const right = JSON.stringify(await ask((_, data) => data));
/** @type {{tried: number, refused: number, wrong: string[]}} */
const report = {tried: 0, refused: 0, wrong: []};
let seed = 1;
const random = (/** @type {number} */ below) => (seed = (seed * 48271) % 2147483647) % below;

for (const name of names.filter((name) => read.has(join(folder, name)))) {
  for (let round = 0; round < 50; round++) {
    const damage = (/** @type {string} */ path, /** @type {Buffer} */ data) => {
      if (path !== join(folder, name)) return data;
      if (round % 2) return data.subarray(0, random(data.length));
      const copy = Buffer.from(data);
      copy[random(copy.length)] = random(256);
      return copy;
    };
    report.tried++;
    try {
      const answer = JSON.stringify(await ask(damage));
      if (answer !== right) report.wrong.push(`${name} round ${round}: ${answer}`);
    } catch (error) {
      if (error instanceof BrokenIndexError) report.refused++;
      else report.wrong.push(`${name} round ${round}: ${error}`);
    }
  }
}
console.log(JSON.stringify(report));
