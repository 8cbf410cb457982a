/**
 * Full-text search over the slices of an index: words in, documents out. No DOM here.
 *
 * The twin of gongbao/search/engine.py; a test holds the two to the same results in the same order.
 */

import {normalise} from "./query.js";
import {NONE} from "./postings.js";
import {OfflineError, TITLE_SUFFIX, openSlices} from "./slices.js";
import {storyText} from "./story.js";
import {createUnitReader} from "./units.js";

/** @import {Postings} from "./postings.js" */
/** @import {Slot, Unit} from "./units.js" */

const FEW = 10; // more documents than these are told apart by whether they may have the passage in one piece
const MILLION = 1_000_000; // weights are in millionths
const ABOVE_SCORES = 2 ** 50;
const VERIFIED = 60; // best documents whose pages are read for an exact phrase
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
 * @property {number} unread how many of them may not have an exact phrase: their pages couldn't be had without a net
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
  const readUnits = createUnitReader(root, core, slices.readSlice);
  /** @type {Map<string, Postings>} */
  const loaded = new Map();
  /** @type {Map<string, string> | undefined} traditional characters to simplified ones, once needed */
  let variants;
  const {readJson, readSlice} = slices;
  return {search, documents: root.documents, years: root.years, core, isKept: slices.isKept, readJson, readSlice};

  /**
   * The documents that have all parts of a query, or the most if none has all, within the filters.
   *
   * @param {string} text
   * @param {Options} [options]
   * @returns {Promise<Answer>}
   */
  async function search(text, options = {}) {
    const normal = normalise(text);
    const [units, allowed] = await Promise.all([loadUnits(variants ? simplify(normal) : normal), filter(options)]);
    if (!variants && units.some((unit) => unit.slots.some(isUnknownCharacter))) {
      variants = readVariants(await slices.readJson("variants.bin"));
      const simplified = simplify(normal);
      if (simplified !== normal) return search(simplified, options);
    }
    const wanted = units.filter((unit) => !unit.excluded);
    const slots = distinct(wanted.flatMap((unit) => unit.slots));
    for (const unit of units) {
      if (unit.excluded) for (const document of findHolders(unit.slots)) allowed[document] = 0;
    }
    const {found, scores, missing} = match(wanted, slots, allowed);
    const sort = options.sort ?? "relevance";
    const passages = sort === "relevance" ? await findPassages(found, wanted) : new Uint8Array();
    const phrases = wanted.filter((unit) => unit.isPhrase).map((unit) => unit.text);
    const {offset = 0, limit = 10} = options;
    const best = sortFirst(found, passages, scores, {sort, count: phrases.length ? VERIFIED : offset + limit});
    const {holding, unread} = phrases.length ? await verify(best, phrases) : {holding: null, unread: 0};
    const page = (holding ?? best).slice(offset, offset + limit);
    const records = await slices.readRecords(page);
    const results = records.map((record, i) => toResult(record, base, Number(scores[Number(page[i])]), slots.length));
    const documents = holding?.toSorted((a, b) => a - b) ?? found;
    return {total: documents.length, results, missing, words: slots.map(wordOf), documents, unread};
  }

  /** @param {string} text @returns {Promise<Unit[]>} with the postings of all their terms loaded */
  async function loadUnits(text) {
    const units = await readUnits(text);
    await Promise.all(units.flatMap((unit) => unit.slots.flat()).map(loadPostings));
    return units;
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
    for (const {documents} of await Promise.all(terms.map(slices.readPostings))) keep(allowed, documents);
    return allowed;
  }

  /**
   * The allowed documents that have all units, or the most; their scores; the units that not all of them have.
   *
   * @param {Unit[]} units
   * @param {Slot[]} slots
   * @param {Uint8Array} allowed
   * @returns {{found: number[], scores: Float64Array, missing: string[]}}
   */
  function match(units, slots, allowed) {
    const alone = slots.map((slot) => ({text: wordOf(slot), slots: [slot]}));
    for (const parts of units.length ? [units, alone] : [[]]) {
      const holders = parts.map((part) => findHolders(part.slots));
      const {found, most} = findMost(holders, allowed);
      if (!most && units.length) continue;
      const lacking = most === parts.length ? [] : parts.filter((_, i) => !hasAll(holders[i] ?? NONE.documents, found));
      return {found, scores: addWeights(slots, found), missing: lacking.map((part) => part.text)};
    }
    return {found: [], scores: addWeights(slots, []), missing: units.map((unit) => unit.text)};
  }

  /**
   * @param {Slot[]} slots
   * @param {number[]} found
   * @returns {Float64Array} the sum of each found document's weights, by document
   */
  function addWeights(slots, found) {
    const scores = new Float64Array(root.documents);
    const wanted = new Uint8Array(root.documents);
    for (const document of found) wanted[document] = 1;
    for (const slot of slots) {
      const {documents, weightOf} = slotPostings(slot);
      for (let row = 0; row < documents.length; row++) {
        const document = /** @type {number} */ (documents[row]);
        if (wanted[document]) scores[document] = /** @type {number} */ (scores[document]) + weightOf(row);
      }
    }
    return scores;
  }

  /**
   * 1 for each document that may have all passages in one piece; a few documents need no telling apart.
   *
   * @param {number[]} found
   * @param {Unit[]} units
   */
  async function findPassages(found, units) {
    const holders = new Uint8Array(root.documents).fill(1);
    const pairs = new Set(found.length > FEW ? units.flatMap((unit) => unit.pairs) : []);
    for (const documents of await Promise.all([...pairs].map(slices.readPairHolders))) keep(holders, documents);
    return holders;
  }

  /**
   * The documents that have all slots, rising.
   *
   * @param {Slot[]} slots
   * @returns {Int32Array}
   */
  function findHolders(slots) {
    const lists = slots.map((slot) => slotPostings(slot).documents).sort((a, b) => a.length - b.length);
    return lists.slice(1).reduce(intersect, lists[0] ?? NONE.documents);
  }

  /**
   * The documents of any of a slot's terms with the greatest weight; other terms than the first count less.
   *
   * @param {Slot} slot
   * @returns {Postings}
   */
  function slotPostings(slot) {
    if (slot.length === 1) return postingsOf(slot[0] ?? "");
    const name = slot.join("\n");
    const known = loaded.get(name) ?? joinPostings(slot);
    loaded.set(name, known);
    return known;
  }

  /** @param {Slot} slot @returns {Postings} */
  function joinPostings(slot) {
    const best = new Float64Array(root.documents).fill(-1);
    for (const [rank, term] of slot.entries()) {
      const {documents, weightOf} = postingsOf(term);
      for (let row = 0; row < documents.length; row++) {
        const weight = rank ? Math.floor((weightOf(row) * 3) / 4) : weightOf(row);
        best[Number(documents[row])] = Math.max(Number(best[Number(documents[row])]), weight);
      }
    }
    /** @type {number[]} */
    const documents = [];
    for (let i = 0; i < best.length; i++) if (Number(best[i]) >= 0) documents.push(i);
    return {documents: Int32Array.from(documents), weightOf: (row) => Number(best[Number(documents[row])])};
  }

  /** @param {string} term */
  async function loadPostings(term) {
    if (!loaded.has(term)) loaded.set(term, await slices.readPostings(term));
  }

  /** @param {string} term @returns {Postings} */
  function postingsOf(term) {
    return loaded.get(term) ?? NONE;
  }

  /** @param {Slot} slot a character that no article has: perhaps a traditional one */
  function isUnknownCharacter([term = ""]) {
    return [...wordOf([term])].length === 1 && postingsOf(term).documents.length === 0;
  }

  /** @param {string} text */
  function simplify(text) {
    return [...text].map((character) => variants?.get(character) ?? character).join("");
  }

  /**
   * The best documents whose own pages have all phrases, white space aside.
   *
   * @param {number[]} best
   * @param {string[]} phrases
   */
  async function verify(best, phrases) {
    const records = await slices.readRecords(best);
    const texts = await Promise.all(records.map(([address]) => readKeptPage(base + address)));
    const holding = best.filter((_, i) => {
      const page = texts[i];
      const text = squash(simplify(normalise(storyText(page ?? ""))));
      return page === undefined || phrases.every((phrase) => text.includes(squash(phrase)));
    });
    return {holding, unread: texts.filter((page) => page === undefined).length};
  }

  /**
   * An article's page; undefined for one that isn't kept, where the index itself is a kept one.
   *
   * @param {string} url
   */
  async function readKeptPage(url) {
    try {
      return await slices.readPage(url);
    } catch (error) {
      if (slices.isKept && error instanceof OfflineError) return undefined;
      throw error;
    }
  }
}

/** @param {Slot} slot */
function wordOf(slot) {
  return (slot[0] ?? "").replace(TITLE_SUFFIX, "");
}

/** @param {Slot[]} slots */
function distinct(slots) {
  return [...new Map(slots.map((slot) => [slot.join("\n"), slot])).values()];
}

/** @param {string} pairs traditional and simplified characters in turn */
function readVariants(pairs) {
  const characters = [...pairs];
  return new Map(characters.flatMap((one, i) => (i % 2 ? [] : [[one, characters[i + 1] ?? one]])));
}

/** @param {string} text */
function squash(text) {
  return text.replace(/\s+/gu, "");
}

/**
 * The first documents in order, or more: passages first, by score, the newer first on ties; or by date.
 *
 * @param {number[]} found rising, which is from the newest on
 * @param {Uint8Array} passages
 * @param {Float64Array} scores
 * @param {{sort: string, count: number}} options
 */
function sortFirst(found, passages, scores, {sort, count}) {
  if (sort === "newest") return found;
  if (sort === "oldest") return found.toReversed();
  const ranks = new Float64Array(found.length);
  for (let row = 0; row < found.length; row++) {
    const document = Number(found[row]);
    ranks[row] = Number(passages[document]) * ABOVE_SCORES + Number(scores[document]);
  }
  // Sorting numbers is the browser's own; only those that can be among the first are compared here.
  const least = Number(ranks.toSorted().at(-count) ?? -Infinity);
  const first = [];
  for (let row = 0; row < found.length; row++) {
    if (Number(ranks[row]) >= least) first.push({document: Number(found[row]), rank: Number(ranks[row])});
  }
  return first.sort((a, b) => b.rank - a.rank || a.document - b.document).map(({document}) => document);
}

/**
 * Set all flags to 0 but those of some documents.
 *
 * @param {Uint8Array} flags
 * @param {ArrayLike<number>} documents
 */
function keep(flags, documents) {
  const kept = new Uint8Array(flags.length);
  for (let i = 0; i < documents.length; i++) kept[Number(documents[i])] = Number(flags[Number(documents[i])]);
  flags.set(kept);
}

/**
 * The allowed documents that stand in the most lists, and in how many.
 *
 * @param {Int32Array[]} lists
 * @param {Uint8Array} allowed
 */
function findMost(lists, allowed) {
  const counts = new Uint16Array(allowed.length);
  for (const list of lists) for (const document of list) counts[document] = /** @type {number} */ (counts[document]) + 1;
  let most = 0;
  for (let i = 0; i < counts.length; i++) if (allowed[i] && Number(counts[i]) > most) most = Number(counts[i]);
  /** @type {number[]} */
  const found = [];
  for (let i = 0; i < counts.length; i++) if (allowed[i] && counts[i] === most) found.push(i);
  return {found, most};
}

/**
 * What two rising lists both have.
 *
 * @param {Int32Array} few
 * @param {Int32Array} many
 * @returns {Int32Array}
 */
function intersect(few, many) {
  let from = 0;
  return few.filter((document) => {
    let end = many.length;
    while (from < end) {
      const middle = (from + end) >> 1;
      if (/** @type {number} */ (many[middle]) < document) from = middle + 1;
      else end = middle;
    }
    return many[from] === document;
  });
}

/**
 * @param {Int32Array} list
 * @param {number[]} documents
 */
function hasAll(list, documents) {
  const own = new Set(list);
  return documents.every((document) => own.has(document));
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
    score: Math.round((score / MILLION / Math.sqrt(Math.max(words, 1))) * 1000) / 1000,
  };
}
