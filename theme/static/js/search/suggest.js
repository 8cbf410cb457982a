/**
 * What a reader may mean: words and titles while typing, and another spelling of what wasn't found. No DOM here.
 *
 * gongbao/search/suggest.py writes the files that this reads.
 */

import {cutRun, findRuns, normalise, parseQuery} from "./query.js";
import {compareCodePoints, groupOf} from "./slices.js";

/** @import {openIndex, Answer} from "./engine.js" */

/**
 * @typedef {object} Suggestion
 * @property {string} text what the box would hold, or the title
 * @property {"title" | "word"} kind
 * @property {string} [url] where a title leads
 */

const MOST = 8;
const MOST_TITLES = 3;
const LONGEST_HEARD = 12; // characters; a longer run is a passage, not a misspelt word
const LONGEST_DOUBTED = 6; // characters of a run that was found, but only character by character
const SHORTEST_SLIP = 5; // letters

/** @param {Awaited<ReturnType<typeof openIndex>>} index */
export function createSuggester(index) {
  /** @type {Map<string, Promise<any>>} */
  const files = new Map();
  return {suggest, didYouMean};

  /**
   * At most eight completions of what was typed so far, titles first.
   *
   * @param {string} text
   * @returns {Promise<Suggestion[]>}
   */
  async function suggest(text) {
    const typed = normalise(text).trimStart();
    if (!typed.trim()) return [];
    const [titles, words] = await Promise.all([findTitles(typed), findWords(typed)]);
    return [...titles, ...words].slice(0, MOST);
  }

  /** @param {string} typed @returns {Promise<Suggestion[]>} */
  async function findTitles(typed) {
    if (typed.includes('"')) return []; // a phrase is looked for in the articles' own pages: too much for a guess
    // The page asks for the same ten, so nothing more is fetched.
    const {results} = await index.search(typed, {limit: 10});
    const parts = typed.trim().split(/\s+/u);
    return results
      .filter(({title}) => parts.every((part) => normalise(title).includes(part)))
      .slice(0, MOST_TITLES)
      .map(({title, url}) => ({text: title, kind: "title", url}));
  }

  /** @param {string} typed @returns {Promise<Suggestion[]>} words that complete the last part */
  async function findWords(typed) {
    const last = typed.match(/\S*$/u)?.[0] ?? "";
    const before = typed.slice(0, typed.length - last.length);
    const [run] = findRuns(last);
    const isOneRun = run?.isHan && run.characters.join("") === last;
    const words = isPinyin(last) ? await wordsOfPinyin(last) : isOneRun ? await wordsOfBeginning(last) : [];
    return words.slice(0, MOST).map((word) => ({text: before + word, kind: "word"}));
  }

  /** @param {string} typed */
  async function wordsOfPinyin(typed) {
    const letters = typed.replaceAll("'", "");
    const words = await readGroup(letters.slice(0, 2));
    return words.flatMap(([word, syllables]) => (beginsLike(syllables.split(" "), letters) ? [word] : []));
  }

  /** @param {string} beginning */
  async function wordsOfBeginning(beginning) {
    const group = groupOf(beginning);
    const lexicons = [index.core, ...([...group].length > 1 ? [await index.readSlice(group)] : [])];
    const found = lexicons.flatMap(({terms, find}) =>
      terms
        .filter((term) => term.startsWith(beginning) && term !== beginning && isHan(term))
        .map((term) => ({term, frequency: Number(find(term)?.frequency)})),
    );
    found.sort((one, other) => other.frequency - one.frequency || compareCodePoints(one.term, other.term));
    return found.map(({term}) => term);
  }

  /**
   * A query that sounds like this one and that the archive has, where this one has words that it lacks.
   *
   * @param {string} text
   * @returns {Promise<string | null>}
   */
  async function didYouMean(text) {
    const asked = normalise(text).trim();
    if (asked.includes('"')) return null;
    const answer = await index.search(asked, {limit: 10});
    const parts = parseQuery(asked).filter((part) => !part.excluded);
    let meant = asked;
    for (const {characters, isHan} of parts.flatMap((part) => findRuns(part.text))) {
      const run = characters.join("");
      const mended = isHan ? await mendCharacters(characters, answer) : isLacking(run, answer) && (await mendLetters(run));
      if (mended) meant = meant.replace(run, () => mended);
    }
    if (meant === asked) return null;
    const better = await index.search(meant, {limit: 0});
    const isComplete = better.missing.length < answer.missing.length || !better.missing.length;
    return better.total && isComplete ? meant : null;
  }

  /**
   * A run of characters with a word in it replaced by one of the archive's that sounds the same.
   *
   * A run that was found nevertheless is in doubt if it was cut into single characters: then most of what was found
   * has them in different places. Where one of the best has the run as it stands, it is right.
   *
   * @param {string[]} characters
   * @param {Answer} answer
   */
  async function mendCharacters(characters, answer) {
    const run = characters.join("");
    const lacking = isLacking(run, answer);
    if (characters.length < 2 || characters.length > (lacking ? LONGEST_HEARD : LONGEST_DOUBTED)) return null;
    if (!lacking && answer.results.some(({title, summary}) => (title + summary).includes(run))) return null;
    const words = new Set(answer.words);
    const pieces = cutRun(characters, (word) => (words.has(word) ? 1 : undefined), {
      longest: characters.length,
      singleCost: 1,
    });
    for (const {before, middle, after} of windows(pieces)) {
      const word = await findHomophone(middle);
      if (word) return before + word + after;
    }
    return null;
  }

  /** @param {string} text @returns {Promise<string | undefined>} */
  async function findHomophone(text) {
    const sounds = await readSounds();
    const syllables = [...text].map((character) => sounds.get(character));
    if (syllables.includes(undefined)) return undefined;
    const heard = syllables.join(" ");
    const words = await readGroup(syllables.join("").slice(0, 2));
    return words.find(([word, own]) => own === heard && word !== text)?.[0];
  }

  /** @param {string} typed @returns {Promise<string | undefined>} */
  async function mendLetters(typed) {
    if (!isPinyin(typed)) return undefined;
    const [a = "", b = "", c = ""] = typed;
    const groups = await Promise.all([...new Set([a + b, b + a, a + c, b + c])].map(readGroup));
    const words = groups.flat().map(([word, syllables]) => ({word, syllables: syllables.split(" ")}));
    const exact = words.find(({syllables}) => [syllables.join(""), initialsOf(syllables)].includes(typed));
    if (exact || typed.length < SHORTEST_SLIP) return exact?.word;
    const begun = words.find(({syllables}) => syllables.join("").startsWith(typed));
    return (begun ?? words.find(({syllables}) => isOneSlipAway(syllables.join(""), typed)))?.word;
  }

  /** @param {string} key two letters @returns {Promise<[string, string][]>} words with their syllables */
  async function readGroup(key) {
    const keys = await remember("y/keys.bin", (/** @type {string} */ names) => new Set(names.split(" ")));
    return keys.has(key) ? remember(`y/${key}.bin`, Object.entries) : [];
  }

  /** @returns {Promise<Map<string, string>>} characters with their syllables */
  function readSounds() {
    return remember("pinyin.bin", (/** @type {Record<string, string>} */ groups) => {
      const pairs = Object.entries(groups);
      return new Map(pairs.flatMap(([syllable, characters]) => [...characters].map((one) => [one, syllable])));
    });
  }

  /**
   * @param {string} name
   * @param {(value: any) => any} read
   */
  function remember(name, read) {
    const file = files.get(name) ?? index.readJson(name).then(read);
    files.set(name, file);
    file.catch(() => files.delete(name));
    return file;
  }
}

/** @param {string} text */
function isPinyin(text) {
  return /^[a-z][a-z']+$/.test(text);
}

/** @param {string} term */
function isHan(term) {
  const [run] = findRuns(term);
  return run?.isHan === true && run.characters.join("") === term;
}

/** @param {string[]} syllables */
function initialsOf(syllables) {
  return syllables.map((syllable) => syllable[0]).join("");
}

/**
 * Whether letters begin a word as readers type it: in full, by initials, or by any beginnings of its syllables.
 *
 * @param {string[]} syllables
 * @param {string} letters
 * @returns {boolean}
 */
export function beginsLike([syllable, ...others], letters) {
  if (!letters) return true;
  if (!syllable) return false;
  for (let size = Math.min(syllable.length, letters.length); size > 0; size--) {
    if (syllable.startsWith(letters.slice(0, size)) && beginsLike(others, letters.slice(size))) return true;
  }
  return false;
}

/**
 * Whether one letter too many, too few, wrong, or changed with its neighbour makes one text of the other.
 *
 * @param {string} right
 * @param {string} typed
 */
export function isOneSlipAway(right, typed) {
  let start = 0;
  while (start < right.length && right[start] === typed[start]) start++;
  let end = 0;
  while (end < Math.min(right.length, typed.length) - start && right.at(-1 - end) === typed.at(-1 - end)) end++;
  const one = right.slice(start, right.length - end);
  const other = typed.slice(start, typed.length - end);
  if (Math.max(one.length, other.length) <= 1) return true;
  return one.length === 2 && other === `${one[1]}${one[0]}`;
}

/**
 * @param {string} run
 * @param {Answer} answer
 */
function isLacking(run, {total, missing}) {
  return total === 0 || missing.some((word) => word.includes(run) || run.includes(word));
}

/**
 * Neighbouring pieces, one of them a single character, with what stands around them: the longest first.
 *
 * @param {string[]} pieces
 */
function windows(pieces) {
  const found = pieces.flatMap((_, start) =>
    pieces.slice(start + 1).map((_, more) => {
      const end = start + more + 2;
      return {
        isLoose: pieces.slice(start, end).some((piece) => [...piece].length === 1),
        before: pieces.slice(0, start).join(""),
        middle: pieces.slice(start, end).join(""),
        after: pieces.slice(end).join(""),
      };
    }),
  );
  return found.filter(({isLoose}) => isLoose).sort((a, b) => b.middle.length - a.middle.length);
}
