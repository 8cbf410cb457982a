/**
 * Full-text search over the slices of an index: words in, documents out. No DOM here.
 *
 * The twin of gongbao/search/engine.py; a test holds the two to the same results in the same order.
 */

import {cutRun, findRuns, normalise} from "./query.js";
import {groupOf, openSlices} from "./slices.js";

/** @import {Postings} from "./slices.js" */

const SHORT_RUN = 6; // characters
const FACETS = {region: "\x01r", campaign: "\x01c", paper: "\x01p"};

/**
 * @typedef {object} Options
 * @property {string} [region] administrative code; holds the places inside it
 * @property {string} [campaign] id
 * @property {string} [paper] id
 * @property {number | string} [from] first year
 * @property {number | string} [to] last year
 * @property {"relevance" | "newest" | "oldest"} [sort]
 * @property {number} [offset]
 * @property {number} [limit]
 *
 * @typedef {object} Result
 * @property {string} url
 * @property {string} title
 * @property {string} date as precise as it is known
 * @property {{code: string, name: string}[]} regions
 * @property {{id: string, name: string}[]} campaigns
 * @property {string} paper
 * @property {string} summary
 * @property {number} score
 *
 * @typedef {object} Answer
 * @property {number} total
 * @property {Result[]} results
 * @property {string[]} missing words that no result, or not every one, has
 * @property {string[]} words what the query was cut into
 * @property {number[]} documents the numbers of all that were found, rising from the newest
 */

/**
 * Open the index of a built site.
 *
 * @param {string} address the folder search-index/, with a slash at its end
 * @param {typeof fetch} [get]
 */
export async function openIndex(address, get = (...request) => fetch(...request)) {
  const slices = await openSlices(address, get);
  const {root, core} = slices;
  const base = address.replace(/\/search-index\/$/, "");
  return {search, documents: root.documents, years: root.years, readJson: slices.readJson};

  /**
   * The documents that have all words of a text, or the most if none has all, within the filters.
   *
   * @param {string} text
   * @param {Options} [options]
   * @returns {Promise<Answer>}
   */
  async function search(text, options = {}) {
    const [units, allowed] = await Promise.all([cut(text), filter(options)]);
    const words = [...new Set(units.flat())];
    const {found, scores, missing} = await match(units, words, allowed);
    const order = sortFound(found, scores, options.sort ?? "relevance");
    const offset = options.offset ?? 0;
    const page = order.slice(offset, offset + (options.limit ?? 10));
    const records = await slices.readRecords(page);
    const results = records.map((record, i) => toResult(record, base, Number(scores[Number(page[i])]), words.length));
    return {total: found.length, results, missing, words, documents: found};
  }

  /**
   * The distinct dictionary words of each part of a query; its parts stand between white space.
   *
   * @param {string} text
   * @returns {Promise<string[][]>}
   */
  async function cut(text) {
    const parts = normalise(text).split(/\s+/).map(findRuns).filter((runs) => runs.length);
    const lexicon = await readLexicon(parts.flat().filter((run) => run.isHan).map((run) => run.characters));
    const pieceCost = () => root.pieceCost;
    const units = parts.map((runs) => [
      ...new Set(
        runs.flatMap(({characters, isHan}) =>
          isHan
            ? cutHan(characters, lexicon)
            : cutRun(characters, pieceCost, {longest: root.longestPiece, singleCost: root.pieceCost}),
        ),
      ),
    ]);
    return [...new Map(units.map((unit) => [unit.join("\n"), unit])).values()];
  }

  /**
   * @param {string[]} characters
   * @param {Map<string, number>} lexicon the costs of words that the core doesn't have
   */
  function cutHan(characters, lexicon) {
    /** @param {string} word */
    const cost = (word) => core.get(word)?.cost ?? lexicon.get(word);
    return cutRun(characters, cost, {longest: root.longest, singleCost: root.rareCost});
  }

  /**
   * The costs of the words that may begin in the runs and are not in the core.
   *
   * @param {string[][]} runs
   * @returns {Promise<Map<string, number>>}
   */
  async function readLexicon(runs) {
    const groups = new Set(runs.flatMap(groupsToRead));
    const found = new Map();
    const loaded = await Promise.all([...groups].map((group) => slices.readSlice(group)));
    for (const slice of new Set(loaded)) {
      for (const [term, entry] of slice) if (groups.has(groupOf(term)) && [...term].length > 1) found.set(term, entry.cost);
    }
    return found;
  }

  /**
   * Where words may begin that the core doesn't have: everywhere, or in a long run where the core has no word.
   *
   * Any cut into known words finds every document that has the run's text (DESIGN.md), so a longer word missed below
   * a core word costs no result.
   *
   * @param {string[]} run
   * @returns {string[]}
   */
  function groupsToRead(run) {
    const pairs = run.slice(0, -1).map((character, i) => character + run[i + 1]);
    if (run.length <= SHORT_RUN) return pairs;
    let start = 0;
    return cutHan(run, new Map()).flatMap((word) => {
      const size = [...word].length;
      const pair = pairs[start];
      start += size;
      return size === 1 && pair !== undefined ? [pair] : [];
    });
  }

  /**
   * Which documents the filters let through.
   *
   * @param {Options} options
   * @returns {Promise<Uint8Array>} 1 for each such document
   */
  async function filter(options) {
    const from = options.from ? Number(options.from) : -Infinity;
    const to = options.to ? Number(options.to) : Infinity;
    const allowed = new Uint8Array(root.documents);
    for (const [year, first, end] of root.years) if (year >= from && year <= to) allowed.fill(1, first, end);
    const terms = Object.entries(FACETS).flatMap(([name, prefix]) => {
      const value = options[/** @type {keyof typeof FACETS} */ (name)];
      return value ? [prefix + value] : [];
    });
    for (const {documents} of await Promise.all(terms.map(slices.readPostings))) {
      const holders = new Uint8Array(root.documents);
      for (const document of documents) holders[document] = 1;
      for (let i = 0; i < allowed.length; i++) allowed[i] = Number(allowed[i]) & Number(holders[i]);
    }
    return allowed;
  }

  /**
   * @param {string[][]} units
   * @param {string[]} words
   * @param {Uint8Array} allowed
   * @returns {Promise<{found: number[], scores: Int32Array, missing: string[]}>}
   */
  async function match(units, words, allowed) {
    const scores = new Int32Array(root.documents);
    /** @type {Map<string, Postings>} */
    const postings = new Map();
    for (const [i, own] of (await Promise.all(words.map(slices.readPostings))).entries()) {
      postings.set(words[i] ?? "", own);
      own.documents.forEach((document, at) => (scores[document] = Number(scores[document]) + Number(own.weights[at])));
    }
    for (const parts of [units, words.map((word) => [word])]) {
      const holders = parts.map((part) => findHolders(part, postings, root.documents));
      const matched = new Uint16Array(root.documents);
      for (const holder of holders) for (let i = 0; i < matched.length; i++) matched[i] = Number(matched[i]) + Number(holder[i]);
      let most = 0;
      allowed.forEach((yes, i) => (most = yes ? Math.max(most, Number(matched[i])) : most));
      if (most || !parts.length) {
        /** @type {number[]} */
        const found = [];
        allowed.forEach((yes, i) => yes && matched[i] === most && found.push(i));
        const lacking = parts.filter((_, i) => found.some((document) => !holders[i]?.[document]));
        return {found, scores, missing: lacking.map((part) => part.join(""))};
      }
    }
    return {found: [], scores, missing: units.map((unit) => unit.join(""))};
  }
}

/**
 * 1 for each document that has all words of a part.
 *
 * @param {string[]} part
 * @param {Map<string, Postings>} postings
 * @param {number} documents
 */
function findHolders(part, postings, documents) {
  const counts = new Uint16Array(documents);
  for (const word of part) for (const document of postings.get(word)?.documents ?? []) counts[document] = Number(counts[document]) + 1;
  return counts.map((count) => Number(count === part.length));
}

/**
 * Documents rise from the newest: by score with the newer first on ties, or by date.
 *
 * @param {number[]} found
 * @param {Int32Array} scores
 * @param {string} sort
 */
function sortFound(found, scores, sort) {
  if (sort === "newest") return found;
  if (sort === "oldest") return found.toReversed();
  return found.toSorted((a, b) => Number(scores[b]) - Number(scores[a]) || a - b);
}

/**
 * @param {any} record
 * @param {string} base
 * @param {number} score
 * @param {number} words
 * @returns {Result}
 */
function toResult([address, title, date, regions, campaigns, paper, summary], base, score, words) {
  return {
    url: base + address,
    title,
    date,
    regions: regions.map((/** @type {string[]} */ [code, name]) => ({code, name})),
    campaigns: campaigns.map((/** @type {string[]} */ [id, name]) => ({id, name})),
    paper,
    summary,
    score: Math.round((score / 1000 / Math.sqrt(Math.max(words, 1))) * 1000) / 1000,
  };
}
