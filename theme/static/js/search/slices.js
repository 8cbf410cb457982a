/**
 * The index on disk, read in the browser: which file holds a term, and what its bytes say.
 *
 * DESIGN.md describes the format; gongbao/search/slices.py writes it.
 */

import {NONE, createVarints, decodePairs, decodePostings, hashPair, readVarints} from "./postings.js";

/** @import {Postings, Tables} from "./postings.js" */

export const FORMAT = 3;
const KEPT = "x-gongbao-kept"; // says that an answer doesn't come from the net; see offline/caches.js
const HASH_BITS = 32;
const NUMBERS = 4; // of each term in a slice
export const TITLE_SUFFIX = "\x00"; // how a query asks for a term in the title alone

/**
 * @typedef {object} RootJson
 * @property {number} chunk documents a chunk of records
 * @property {string[]} keys the first group of each slice
 * @property {number} pairBits of a pair's hash
 * @property {number} pairsInFile
 * @property {number} longest characters of the longest term
 * @property {number} rareCost
 * @property {number} pieceCost
 * @property {number} longestPiece
 * @property {string[][]} synonyms groups of words that count as one another
 * @property {[number, number, number][]} years year, first document, end
 *
 * @typedef {Tables & RootJson} Root
 *
 * @typedef {object} Entry a term of the lexicon
 * @property {number} cost
 * @property {number} frequency documents that have the term
 * @property {number} more fields of documents that have the term, less the documents
 * @property {number} file of the postings, or -1 if they are inline
 * @property {Uint8Array} slice that has the inline ones, from `start` to `end`
 * @property {number} start
 * @property {number} end
 */

/** The index can't be read: it is missing, damaged or of another format. */
export class BrokenIndexError extends Error {
  name = "BrokenIndexError";
}

/** Nothing could be fetched: the reader is offline or the host doesn't answer. */
export class OfflineError extends Error {
  name = "OfflineError";
}

/**
 * Open an index folder for reading; every file is fetched once.
 *
 * @param {string} address the folder's, with a slash at its end
 * @param {typeof fetch} [get]
 */
export async function openSlices(address, get = fetch) {
  const answer = await request(get, `${address}manifest.json`, {cache: "no-cache"});
  const manifest = await answer.json().catch((error) => {
    throw new BrokenIndexError("manifest.json is damaged", {cause: error});
  });
  if (manifest.format !== FORMAT) {
    throw new BrokenIndexError(`index format ${manifest.format}, this engine reads ${FORMAT}`);
  }
  const folder = `${address}${manifest.version}/`;
  /** @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
  const files = new Map();
  /** @type {Map<number, Promise<Map<string, Entry>>>} */
  const slices = new Map();
  const {root, core} = await readRoot();
  const isKept = answer.headers.has(KEPT);
  return {root, core, isKept, readJson, readSlice, findEntry, readPostings, readPairHolders, readRecords, readPage};

  /** @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
  function read(name) {
    let file = files.get(name);
    if (!file) {
      file = request(get, folder + name).then((response) => unpack(name, response));
      file.catch(() => files.delete(name));
      files.set(name, file);
    }
    return file;
  }

  /** @returns {Promise<{root: Root, core: Map<string, Entry>}>} what readers need first */
  async function readRoot() {
    const packed = guard("root", () => fromBase64(manifest.root));
    const data = await unpack("root", new Response(packed));
    return guard("root", () => {
      const head = createVarints(data, 0);
      const size = head.next();
      const end = head.position() + size;
      const root = JSON.parse(new TextDecoder().decode(data.subarray(head.position(), end)));
      const coreAt = end + Math.ceil(root.documents / 2);
      return {root: {...root, lengths: data.subarray(end, coreAt)}, core: decodeSlice(data.subarray(coreAt))};
    });
  }

  /** @param {string} name @returns {Promise<any>} */
  async function readJson(name) {
    return JSON.parse(new TextDecoder().decode(await read(name)));
  }

  /**
   * The terms of the slice that would hold a group, the first two characters of a term.
   *
   * @param {string} group
   * @returns {Promise<Map<string, Entry>>}
   */
  function readSlice(group) {
    const number = findSlice(root.keys, group);
    if (number < 0) return Promise.resolve(new Map());
    let slice = slices.get(number);
    if (!slice) {
      const name = `s/${pad(number)}.bin`;
      slice = read(name).then((data) => guard(name, () => decodeSlice(data)));
      slice.catch(() => slices.delete(number));
      slices.set(number, slice);
    }
    return slice;
  }

  /** @param {string} term @returns {Promise<Entry | undefined>} */
  async function findEntry(term) {
    return core.get(term) ?? (await readSlice(groupOf(term))).get(term);
  }

  /**
   * A term's postings, empty for one that the index doesn't have; with TITLE_SUFFIX those of titles that have it.
   *
   * @param {string} term
   * @returns {Promise<Postings>}
   */
  async function readPostings(term) {
    const inTitle = term.endsWith(TITLE_SUFFIX);
    const entry = await findEntry(inTitle ? term.slice(0, -TITLE_SUFFIX.length) : term);
    if (!entry) return NONE;
    const {file, slice, start, end} = entry;
    const data = file < 0 ? slice.subarray(start, end) : await read(`p/${pad(file)}.bin`);
    return guard(term, () => decodePostings(data, entry, root, inTitle));
  }

  /**
   * The documents that may have two adjacent characters, and surely all that have them.
   *
   * @param {string} pair
   * @returns {Promise<ArrayLike<number>>}
   */
  async function readPairHolders(pair) {
    if (await findEntry(pair)) return (await readPostings(pair)).documents;
    const bucket = hashPair(pair) >>> (HASH_BITS - root.pairBits);
    const name = `q/${pad(Math.floor(bucket / root.pairsInFile))}.bin`;
    const data = await read(name);
    return guard(name, () => decodePairs(data, bucket % root.pairsInFile, root.pairsInFile, root.documents));
  }

  /** @param {string} url @returns {Promise<string>} an article's page */
  async function readPage(url) {
    return (await request(get, url)).text();
  }

  /**
   * The records of documents, by number.
   *
   * @param {number[]} numbers
   * @returns {Promise<any[]>}
   */
  function readRecords(numbers) {
    return Promise.all(
      numbers.map(async (number) => {
        const name = `d/${pad(Math.floor(number / root.chunk))}.bin`;
        const record = (await readJson(name))[number % root.chunk];
        if (!record) throw new BrokenIndexError(`${name} has no record ${number}`);
        return record;
      }),
    );
  }
}

/**
 * Terms with the same first two characters stand in one slice.
 *
 * @param {string} term
 */
export function groupOf(term) {
  return [...term].slice(0, 2).join("");
}

/**
 * @param {typeof fetch} get
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function request(get, address, options) {
  let response;
  try {
    response = await get(address, options);
  } catch (error) {
    throw new OfflineError(`${address} can't be fetched`, {cause: error});
  }
  if (!response.ok) throw new BrokenIndexError(`${address}: ${response.status}`);
  return response;
}

/**
 * Unpack gzip.
 *
 * @param {string} name
 * @param {Response} response
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function unpack(name, response) {
  if (!response.body) throw new BrokenIndexError(`${name} is empty`);
  /** @type {Uint8Array[]} */
  const pieces = [];
  try {
    // A response around the stream would send its pieces by way of another process.
    const reader = response.body.pipeThrough(new DecompressionStream("gzip")).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value);
  } catch (error) {
    throw new BrokenIndexError(`${name} is damaged`, {cause: error});
  }
  return join(pieces);
}

/** @param {Uint8Array[]} pieces */
function join(pieces) {
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

/**
 * @template T
 * @param {string} name
 * @param {() => T} decode
 * @returns {T}
 */
function guard(name, decode) {
  try {
    return decode();
  } catch (error) {
    throw error instanceof BrokenIndexError ? error : new BrokenIndexError(`${name} is damaged`, {cause: error});
  }
}

/**
 * The last slice whose first group is not after this one; -1 if all are.
 *
 * @param {string[]} keys
 * @param {string} group
 */
function findSlice(keys, group) {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCodePoints(keys[middle] ?? "", group) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Python's order of strings; JavaScript's own goes by UTF-16 units and differs beyond the basic plane.
 *
 * @param {string} left
 * @param {string} right
 */
export function compareCodePoints(left, right) {
  const a = [...left];
  const b = [...right];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = Number(a[i]?.codePointAt(0)) - Number(b[i]?.codePointAt(0));
    if (difference) return difference;
  }
  return a.length - b.length;
}

/** @param {string} text */
function fromBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(4, "0");
}

/**
 * @param {Uint8Array} data
 * @returns {Map<string, Entry>}
 */
function decodeSlice(data) {
  const head = createVarints(data, 0);
  const textSize = head.next();
  const numbersSize = head.next();
  const textAt = head.position();
  const terms = new TextDecoder().decode(data.subarray(textAt, textAt + textSize)).split("\n");
  const numbers = readVarints(data, textAt + textSize, textSize ? terms.length * NUMBERS : 0);
  let inlineAt = textAt + textSize + numbersSize;
  const entries = new Map();
  for (let row = 0; row * NUMBERS < numbers.length; row++) {
    const first = row * NUMBERS;
    const where = numbers[first + 3] ?? 0;
    const isInline = where % 2 === 0;
    const start = inlineAt;
    if (isInline) inlineAt += where / 2;
    entries.set(terms[row] ?? "", {
      cost: numbers[first] ?? 0,
      frequency: numbers[first + 1] ?? 0,
      more: numbers[first + 2] ?? 0,
      file: isInline ? -1 : (where - 1) / 2,
      slice: data,
      start,
      end: inlineAt,
    });
  }
  if (inlineAt !== data.length) throw new RangeError("a slice has another length than it says");
  return entries;
}
