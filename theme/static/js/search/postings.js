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
const WHOLE_BITS = 25; // of a word read at any bit, so many are the data's
const SPARE_BYTES = 8; // after the end, so that words can be read there
const UNIT = 1000; // factors and inverse document frequencies are integers in thousandths
const PAIR_FACTORS = /** @type {const} */ ([0x9e3779b1, 0x85ebca6b]);

/**
 * @typedef {object} Postings
 * @property {Int32Array} documents rising
 * @property {(row: number) => number} weightOf in millionths; made when asked for, as few documents have all words
 *
 * @typedef {object} Tables what the root says of weights
 * @property {number} documents how many
 * @property {number[]} norms what each level of a text's length adds to a count in the divisor, in thousandths
 * @property {number[]} factors in thousandths
 * @property {number} k1
 * @property {Uint8Array} lengths the level of each document's length, two documents a byte
 *
 * @typedef {object} List what is said of each of some documents
 * @property {Int32Array} documents rising
 * @property {Int32Array} codes 0 for one occurrence, ESCAPE for a factor instead, else how many; empty if all are 0
 * @property {Int8Array} levels of the factors; empty as well
 * @property {Int8Array} titles levels of the titles' factors, -1 for none; empty as well
 */

/** @type {Postings} */
export const NONE = {documents: new Int32Array(), weightOf: () => 0};

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
  const list = decodeList(data, frequency, tables.documents);
  const {documents, codes, levels} = inTitle ? keepTitles(list) : list;
  const fields = frequency + more;
  const idf = Math.floor(UNIT * Math.log(1 + Math.abs((tables.documents - fields + 0.5) / (fields + 0.5))) + 0.5);
  const ofCounts = UNIT * UNIT * (tables.k1 + 1);
  return {documents, weightOf};

  /** @param {number} row */
  function weightOf(row) {
    if (codes[row] === ESCAPE) return idf * at(tables.factors, at(levels, row));
    const count = codes[row] || 1;
    return idf * Math.floor((ofCounts * count) / (normOf(at(documents, row)) + UNIT * count) + 0.5);
  }

  /** @param {number} document */
  function normOf(document) {
    const pair = at(tables.lengths, document >> 1);
    return at(tables.norms, document & 1 ? pair & 15 : pair >> 4);
  }
}

/**
 * Only the documents whose title has the term, with the title's factor for the whole one.
 *
 * @param {List} list
 * @returns {List}
 */
function keepTitles({documents, codes, titles}) {
  const rows = Int32Array.from(titles.keys()).filter((row) => at(titles, row) >= 0);
  const levels = Int8Array.from(rows, (row) => at(titles, row));
  return {
    documents: rows.map((row) => at(documents, row)),
    codes: rows.map((row) => at(codes, row)),
    levels,
    titles: levels,
  };
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
 * A list of documents, and what is said of each.
 *
 * One loop without calls in the usual case: a search runs before the browser has compiled any of this.
 *
 * @param {Uint8Array} data
 * @param {number} size
 * @param {number} count all documents
 * @returns {List}
 */
function decodeList(data, size, count) {
  const padded = new Uint8Array(data.length + SPARE_BYTES);
  padded.set(data);
  const view = new DataView(padded.buffer);
  const end = data.length * 8;
  // The parameter of gongbao/search/coding.py's gap_parameters.
  const parameter = 31 - Math.clz32(Math.max(1, Math.floor((count * 69) / (Math.max(size, 1) * 100))));
  const header = read(view, 0, HEADER_BITS);
  const shared = header === FLAGS ? read(view, HEADER_BITS, LEVEL_BITS) : -1;
  const said = header === NO_COUNTS ? 0 : size;
  const documents = new Int32Array(size);
  const codes = new Int32Array(said);
  const levels = new Int8Array(said);
  const titles = new Int8Array(said).fill(-1);
  let bit = header === FLAGS ? HEADER_BITS + LEVEL_BITS : HEADER_BITS;
  let document = -1;
  for (let row = 0; row < size; row++) {
    let word = view.getInt32(bit >> 3) << (bit & 7);
    let zeros = Math.clz32(word);
    if (zeros + 1 + parameter <= WHOLE_BITS) {
      // Two shifts: one by 32 would be one by 0.
      document += ((zeros << parameter) | ((word << (zeros + 1)) >>> 1 >>> (31 - parameter))) + 1;
    } else {
      zeros = countZeros(view, bit);
      document += ((zeros << parameter) | read(view, bit + zeros + 1, parameter)) + 1;
    }
    bit += zeros + 1 + parameter;
    if (document >= count || document < 0) throw new RangeError(`document ${document} of ${count}`);
    documents[row] = document;
    if (header === NO_COUNTS) continue;
    word = view.getInt32(bit >> 3) << (bit & 7);
    if (header === FLAGS) {
      bit++;
      if (word < 0) [codes[row], levels[row], titles[row]] = [ESCAPE, shared, shared];
      continue;
    }
    zeros = Math.clz32(word);
    if (zeros + 1 + header > WHOLE_BITS) zeros = countZeros(view, bit);
    const code = (zeros << header) | read(view, bit + zeros + 1, header);
    bit += zeros + 1 + header;
    codes[row] = code;
    if (code === ESCAPE) {
      levels[row] = read(view, bit, LEVEL_BITS);
      bit += LEVEL_BITS + 1;
      if (read(view, bit - 1, 1)) {
        titles[row] = read(view, bit, LEVEL_BITS);
        bit += LEVEL_BITS;
      }
    }
  }
  if (bit > end) throw new RangeError("a list runs past its end");
  if (end - bit >= 8) throw new RangeError("a list is shorter than it says");
  return {documents, codes, levels, titles};
}

/**
 * @param {DataView} view
 * @param {number} bit where to read; the highest bit of each byte is the first
 * @param {number} width at most WHOLE_BITS
 */
function read(view, bit, width) {
  return (view.getInt32(bit >> 3) << (bit & 7)) >>> 1 >>> (31 - width);
}

/**
 * How many bits are 0 before the next that is 1.
 *
 * @param {DataView} view
 * @param {number} start
 */
function countZeros(view, start) {
  for (let bit = start; ; bit += 32 - (bit & 7)) {
    const word = view.getInt32(bit >> 3) << (bit & 7);
    if (word) return bit - start + Math.clz32(word);
  }
}

/**
 * An element that is known to be there.
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
