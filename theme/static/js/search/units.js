/**
 * From a query to what the index is asked: the parts of the query, cut into words that the index has.
 *
 * The twin of the first half of gongbao/search/engine.py.
 */

import {cutRun, findRuns, parseQuery} from "./query.js";
import {TITLE_SUFFIX, compareCodePoints, groupOf} from "./slices.js";

/** @import {Part} from "./query.js" */
/** @import {Entry, Root} from "./slices.js" */

const SHORT_RUN = 6; // more characters than these are taken for a passage out of an article

/**
 * @typedef {string[]} Slot a word and what else counts as that word
 *
 * @typedef {object} Unit one part of a query: a document has it if it has all slots, and of a slot any term
 * @property {string} text
 * @property {Slot[]} slots
 * @property {boolean} isPhrase
 * @property {boolean} excluded
 * @property {string[]} pairs adjacent characters where its words meet, if it is a passage
 */

/**
 * @param {Root} root
 * @param {Map<string, Entry>} core
 * @param {(group: string) => Promise<Map<string, Entry>>} readSlice
 */
export function createUnitReader(root, core, readSlice) {
  const synonyms = new Map(
    root.synonyms.flatMap((group) => group.map((word) => [word, group.filter((other) => other !== word)])),
  );
  return readUnits;

  /**
   * What the index is asked for each part of a query.
   *
   * @param {string} text normalised, in simplified characters
   * @returns {Promise<Unit[]>}
   */
  async function readUnits(text) {
    const parts = parseQuery(text);
    const runs = parts.flatMap((part) => findRuns(part.text));
    const lexicon = await readLexicon(runs.filter((run) => run.isHan).map((run) => run.characters));
    const units = await Promise.all(parts.map((part) => toUnit(part, lexicon)));
    return units.filter((unit) => unit.slots.length);
  }

  /**
   * @param {Part} part
   * @param {Map<string, number>} lexicon
   * @returns {Promise<Unit>}
   */
  async function toUnit({kind, text, excluded}, lexicon) {
    const runs = findRuns(text).map(({characters, isHan}) => ({isHan, words: cut(characters, isHan, lexicon)}));
    const words = [...new Set(runs.flatMap((run) => run.words))];
    const unit = {text, excluded, isPhrase: kind === "phrase", pairs: /** @type {string[]} */ ([])};
    if (kind === "prefix") {
      const terms = await expand(text);
      if (terms.length) return {...unit, slots: [terms]};
    }
    if (kind === "title") return {...unit, slots: words.map((word) => [word + TITLE_SUFFIX])};
    const han = runs.filter((run) => run.isHan).map((run) => run.words);
    const isPassage = unit.isPhrase || [...han.flat().join("")].length > SHORT_RUN;
    return {
      ...unit,
      slots: words.map((word) => [word, ...(unit.isPhrase ? [] : (synonyms.get(word) ?? []))]),
      pairs: isPassage ? han.flatMap(findSeams) : [],
    };
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
    const terms = [...core.keys(), ...(await readSlice(group)).keys()];
    return terms.filter((term) => term.startsWith(prefix)).sort(compareCodePoints);
  }

  /**
   * The dictionary words of a run, in order.
   *
   * @param {string[]} characters
   * @param {boolean} isHan
   * @param {Map<string, number>} lexicon
   */
  function cut(characters, isHan, lexicon) {
    if (isHan) return cutHan(characters, lexicon);
    return cutRun(characters, () => root.pieceCost, {longest: root.longestPiece, singleCost: root.pieceCost});
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
   * In a long run only where no known word is, and first at every other character of what is left: most words have
   * two, so that half the slices are never needed. Any cut into known words finds every document that has the run's
   * text (DESIGN.md): a word that is overlooked costs no result.
   *
   * @param {string[][]} runs
   * @returns {Promise<Map<string, number>>}
   */
  async function readLexicon(runs) {
    /** @type {Map<string, number>} */
    const lexicon = new Map();
    const short = runs.filter((run) => run.length <= SHORT_RUN);
    const long = runs.filter((run) => run.length > SHORT_RUN);
    await addWords(lexicon, [...short.flatMap(listPairs), ...long.flatMap((run) => listGaps(run, lexicon, 2))]);
    await addWords(lexicon, long.flatMap((run) => listGaps(run, lexicon, 1)));
    return lexicon;
  }

  /**
   * @param {Map<string, number>} lexicon to be added to
   * @param {string[]} wanted groups
   */
  async function addWords(lexicon, wanted) {
    const groups = new Set(wanted);
    const slices = await Promise.all([...groups].map((group) => readSlice(group)));
    for (const slice of new Set(slices)) {
      for (const [term, entry] of slice) if (groups.has(groupOf(term)) && [...term].length > 1) lexicon.set(term, entry.cost);
    }
  }

  /**
   * The pairs of characters with which words may begin where the run has no known word: each, or each second one.
   *
   * @param {string[]} run
   * @param {Map<string, number>} lexicon
   * @param {number} step
   */
  function listGaps(run, lexicon, step) {
    const pairs = listPairs(run);
    let [start, skipped] = [0, 0];
    return cutHan(run, lexicon).flatMap((word) => {
      const size = [...word].length;
      const pair = pairs[start];
      start += size;
      skipped = size === 1 ? skipped + 1 : 0;
      return pair !== undefined && size === 1 && (skipped - 1) % step === 0 ? [pair] : [];
    });
  }
}

/** @param {string[]} run */
function listPairs(run) {
  return run.slice(0, -1).map((character, i) => character + run[i + 1]);
}

/**
 * The last character of each word with the first of the next.
 *
 * @param {string[]} words
 */
function findSeams(words) {
  return words.slice(1).map((word, i) => [...(words[i] ?? "")].at(-1) + [...word].slice(0, 1).join(""));
}
