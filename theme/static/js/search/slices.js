/**
 * The index on disk, read in the browser: which file holds a term, and what its bytes say.
 *
 * DESIGN.md describes the format; gongbao/search/slices.py writes it.
 */

export const FORMAT = 1;

/**
 * @typedef {object} Root
 * @property {number} documents
 * @property {number} chunk documents a chunk of records
 * @property {number} packBytes
 * @property {number} block postings a block
 * @property {number[]} weights what each level of weight stands for, in thousandths
 * @property {string[]} keys the first group of each slice
 * @property {number} longest characters of the longest term
 * @property {number} rareCost
 * @property {number} pieceCost
 * @property {number} longestPiece
 * @property {string[][]} synonyms groups of words that count as one another
 * @property {[number, number, number][]} years year, first document, end
 *
 * @typedef {object} Entry a term of the lexicon
 * @property {number} cost
 * @property {number} frequency documents that have the term
 * @property {number} top level of the greatest weight; a byte counts the levels below it
 * @property {{file: string, offset: number, length: number}[]} blocks
 * @property {Uint8Array} inline
 *
 * @typedef {object} Postings
 * @property {Int32Array} documents rising
 * @property {Int32Array} weights in thousandths
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
  const manifest = await (await request(get, `${address}manifest.json`, {cache: "no-cache"})).json();
  if (manifest.format !== FORMAT) {
    throw new BrokenIndexError(`index format ${manifest.format}, this engine reads ${FORMAT}`);
  }
  const folder = `${address}${manifest.version}/`;
  /** @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
  const files = new Map();
  /** @type {Map<number, Promise<Map<string, Entry>>>} */
  const slices = new Map();
  const {root, core} = await readRoot();
  return {root, core, readJson, readSlice, findEntry, readPostings, readRecords, readPage};

  /** @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
  function read(name) {
    let file = files.get(name);
    if (!file) {
      file = request(get, folder + name).then(unpack(name));
      file.catch(() => files.delete(name));
      files.set(name, file);
    }
    return file;
  }

  /** @returns {Promise<{root: Root, core: Map<string, Entry>}>} what readers need first */
  async function readRoot() {
    const data = await read("root.bin");
    return guard("root.bin", () => {
      const head = createReader(data, 0);
      const size = head.next();
      const end = head.position() + size;
      const root = JSON.parse(new TextDecoder().decode(data.subarray(head.position(), end)));
      return {root, core: decodeSlice(data.subarray(end), root.packBytes)};
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
      slice = read(name).then((data) => guard(name, () => decodeSlice(data, root.packBytes)));
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
   * A term's postings; empty for one that the index doesn't have.
   *
   * @param {string} term
   * @returns {Promise<Postings>}
   */
  async function readPostings(term) {
    const entry = await findEntry(term);
    if (!entry) return {documents: new Int32Array(), weights: new Int32Array()};
    const blocks = entry.blocks.length
      ? await Promise.all(entry.blocks.map(async ({file, offset, length}) => (await read(file)).subarray(offset, offset + length)))
      : [entry.inline];
    return guard(term, () => decodeBlocks(blocks, entry, root));
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

/** @param {string} name @returns {(response: Response) => Promise<Uint8Array<ArrayBuffer>>} */
function unpack(name) {
  return async (response) => {
    if (!response.body) throw new BrokenIndexError(`${name} is empty`);
    try {
      const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch (error) {
      throw new BrokenIndexError(`${name} is damaged`, {cause: error});
    }
  };
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

/** @param {number} number */
function pad(number) {
  return String(number).padStart(4, "0");
}

/**
 * Numbers in a row of LEB128 bytes.
 *
 * @param {Uint8Array} data
 * @param {number} at
 */
function createReader(data, at) {
  return {next, position: () => at};

  function next() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = data[at++];
      if (byte === undefined) throw new BrokenIndexError("a number runs past the end");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}

/**
 * @param {Uint8Array} data
 * @param {number} packBytes
 * @returns {Map<string, Entry>}
 */
function decodeSlice(data, packBytes) {
  const head = createReader(data, 0);
  const textSize = head.next();
  const numbersSize = head.next();
  const textAt = head.position();
  const terms = new TextDecoder().decode(data.subarray(textAt, textAt + textSize)).split("\n");
  const numbers = createReader(data, textAt + textSize);
  let inlineAt = textAt + textSize + numbersSize;
  const entries = new Map();
  for (const term of terms) {
    const cost = numbers.next();
    const frequency = numbers.next();
    const top = numbers.next();
    const where = numbers.next();
    /** @type {Entry} */
    const entry = {cost, frequency, top, blocks: [], inline: new Uint8Array()};
    if (where % 2) {
      let pack = (where - 1) / 2;
      let offset = numbers.next();
      for (let left = numbers.next(); left > 0; left--) {
        const length = numbers.next();
        numbers.next(); // the block's first document
        if (offset + length > packBytes && offset) [pack, offset] = [pack + 1, 0];
        entry.blocks.push({file: `p/${pad(pack)}.bin`, offset, length});
        offset += length;
      }
    } else {
      entry.inline = data.subarray(inlineAt, inlineAt + where / 2);
      inlineAt += where / 2;
    }
    entries.set(term, entry);
  }
  if (inlineAt !== data.length) throw new BrokenIndexError("a slice has another length than it says");
  return entries;
}

/**
 * @param {Uint8Array[]} blocks
 * @param {Entry} entry
 * @param {Root} root
 * @returns {Postings}
 */
function decodeBlocks(blocks, {frequency, top}, root) {
  const documents = new Int32Array(frequency);
  const weights = new Int32Array(frequency);
  let at = 0;
  for (const block of blocks) {
    const count = Math.min(frequency - at, root.block);
    const reader = createReader(block, 0);
    for (let document = 0, i = 0; i < count; i++) {
      document += reader.next();
      if (document >= root.documents) throw new BrokenIndexError(`document ${document} of ${root.documents}`);
      documents[at + i] = document;
      weights[at + i] = root.weights[top - Number(block[block.length - count + i])] ?? 0;
    }
    if (reader.position() !== block.length - count) throw new BrokenIndexError("a block has another length than it says");
    at += count;
  }
  if (at !== frequency) throw new BrokenIndexError("a term has fewer blocks than it says");
  return {documents, weights};
}
