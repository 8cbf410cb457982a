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
  const {documents, codes, levels, titles} = decodeList(data, frequency, tables.documents);
  const fields = frequency + more;
  const idf = Math.floor(UNIT * Math.log(1 + Math.abs((tables.documents - fields + 0.5) / (fields + 0.5))) + 0.5);
  const weights = new Float64Array(frequency);
  const ofCounts = UNIT * UNIT * (tables.k1 + 1);
  let size = 0;
  for (let row = 0; row < frequency; row++) {
    const document = at(documents, row);
    const code = at(codes, row);
    const level = inTitle ? at(titles, row) : at(levels, row);
    if (inTitle && level < 0) continue;
    let factor = at(tables.factors, level);
    if (!inTitle && code !== ESCAPE) {
      const count = code || 1;
      factor = Math.floor((ofCounts * count) / (normOf(document) + UNIT * count) + 0.5);
    }
    documents[size] = document;
    weights[size++] = factor * idf;
  }
  return {documents: documents.subarray(0, size), weights: weights.subarray(0, size)};

  /** @param {number} document */
  function normOf(document) {
    const pair = at(tables.lengths, document >> 1);
    return at(tables.norms, document & 1 ? pair & 15 : pair >> 4);
  }
}

/**
 * The documents of one of the lists of a file of pairs.
 *
 * @param {Uint8Array} data
 * @param {number} place which list
 * @param {number} lists how many there are
 * @param {number} documents how many there are in all
 * @returns {Int32Array}
 */
export function decodePairs(data, place, lists, documents) {
  const numbers = createVarints(data, 0);
  const heads = Array.from({length: lists}, () => ({size: numbers.next(), length: numbers.next()}));
  const start = heads.slice(0, place).reduce((at, {length}) => at + length, numbers.position());
  const {size, length} = heads[place] ?? {size: 0, length: 0};
  return decodeList(data.subarray(start, start + length), size, documents).documents;
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
 * A list of documents, and for each its code, its level and its title's level, -1 for none.
 *
 * One loop without closures: a search runs before the browser has compiled any of this.
 *
 * @param {Uint8Array} data
 * @param {number} size
 * @param {number} count all documents
 */
function decodeList(data, size, count) {
  const documents = new Int32Array(size);
  const codes = new Int32Array(size);
  const levels = new Int8Array(size).fill(-1);
  const titles = new Int8Array(size).fill(-1);
  const end = data.length * 8;
  // The parameter of gongbao/search/coding.py's gap_parameters.
  const parameter = 31 - Math.clz32(Math.max(1, Math.floor((count * 69) / (Math.max(size, 1) * 100))));
  const header = read(data, 0, HEADER_BITS);
  const shared = header === FLAGS ? read(data, HEADER_BITS, LEVEL_BITS) : -1;
  let bit = header === FLAGS ? HEADER_BITS + LEVEL_BITS : HEADER_BITS;
  let document = -1;
  for (let row = 0; row < size; row++) {
    let one = findOne(data, bit);
    document += (((one - bit) << parameter) | read(data, one + 1, parameter)) + 1;
    bit = one + 1 + parameter;
    if (document >= count || document < 0) throw new RangeError(`document ${document} of ${count}`);
    documents[row] = document;
    if (header === FLAGS) {
      if (read(data, bit++, 1)) [codes[row], levels[row], titles[row]] = [ESCAPE, shared, shared];
    } else if (header !== NO_COUNTS) {
      one = findOne(data, bit);
      const code = ((one - bit) << header) | read(data, one + 1, header);
      bit = one + 1 + header;
      codes[row] = code;
      if (code === ESCAPE) {
        levels[row] = read(data, bit, LEVEL_BITS);
        bit += LEVEL_BITS + 1;
        if (read(data, bit - 1, 1)) {
          titles[row] = read(data, bit, LEVEL_BITS);
          bit += LEVEL_BITS;
        }
      }
    }
    if (bit > end) throw new RangeError("a list runs past its end");
  }
  if (end - bit >= 8) throw new RangeError("a list is shorter than it says");
  return {documents, codes, levels, titles};
}

/**
 * The 32 bits from one on, of which the first 25 at least are the data's, the highest of each byte first.
 *
 * @param {Uint8Array} data
 * @param {number} bit
 */
function peek(data, bit) {
  const byte = bit >> 3;
  const word = (at(data, byte) << 24) | (at(data, byte + 1) << 16) | (at(data, byte + 2) << 8) | at(data, byte + 3);
  return word << (bit & 7);
}

/**
 * @param {Uint8Array} data
 * @param {number} bit
 * @param {number} width at most 25
 */
function read(data, bit, width) {
  return width ? peek(data, bit) >>> (32 - width) : 0;
}

/**
 * Where the next bit stands that is 1.
 *
 * @param {Uint8Array} data
 * @param {number} bit
 */
function findOne(data, bit) {
  for (;;) {
    const word = peek(data, bit);
    if (word) return bit + Math.clz32(word);
    bit += 32 - (bit & 7);
    if (bit >> 3 >= data.length) throw new RangeError("a list runs past its end");
  }
}

/**
 * An element that is known to be there; past the end bits are 0.
 *
 * @param {ArrayLike<number>} values
 * @param {number} place
 */
function at(values, place) {
  return /** @type {number} */ (values[place]);
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

/**
 * So many numbers in a row of LEB128 bytes, each below 2 ** 31.
 *
 * @param {Uint8Array} data
 * @param {number} place
 * @param {number} count
 */
export function readVarints(data, place, count) {
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = data[place++];
      if (byte === undefined || shift > 28) throw new RangeError("a number runs past its end");
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    numbers[i] = value;
  }
  return numbers;
}
