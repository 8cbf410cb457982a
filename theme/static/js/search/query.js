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

// Only the straight quotation mark asks for a phrase: Chinese ones come along with copied text.
const PART = /(?<minus>-)?(?:"(?<phrase>[^"]*)"|(?<title>title:|标题:)?(?<body>[^\s"]+))/gu;

/**
 * @typedef {object} Part one part of a query
 * @property {"words" | "phrase" | "title" | "prefix"} kind
 * @property {string} text
 * @property {boolean} excluded what it finds is unwanted
 */

/**
 * The parts of a query, each of normalised text; parts without a letter, digit or ideograph are left out.
 *
 * @param {string} text
 * @returns {Part[]}
 */
export function parseQuery(text) {
  const normal = normalise(text);
  /** @type {Map<string, Part>} */
  const parts = new Map();
  for (const match of normal.matchAll(PART)) {
    const {minus, phrase, title, body} = match.groups ?? {};
    /** @type {Part["kind"]} */
    const kind = phrase !== undefined ? "phrase" : title ? "title" : body?.endsWith("*") ? "prefix" : "words";
    const found = phrase ?? body ?? "";
    // A hyphen inside copied text stands between characters; one that excludes stands after white space.
    const excluded = Boolean(minus) && (match.index === 0 || /\s/u.test(normal[match.index - 1] ?? ""));
    const part = {kind, text: kind === "prefix" ? found.replace(/\*+$/, "") : found, excluded};
    if (/[\p{L}\p{N}]/u.test(found)) parts.set(JSON.stringify(part), part);
  }
  return [...parts.values()];
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
