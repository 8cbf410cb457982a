/**
 * Full-text search over the slices of an index: words in, documents out. No DOM here.
 *
 * The twin of gongbao/search/engine.py; a test holds the two to the same results in the same order.
 */

import {cutRun, findRuns, normalise, parseQuery} from "./query.js";
import {compareCodePoints, groupOf, openSlices} from "./slices.js";

/** @import {Part} from "./query.js" */
/** @import {Postings} from "./slices.js" */

const SHORT_RUN = 6; // characters
const TITLE_SUFFIX = "\x00";
const VERIFIED = 60; // best documents whose pages are read for an exact phrase
const STORY_BEGINS = '<article class="story-body"';
const FACETS = {region: "\x01r", campaign: "\x01c", paper: "\x01p"};

/**
 * @typedef {string[]} Slot a word and what else counts as that word
 *
 * @typedef {object} Unit one part of a query: a document has it if it has all slots, and of a slot any term
 * @property {string} text
 * @property {Slot[]} slots
 * @property {boolean} isPhrase
 * @property {boolean} excluded
 *
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
  const synonyms = new Map(
    root.synonyms.flatMap((group) => group.map((word) => [word, group.filter((other) => other !== word)])),
  );
  /** @type {Map<string, Postings>} */
  const loaded = new Map();
  /** @type {Map<string, string> | undefined} traditional characters to simplified ones, once needed */
  let variants;
  const {readJson, readSlice} = slices;
  return {search, documents: root.documents, years: root.years, core, readJson, readSlice};

  /**
   * The documents that have all parts of a query, or the most if none has all, within the filters.
   *
   * @param {string} text
   * @param {Options} [options]
   * @returns {Promise<Answer>}
   */
  async function search(text, options = {}) {
    const normal = normalise(text);
    const [units, allowed] = await Promise.all([readUnits(normal), filter(options)]);
    if (!variants && units.some((unit) => unit.slots.some(isUnknownCharacter))) {
      variants = readVariants(await slices.readJson("variants.bin"));
      const simplified = simplify(normal);
      if (simplified !== normal) return search(simplified, options);
    }
    const wanted = units.filter((unit) => !unit.excluded);
    const slots = distinct(wanted.flatMap((unit) => unit.slots));
    for (const unit of units) {
      if (unit.excluded) findHolders(unit.slots).forEach((has, i) => has && (allowed[i] = 0));
    }
    const {found, scores, missing} = match(wanted, slots, allowed);
    const ranked = await verify(
      sortFound(found, scores, options.sort ?? "relevance"),
      wanted.filter((unit) => unit.isPhrase).map((unit) => unit.text),
    );
    const offset = options.offset ?? 0;
    const page = ranked.slice(offset, offset + (options.limit ?? 10));
    const records = await slices.readRecords(page);
    const results = records.map((record, i) => toResult(record, base, Number(scores[Number(page[i])]), slots.length));
    const documents = ranked.length === found.length ? found : ranked.toSorted((a, b) => a - b);
    return {total: ranked.length, results, missing, words: slots.map(wordOf), documents};
  }

  /**
   * What the index is asked for each part of a query, with the postings that this needs.
   *
   * @param {string} text normalised
   * @returns {Promise<Unit[]>}
   */
  async function readUnits(text) {
    const parts = parseQuery(variants ? simplify(text) : text);
    const runs = parts.flatMap((part) => findRuns(part.text));
    const lexicon = await readLexicon(runs.filter((run) => run.isHan).map((run) => run.characters));
    const units = await Promise.all(parts.map((part) => toUnit(part, lexicon)));
    await Promise.all(units.flatMap((unit) => unit.slots.flat()).map(loadPostings));
    return units.filter((unit) => unit.slots.length);
  }

  /**
   * @param {Part} part
   * @param {Map<string, number>} lexicon
   * @returns {Promise<Unit>}
   */
  async function toUnit({kind, text, excluded}, lexicon) {
    const unit = {text, excluded, isPhrase: false};
    const words = cut(text, lexicon);
    if (kind === "prefix") {
      const terms = await expand(text);
      if (terms.length) return {...unit, slots: [terms]};
    }
    if (kind === "title") return {...unit, slots: words.map((word) => [word + TITLE_SUFFIX])};
    if (kind === "phrase") return {...unit, slots: words.map((word) => [word]), isPhrase: true};
    return {...unit, slots: words.map((word) => [word, ...(synonyms.get(word) ?? [])])};
  }

  /**
   * The words that begin with two or more characters.
   *
   * @param {string} prefix
   * @returns {Promise<string[]>}
   */
  async function expand(prefix) {
    const group = groupOf(prefix);
    if ([...group].length < 2) return [];
    const terms = [...core.keys(), ...(await slices.readSlice(group)).keys()];
    return terms.filter((term) => term.startsWith(prefix) && !term.endsWith(TITLE_SUFFIX)).sort(compareCodePoints);
  }

  /**
   * The distinct dictionary words of a normalised text, in order.
   *
   * @param {string} text
   * @param {Map<string, number>} lexicon
   */
  function cut(text, lexicon) {
    const pieceCost = () => root.pieceCost;
    const words = findRuns(text).flatMap(({characters, isHan}) =>
      isHan
        ? cutHan(characters, lexicon)
        : cutRun(characters, pieceCost, {longest: root.longestPiece, singleCost: root.pieceCost}),
    );
    return [...new Set(words)];
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
   * The allowed documents that have all units, or the most; all scores; the units that not all of them have.
   *
   * @param {Unit[]} units
   * @param {Slot[]} slots
   * @param {Uint8Array} allowed
   * @returns {{found: number[], scores: Int32Array, missing: string[]}}
   */
  function match(units, slots, allowed) {
    const scores = new Int32Array(root.documents);
    for (const slot of slots) {
      const {documents, weights} = slotPostings(slot);
      documents.forEach((document, at) => (scores[document] = Number(scores[document]) + Number(weights[at])));
    }
    const alone = slots.map((slot) => ({text: wordOf(slot), slots: [slot]}));
    for (const parts of units.length ? [units, alone] : [[]]) {
      const holders = parts.map((part) => findHolders(part.slots));
      const matched = new Uint16Array(root.documents);
      for (const holder of holders) for (let i = 0; i < matched.length; i++) matched[i] = Number(matched[i]) + Number(holder[i]);
      let most = 0;
      allowed.forEach((yes, i) => (most = yes ? Math.max(most, Number(matched[i])) : most));
      if (most || !units.length) {
        /** @type {number[]} */
        const found = [];
        allowed.forEach((yes, i) => yes && matched[i] === most && found.push(i));
        const lacking = parts.filter((_, i) => found.some((document) => !holders[i]?.[document]));
        return {found, scores, missing: lacking.map((part) => part.text)};
      }
    }
    return {found: [], scores, missing: units.map((unit) => unit.text)};
  }

  /**
   * 1 for each document that has all slots.
   *
   * @param {Slot[]} slots
   */
  function findHolders(slots) {
    const counts = new Uint16Array(root.documents);
    for (const slot of slots) {
      for (const document of slotPostings(slot).documents) counts[document] = Number(counts[document]) + 1;
    }
    return counts.map((count) => Number(count === slots.length));
  }

  /**
   * The documents of any of a slot's terms with the greatest weight; other terms than the first count less.
   *
   * @param {Slot} slot
   * @returns {Postings}
   */
  function slotPostings(slot) {
    if (slot.length === 1) return postingsOf(slot[0] ?? "");
    const best = new Int32Array(root.documents).fill(-1);
    for (const [rank, term] of slot.entries()) {
      const {documents, weights} = postingsOf(term);
      documents.forEach((document, at) => {
        const weight = rank ? Math.floor((Number(weights[at]) * 3) / 4) : Number(weights[at]);
        best[document] = Math.max(Number(best[document]), weight);
      });
    }
    /** @type {number[]} */
    const documents = [];
    best.forEach((weight, document) => weight >= 0 && documents.push(document));
    return {documents: Int32Array.from(documents), weights: Int32Array.from(documents, (document) => Number(best[document]))};
  }

  /** @param {string} term */
  async function loadPostings(term) {
    if (!loaded.has(term)) loaded.set(term, await slices.readPostings(term));
  }

  /** @param {string} term @returns {Postings} */
  function postingsOf(term) {
    return loaded.get(term) ?? {documents: new Int32Array(), weights: new Int32Array()};
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
   * @param {number[]} ranked
   * @param {string[]} phrases
   */
  async function verify(ranked, phrases) {
    if (!phrases.length) return ranked;
    const best = ranked.slice(0, VERIFIED);
    const records = await slices.readRecords(best);
    const texts = await Promise.all(records.map(([address]) => slices.readPage(base + address)));
    return best.filter((_, i) => {
      const text = squash(simplify(normalise(storyText(texts[i] ?? ""))));
      return phrases.every((phrase) => text.includes(squash(phrase)));
    });
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
 * The text of an article's page, without a DOM: only used to look for a phrase in it.
 *
 * @param {string} html
 */
function storyText(html) {
  const story = html.slice(html.indexOf(STORY_BEGINS), html.indexOf("</article>"));
  const entities = new Map(Object.entries({amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'"}));
  return story.replace(/<[^>]*>/g, "").replace(/&([#\w]+);/g, (whole, name) => entities.get(name) ?? whole);
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
