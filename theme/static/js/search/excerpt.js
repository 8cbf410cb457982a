/**
 * The stretch of an article's text that shows a query's words, and where they stand in it.
 */

import {normalise} from "./query.js";

const ELLIPSIS = "……"; // six dots, as text.py has them

/**
 * @typedef {object} Piece
 * @property {string} text
 * @property {boolean} marked
 */

/**
 * Paragraphs as one text: with a space between them, but behind a full-width mark, which has its own.
 *
 * @param {string[]} blocks
 */
export function joinBlocks(blocks) {
  return blocks.join(" ").replace(/(?<=[。！？；：，、…—”’」』》）]) /gu, "");
}

/**
 * Cut a text around the place where most of the words stand close together.
 *
 * @param {string} text
 * @param {string[]} words normalised
 * @param {number} length characters of the excerpt
 * @returns {Piece[]} the excerpt in pieces, the words' occurrences marked
 */
export function cutExcerpt(text, words, length) {
  const marks = findMarks(text, words);
  const start = chooseStart(text, marks, length);
  const end = Math.min(text.length, start + length);
  /** @type {Piece[]} */
  const pieces = [];
  let at = start;
  if (start > 0) pieces.push({text: ELLIPSIS, marked: false});
  for (const mark of marks) {
    if (mark.end <= start || mark.start >= end) continue;
    const from = Math.max(mark.start, start);
    const to = Math.min(mark.end, end);
    if (from > at) pieces.push({text: text.slice(at, from), marked: false});
    pieces.push({text: text.slice(from, to), marked: true});
    at = to;
  }
  if (at < end) pieces.push({text: text.slice(at, end), marked: false});
  if (end < text.length) pieces.push({text: ELLIPSIS, marked: false});
  return pieces;
}

/**
 * Where the words stand, merged where they touch. A single character counts only beside another mark, unless every
 * word is a single character: otherwise a common one would mark half of the text.
 *
 * @param {string} text
 * @param {string[]} words
 * @returns {{start: number, end: number, weight: number}[]}
 */
export function findMarks(text, words) {
  const folded = foldKeepingLength(text);
  const found = words.flatMap((word) => occurrences(folded, word)).sort((a, b) => a.start - b.start || b.end - a.end);
  /** @type {{start: number, end: number, weight: number}[]} */
  const merged = [];
  for (const mark of found) {
    const last = merged.at(-1);
    if (last && mark.start <= last.end) {
      if (mark.end > last.end) last.weight += mark.weight;
      last.end = Math.max(last.end, mark.end);
    } else merged.push({...mark});
  }
  const longer = merged.filter((mark) => mark.end - mark.start > 1);
  return longer.length ? longer : merged;
}

/**
 * @param {string} text
 * @param {string} word
 */
function occurrences(text, word) {
  const found = [];
  for (let at = text.indexOf(word); at >= 0 && word; at = text.indexOf(word, at + 1)) {
    found.push({start: at, end: at + word.length, weight: word.length});
  }
  return found;
}

/**
 * The normal form of a text with every position kept: a character whose normal form has another length stays.
 *
 * @param {string} text
 */
function foldKeepingLength(text) {
  return [...text].map((character) => {
    const folded = normalise(character);
    return folded.length === character.length ? folded : character;
  }).join("");
}

/**
 * @param {string} text
 * @param {{start: number, end: number, weight: number}[]} marks
 * @param {number} length
 */
function chooseStart(text, marks, length) {
  if (text.length <= length) return 0;
  let best = 0;
  let most = -1;
  for (const mark of marks) {
    const start = Math.max(0, mark.start - Math.floor(length / 4));
    const weight = marks
      .filter((other) => other.start >= start && other.end <= start + length)
      .reduce((sum, other) => sum + other.weight * other.weight, 0);
    if (weight > most) [best, most] = [start, weight];
  }
  return sentenceStart(text, best);
}

/**
 * A position moved on to the next beginning of a clause, if one is near.
 *
 * @param {string} text
 * @param {number} position
 */
function sentenceStart(text, position) {
  if (position === 0) return 0;
  const near = text.slice(position, position + 12).search(/[。！？；，、]/u);
  return near < 0 ? position : position + near + 1;
}
