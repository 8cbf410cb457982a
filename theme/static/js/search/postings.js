/**
 * Postings, decoded: lists of documents in Golomb-Rice codes, with what makes each one's weight.
 *
 * DESIGN.md describes the format; gongbao/search/coding.py writes it.
 */

const HEADER_BITS = 3;
const NO_COUNTS = 3; // in the header's place of a Rice parameter: every count is 1
const FLAGS = 4; // a posting only says whether the title has the word
const ESCAPE = 1;
const LEVEL_BITS = 6;
const UNIT = 1000; // factors and inverse document frequencies are integers in thousandths
const PAIR_FACTORS = /** @type {const} */ ([0x9e3779b1, 0x85ebca6b]);

/**
 * @typedef {object} Postings
 * @property {Int32Array} documents rising
 * @property {Float64Array} weights in millionths
 *
 * @typedef {object} Tables what the root says of weights
 * @property {number} documents how many
 * @property {number[]} norms what each level of a text's length adds to a count in the divisor, in thousandths
 * @property {number[]} factors in thousandths
 * @property {number} k1
 * @property {Uint8Array} lengths the level of each document's length, two documents a byte
 */

/** @type {Postings} */
export const NONE = {documents: new Int32Array(), weights: new Float64Array()};

/**
 * The documents of a term with their weights, or only those whose title has it.
 *
 * @param {Uint8Array} data
 * @param {{frequency: number, more: number}} entry
 * @param {Tables} tables
 * @param {boolean} inTitle
 * @returns {Postings}
 */
export function decodePostings(data, {frequency, more}, tables, inTitle) {
  const documents = new Int32Array(frequency);
  const weights = new Float64Array(frequency);
  const fields = frequency + more;
  const idf = Math.floor(UNIT * Math.log(1 + Math.abs((tables.documents - fields + 0.5) / (fields + 0.5))) + 0.5);
  let size = 0;
  decodeList(data, frequency, tables.documents, (document, code, level, title) => {
    if (inTitle && title < 0) return;
    const factor = inTitle ? factorOf(title) : code === ESCAPE ? factorOf(level) : saturate(document, code || 1);
    documents[size] = document;
    weights[size++] = factor * idf;
  });
  return {documents: documents.subarray(0, size), weights: weights.subarray(0, size)};

  /** @param {number} level */
  function factorOf(level) {
    return Number(tables.factors[level]);
  }

  /** @param {number} document @param {number} count */
  function saturate(document, count) {
    const pair = Number(tables.lengths[document >> 1]);
    const norm = Number(tables.norms[document & 1 ? pair & 15 : pair >> 4]);
    return Math.floor((UNIT * UNIT * (tables.k1 + 1) * count) / (norm + UNIT * count) + 0.5);
  }
}

/**
 * The documents of one of the lists of a file of pairs.
 *
 * @param {Uint8Array} data
 * @param {number} place which list
 * @param {number} lists how many there are
 * @param {number} documents how many there are in all
 * @returns {number[]}
 */
export function decodePairs(data, place, lists, documents) {
  const numbers = createVarints(data, 0);
  const heads = Array.from({length: lists}, () => ({size: numbers.next(), length: numbers.next()}));
  const start = heads.slice(0, place).reduce((at, {length}) => at + length, numbers.position());
  const {size, length} = heads[place] ?? {size: 0, length: 0};
  /** @type {number[]} */
  const found = [];
  decodeList(data.subarray(start, start + length), size, documents, (document) => found.push(document));
  return found;
}

/**
 * The hash of two characters: 32 bits, of which an index uses the highest.
 *
 * @param {string} pair
 */
export function hashPair(pair) {
  const [one = 0, other = 0] = [...pair].map((character) => Number(character.codePointAt(0)));
  return Math.imul(Math.imul(one, PAIR_FACTORS[0]) + other, PAIR_FACTORS[1]) >>> 0;
}

/**
 * Go through a list of documents: for each its number, its code, its level and its title's level, -1 for none.
 *
 * @param {Uint8Array} data
 * @param {number} size
 * @param {number} count all documents
 * @param {(document: number, code: number, level: number, title: number) => void} visit
 */
function decodeList(data, size, count, visit) {
  const bits = createBits(data);
  const header = bits.read(HEADER_BITS);
  // The parameter of gongbao/search/coding.py's gap_parameters.
  const parameter = 31 - Math.clz32(Math.max(1, Math.floor((count * 69) / (Math.max(size, 1) * 100))));
  const shared = header === FLAGS ? bits.read(LEVEL_BITS) : -1;
  let document = -1;
  for (let left = size; left > 0; left--) {
    document += bits.readRice(parameter) + 1;
    if (document >= count) throw new RangeError(`document ${document} of ${count}`);
    if (header === FLAGS) {
      if (bits.read(1)) visit(document, ESCAPE, shared, shared);
      else visit(document, 0, -1, -1);
      continue;
    }
    const code = header === NO_COUNTS ? 0 : bits.readRice(header);
    const level = code === ESCAPE ? bits.read(LEVEL_BITS) : -1;
    const title = code === ESCAPE && bits.read(1) ? bits.read(LEVEL_BITS) : -1;
    visit(document, code, level, title);
  }
  if (bits.rest() >= 8) throw new RangeError("a list is shorter than it says");
}

/**
 * Numbers in a row of bits, the highest of each byte first.
 *
 * @param {Uint8Array} data
 */
function createBits(data) {
  let at = 0;
  const end = data.length * 8;
  return {read, readRice, rest: () => end - at};

  /** The 32 bits from here, of which the first 25 at least are the data's. */
  function peek() {
    const byte = at >> 3;
    const word =
      (Number(data[byte]) << 24) | (Number(data[byte + 1]) << 16) | (Number(data[byte + 2]) << 8) | Number(data[byte + 3]);
    return word << (at & 7);
  }

  /** @param {number} width at most 25 */
  function read(width) {
    if (!width) return 0;
    const value = peek() >>> (32 - width);
    skip(width);
    return value;
  }

  /** A number whose quotient by 2 ** parameter is unary. @param {number} parameter */
  function readRice(parameter) {
    let quotient = 0;
    for (;;) {
      const zeros = Math.clz32(peek());
      const known = 32 - (at & 7);
      if (zeros < known) {
        skip(zeros + 1);
        return ((quotient + zeros) << parameter) | read(parameter);
      }
      quotient += known;
      skip(known);
    }
  }

  /** @param {number} width */
  function skip(width) {
    at += width;
    if (at > end) throw new RangeError("a list runs past its end");
  }
}

/**
 * Numbers in a row of LEB128 bytes.
 *
 * @param {Uint8Array} data
 * @param {number} at
 */
export function createVarints(data, at) {
  return {next, position: () => at};

  function next() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = data[at++];
      if (byte === undefined) throw new RangeError("a number runs past the end");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}
