/**
 * The index on disk, read in the browser: which file holds a term, and what its bytes say.
 *
 * DESIGN.md describes the format; gongbao/search/slices.py writes it.
 */

import {NONE, createVarints, decodePairs, decodePostings, hashPair} from "./postings.js";

/** @import {Postings, Tables} from "./postings.js" */

export const FORMAT = 4;
const KEPT = "x-gongbao-kept"; // says that an answer doesn't come from the net; see offline/caches.js
const HASH_BITS = 32;
const COLUMNS = 4; // of numbers in a slice
const MAGNITUDE = 4; // steps to the double, of frequencies that are only nearly known
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
 * @property {number} frequency documents that have the term; nearly, if its postings have a file, which says it exactly
 * @property {number} more fields of documents that have the term, less the documents; unknown, if there is a file
 * @property {number} file of the postings, or -1 if they are inline
 * @property {Uint8Array} slice that has the inline ones, from `start` to `end`
 * @property {number} start
 * @property {number} end
 *
 * @typedef {object} Lexicon the terms of a slice or of the core
 * @property {string[]} terms sorted
 * @property {(term: string) => Entry | undefined} find
 * @property {(term: string) => number | undefined} costOf
 */

/** @type {Lexicon} */
const EMPTY = {terms: [], find: () => undefined, costOf: () => undefined};

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
  /** @type {Map<number, Promise<Lexicon>>} */
  const slices = new Map();
  const {root, core} = await readRoot();
  const isKept = answer.headers.has(KEPT);
  return {root, core, isKept, readJson, readSlice, findEntry, readPostings, readPairHolders, readRecords, readPage};

  /** @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
  function read(name) {
    let file = files.get(name);
    if (!file) {
      file = request(get, folder + name).then((response) => unpack(name, response.arrayBuffer()));
      file.catch(() => files.delete(name));
      files.set(name, file);
    }
    return file;
  }

  /** @returns {Promise<{root: Root, core: Lexicon}>} what readers need first */
  async function readRoot() {
    const packed = guard("root", () => fromBase64(manifest.root));
    const data = await unpack("root", packed.buffer);
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
   * @returns {Promise<Lexicon>}
   */
  function readSlice(group) {
    const number = findLast(root.keys, group);;
    if (number < 0) return Promise.resolve(EMPTY);
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
    return core.find(term) ?? (await readSlice(groupOf(term))).find(term);
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
    if (file < 0) return guard(term, () => decodePostings(slice.subarray(start, end), entry, root, inTitle));
    const data = await read(`p/${pad(file)}.bin`);
    return guard(term, () => {
      const head = createVarints(data, 0);
      const counts = {frequency: head.next(), more: head.next()};
      return decodePostings(data.subarray(head.position()), counts, root, inTitle);
    });
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
  const one = lengthAt(term, 0);
  return term.slice(0, one + lengthAt(term, one));
}

/**
 * How many UTF-16 units the character has that begins at one.
 *
 * @param {string} text
 * @param {number} unit
 */
function lengthAt(text, unit) {
  return Number(text.codePointAt(unit)) > 0xffff ? 2 : 1;
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
 * @param {ArrayBuffer | Promise<ArrayBuffer>} packed
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function unpack(name, packed) {
  try {
    const bytes = new Uint8Array(await packed);
    const {readable, writable} = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    const [pieces] = await Promise.all([readAll(readable), writer.write(bytes), writer.close()]);
    return join(pieces);
  } catch (error) {
    throw new BrokenIndexError(`${name} is damaged`, {cause: error});
  }
}

/**
 * A response around the stream would send its pieces by way of another process.
 *
 * @param {ReadableStream<Uint8Array>} stream
 */
async function readAll(stream) {
  const reader = stream.getReader();
  const pieces = [];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value);
  return pieces;
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
 * Where a term stands among sorted ones; -1 if it doesn't.
 *
 * @param {string[]} terms
 * @param {string} term
 */
function findTerm(terms, term) {
  const row = findLast(terms, term);
  return terms[row] === term ? row : -1;
}

/**
 * The last of sorted strings that is not after one; -1 if all are.
 *
 * @param {string[]} sorted
 * @param {string} one
 */
function findLast(sorted, one) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCodePoints(sorted[middle] ?? "", one) <= 0) low = middle + 1;
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
  for (let unit = 0; unit < Math.min(left.length, right.length); unit++) {
    const a = left.charCodeAt(unit);
    const b = right.charCodeAt(unit);
    if (a !== b) return rankOf(a) - rankOf(b);
  }
  return left.length - right.length;
}

/**
 * Surrogates stand for characters after all others.
 *
 * @param {number} unit of UTF-16
 */
function rankOf(unit) {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function fromBase64(text) {
  // New in browsers of 2025, and much faster than a loop.
  if ("fromBase64" in Uint8Array) return /** @type {any} */ (Uint8Array).fromBase64(text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(4, "0");
}

/**
 * A search needs a few of the terms: only those become entries.
 *
 * @param {Uint8Array} data
 * @returns {Lexicon}
 */
function decodeSlice(data) {
  const head = createVarints(data, 0);
  const textSize = head.next();
  const textAt = head.position() + COLUMNS;
  const text = new TextDecoder().decode(data.subarray(textAt, textAt + textSize));
  const terms = text ? text.split("\n") : [];
  /** @type {Map<string, number>} */
  const rows = new Map(); // of the terms that were asked for: a map of all would take longer than the search
  const planes = cutPlanes(data, textAt - COLUMNS, textAt + textSize, terms.length);
  const [costs, frequencies, more, sizes] = /** @type {[Planes, Planes, Planes, Planes]} */ (planes.columns);
  const {starts, files} = placeLists(sizes, planes.end, terms.length);
  if (starts.at(-1) !== data.length) throw new RangeError("a slice has another length than it says");
  return {terms, find, costOf};

  /** @param {string} term @returns {Entry | undefined} */
  function find(term) {
    const row = rowOf(term);
    if (row < 0) return undefined;
    const [start = 0, end = 0] = starts.subarray(row);
    const file = start === end ? Number(files[row]) : -1;
    const said = take(frequencies, row);
    const frequency = file < 0 ? said : 2 ** (said / MAGNITUDE);
    return {cost: take(costs, row), frequency, more: take(more, row), file, slice: data, start, end};
  }

  /** @param {string} term */
  function costOf(term) {
    const row = rowOf(term);
    return row < 0 ? undefined : take(costs, row);
  }

  /** @param {string} term */
  function rowOf(term) {
    const row = rows.get(term) ?? findTerm(terms, term);
    rows.set(term, row);
    return row;
  }
}

/** @typedef {Uint8Array[]} Planes the bytes of a column of numbers, the lowest of each first */

/**
 * The columns of a slice, of which nothing is read yet, and where they end.
 *
 * @param {Uint8Array} data
 * @param {number} widthsAt where it says how many planes each has
 * @param {number} start
 * @param {number} count numbers in a column
 */
function cutPlanes(data, widthsAt, start, count) {
  let end = start;
  const columns = Array.from(data.subarray(widthsAt, widthsAt + COLUMNS), (width) =>
    Array.from({length: width}, () => data.subarray(end, (end += count))),
  );
  return {columns, end};
}

/**
 * @param {Planes} planes
 * @param {number} row
 */
function take(planes, row) {
  return planes.reduce((value, plane, place) => value | (Number(plane[row]) << (8 * place)), 0);
}

/**
 * Where each term's list begins, with the end of the last, and the number of the file that has it instead.
 *
 * @param {Planes} sizes bytes of each list, 0 for a file
 * @param {number} first where the lists begin
 * @param {number} count
 */
function placeLists(sizes, first, count) {
  const [starts, files] = [new Int32Array(count + 1), new Int32Array(count)];
  const [low, high] = sizes;
  let start = first;
  let file = 0;
  for (let row = 0; row < count; row++) {
    starts[row] = start;
    files[row] = file;
    const size = low ? Number(low[row]) | (high ? Number(high[row]) << 8 : 0) : 0;
    start += size;
    if (!size) file++;
  }
  starts[count] = start;
  return {starts, files};
}
