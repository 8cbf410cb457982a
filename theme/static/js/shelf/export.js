/**
 * The reader's list as a file of citations. No DOM here.
 */

/** @typedef {import("./store.js").Entry} Entry */
/** @typedef {"text" | "bibtex" | "ris"} Format */

const FORMATS = {
  text: {name: "shoucang.txt", type: "text/plain"},
  bibtex: {name: "shoucang.bib", type: "application/x-bibtex"},
  ris: {name: "shoucang.ris", type: "application/x-research-info-systems"},
};

/**
 * All entries in one file: numbered references (GB/T 7714—2015, numbered in order), BibTeX, or RIS, whose lines end in
 * CR LF by its specification.
 *
 * @param {Entry[]} entries
 * @param {Format} format
 * @returns {{name: string, type: string, text: string}}
 */
export function exportEntries(entries, format) {
  const parts = entries.map((entry, index) => (format === "text" ? `[${index + 1}] ${entry.text}` : entry[format]));
  const text = `${parts.join(format === "text" ? "\n" : "\n\n")}\n`;
  return {...FORMATS[format], text: format === "ris" ? text.replaceAll("\n", "\r\n") : text};
}
