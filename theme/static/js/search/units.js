/**
 * From a query to what the index is asked: the parts of the query, cut into words that the index has.
 *
 * The twin of the first half of gongbao/search/engine.py.
 */

import {cutRun, findRuns, parseQuery} from "./query.js";
import {TITLE_SUFFIX, compareCodePoints, groupOf} from "./slices.js";

/** @import {Part} from "./query.js" */
/** @import {Lexicon, Root} from "./slices.js" */

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
 * @param {Lexicon} core
 * @param {(group: string) => Promise<Lexicon>} readSlice
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
    const found = await findSlices(runs.filter((run) => run.isHan).map((run) => run.characters));
    const units = await Promise.all(parts.map((part) => toUnit(part, found)));
    return units.filter((unit) => unit.slots.length);
  }

  /**
   * @param {Part} part
   * @param {Map<string, Lexicon>} slices
   * @returns {Promise<Unit>}
   */
  async function toUnit({kind, text, excluded}, slices) {
    const runs = findRuns(text).map(({characters, isHan}) => ({isHan, words: cut(characters, isHan, slices)}));
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
    const terms = [...core.terms, ...(await readSlice(group)).terms];
    return terms.filter((term) => term.startsWith(prefix)).sort(compareCodePoints);
  }

  /**
   * The dictionary words of a run, in order.
   *
   * @param {string[]} characters
   * @param {boolean} isHan
   * @param {Map<string, Lexicon>} slices
   */
  function cut(characters, isHan, slices) {
    if (isHan) return cutHan(characters, slices);
    return cutRun(characters, () => root.pieceCost, {longest: root.longestPiece, singleCost: root.pieceCost});
  }

  /**
   * @param {string[]} characters
   * @param {Map<string, Lexicon>} slices of the groups that have been fetched
   */
  function cutHan(characters, slices) {
    /** @param {string} word */
    const cost = (word) => core.costOf(word) ?? slices.get(groupOf(word))?.costOf(word);
    return cutRun(characters, cost, {longest: root.longest, singleCost: root.rareCost});
  }

  /**
   * The slices with the words that may begin in the runs and are not in the core, by group.
   *
   * In a long run only where no known word is, and first at every other character of what is left: most words have
   * two, so that half the slices are never needed. Any cut into known words finds every document that has the run's
   * text (DESIGN.md): a word that is overlooked costs no result.
   *
   * @param {string[][]} runs
   * @returns {Promise<Map<string, Lexicon>>}
   */
  async function findSlices(runs) {
    /** @type {Map<string, Lexicon>} */
    const slices = new Map();
    const short = runs.filter((run) => run.length <= SHORT_RUN);
    const long = runs.filter((run) => run.length > SHORT_RUN);
    await addSlices(slices, [...short.flatMap(listPairs), ...long.flatMap((run) => listGaps(run, slices, 2))]);
    await addSlices(slices, long.flatMap((run) => listGaps(run, slices, 1)));
    return slices;
  }

  /**
   * @param {Map<string, Lexicon>} slices to be added to
   * @param {string[]} groups
   */
  async function addSlices(slices, groups) {
    const read = await Promise.all(groups.map(async (group) => ({group, slice: await readSlice(group)})));
    for (const {group, slice} of read) slices.set(group, slice);
  }

  /**
   * The pairs of characters with which words may begin where the run has no known word: each, or each second one.
   *
   * @param {string[]} run
   * @param {Map<string, Lexicon>} slices
   * @param {number} step
   */
  function listGaps(run, slices, step) {
    const pairs = listPairs(run);
    let [start, skipped] = [0, 0];
    return cutHan(run, slices).flatMap((word) => {
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
