/**
 * How many of the documents found have each value of a facet, and each year. No DOM here.
 *
 * DESIGN.md describes the columns; gongbao/search/columns.py writes them.
 */

/**
 * @typedef {[id: string, name: string, parent?: number]} Value the parent is a number of the same table, or -1
 * @typedef {{values: Value[], documents: (number | number[])[]}} Column a document's values, by number
 * @typedef {"region" | "campaign" | "paper"} Facet
 * @typedef {Record<Facet, Column>} Columns
 *
 * @typedef {object} Count
 * @property {string} id
 * @property {string} name
 * @property {string} parent id of the value that holds this one, or ""
 * @property {number} count
 */

/**
 * Count the values of documents. A place counts the documents of the places inside it, each once.
 *
 * @param {Columns} columns
 * @param {number[]} documents
 * @returns {Record<Facet, Count[]>} every value that one of the documents has, the most frequent first
 */
export function countFacets(columns, documents) {
  return {
    region: countColumn(columns.region, documents),
    campaign: countColumn(columns.campaign, documents),
    paper: countColumn(columns.paper, documents),
  };
}

/**
 * @param {Column} column
 * @param {number[]} documents
 * @returns {Count[]}
 */
function countColumn({values, documents: cells}, documents) {
  const counts = new Int32Array(values.length);
  const counted = new Int32Array(values.length).fill(-1); // the last document that each value was counted for
  for (const document of documents) {
    const cell = cells[document] ?? [];
    for (const own of typeof cell === "number" ? [cell] : cell) {
      for (let value = own; value >= 0 && counted[value] !== document; value = values[value]?.[2] ?? -1) {
        counted[value] = document;
        counts[value] = Number(counts[value]) + 1;
      }
    }
  }
  return values
    .map(([id, name, parent = -1], i) => ({id, name, parent: values[parent]?.[0] ?? "", count: Number(counts[i])}))
    .filter(({count}) => count > 0)
    .sort((a, b) => b.count - a.count || Number(a.id > b.id) - Number(a.id < b.id));
}

/**
 * The places worth offering when one is chosen: those that hold it, itself, and those right inside it.
 *
 * @param {Count[]} counts
 * @param {string} chosen id, or "" if none is
 * @returns {{line: Count[], inside: Count[]}} `line` leads from the outermost to the chosen one
 */
export function aroundPlace(counts, chosen) {
  const byId = new Map(counts.map((count) => [count.id, count]));
  /** @type {Count[]} */
  const line = [];
  for (let place = byId.get(chosen); place; place = byId.get(place.parent)) line.unshift(place);
  return {line, inside: counts.filter(({parent}) => parent === (line.length ? chosen : ""))};
}

/**
 * Count documents by year, over all years from the archive's first to its last, those without documents too.
 *
 * @param {[year: number, first: number, end: number][]} years as the index has them, the newest first
 * @param {number[]} documents rising
 * @returns {{year: number, count: number}[]} the oldest first
 */
export function countYears(years, documents) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  let at = 0;
  for (const [year, , end] of years) {
    const start = at;
    while (at < documents.length && Number(documents[at]) < end) at++;
    counts.set(year, at - start);
  }
  const first = years.at(-1)?.[0] ?? 0;
  const last = years[0]?.[0] ?? -1;
  return Array.from({length: last - first + 1}, (_, i) => ({year: first + i, count: counts.get(first + i) ?? 0}));
}
