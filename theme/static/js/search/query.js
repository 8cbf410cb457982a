/**
 * Queries: one normal form of text, and the cut into dictionary words.
 *
 * The twin of gongbao/text.py and gongbao/search/segment.py; tests/data/normalise.json and tests/data/cut.json hold
 * both to the same cases.
 */

// The ideographs of Unicode 15 less compatibility forms, which NFKC replaces (gongbao/text.py).
const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{323af}";
const RUN = new RegExp(`(?<han>[${HAN}]+)|(?<word>(?:(?![${HAN}])[\\p{L}\\p{N}])+)`, "gu");

/**
 * Fold width and case: full-width forms become half-width ones (NFKC), letters lower case.
 *
 * @param {string} text
 * @returns {string}
 */
export function normalise(text) {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * The unbroken runs of ideographs, and of other letters and digits, of a normalised text, as lists of characters.
 *
 * @param {string} text
 * @returns {{characters: string[], isHan: boolean}[]}
 */
export function findRuns(text) {
  return [...text.matchAll(RUN)].map((match) => ({
    characters: [...match[0]],
    isHan: match.groups?.han !== undefined,
  }));
}

/**
 * Cut a run into known words by the path of least cost: jieba's own algorithm, with integers.
 *
 * A single character is always possible, at `singleCost` if `cost` doesn't know it. Among paths of equal cost the
 * longer first word wins, as in jieba's `calc`.
 *
 * @param {string[]} characters
 * @param {(word: string) => number | undefined} cost
 * @param {{longest: number, singleCost: number}} options
 * @returns {string[]}
 */
export function cutRun(characters, cost, {longest, singleCost}) {
  const count = characters.length;
  const best = new Array(count + 1).fill(0);
  const ends = new Array(count).fill(0);
  for (let start = count - 1; start >= 0; start--) {
    let least = Infinity;
    let word = "";
    for (let end = start + 1; end <= Math.min(count, start + longest); end++) {
      word += characters[end - 1];
      const own = cost(word) ?? (end === start + 1 ? singleCost : undefined);
      if (own !== undefined && own + best[end] <= least) {
        least = own + best[end];
        ends[start] = end;
      }
    }
    best[start] = least;
  }
  const words = [];
  for (let start = 0; start < count; start = ends[start]) {
    words.push(characters.slice(start, ends[start]).join(""));
  }
  return words;
}
