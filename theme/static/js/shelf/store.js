/**
 * The reader's own list (收藏), kept in the browser and nowhere else. No DOM here.
 */

/**
 * @typedef {object} Entry
 * @property {string} address path of the article, with the path below which the site stands
 * @property {string} title
 * @property {string} about date and paper, as the article's page shows them
 * @property {string} text the citations, as the page has them
 * @property {string} bibtex
 * @property {string} ris
 *
 * @typedef {object} Shelf
 * @property {() => Entry[] | null} list newest first; null if the browser gives no storage
 * @property {(address: string) => boolean} has
 * @property {(entry: Entry) => boolean} add false if it couldn't be stored
 * @property {(address: string) => boolean} remove
 * @property {(entries: Entry[]) => boolean} replace
 */

const FIELDS = /** @type {const} */ (["address", "title", "about", "text", "bibtex", "ris"]);

/**
 * @param {() => Pick<Storage, "getItem" | "setItem">} storage a function, because with storage blocked even naming it throws
 * @param {string} base the path below which the site stands: two archives of a host keep two lists
 * @returns {Shelf}
 */
export function openShelf(storage, base) {
  const key = `gongbao-shelf:${base}/`;

  function list() {
    try {
      return readEntries(storage().getItem(key), base);
    } catch {
      return null;
    }
  }

  /** @param {Entry[]} entries */
  function replace(entries) {
    try {
      storage().setItem(key, JSON.stringify(entries));
      return true;
    } catch {
      return false; // blocked, or full
    }
  }

  return {
    list,
    replace,
    has: (address) => (list() ?? []).some((entry) => entry.address === address),
    add: (entry) => replace([entry, ...(list() ?? []).filter((other) => other.address !== entry.address)]),
    remove: (address) => replace((list() ?? []).filter((other) => other.address !== address)),
  };
}

/**
 * What isn't an entry is left out: other versions of the site, and other programs, may have written there. An address
 * leads to an article of this site or it is none.
 *
 * @param {string | null} text
 * @param {string} base
 * @returns {Entry[]}
 */
function readEntries(text, base) {
  const values = parse(text);
  if (!Array.isArray(values)) return [];
  return values.filter(
    (value) =>
      FIELDS.every((field) => typeof value?.[field] === "string") && value.address.startsWith(`${base}/articles/`),
  );
}

/**
 * @param {string | null} text
 * @returns {unknown}
 */
function parse(text) {
  try {
    return JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
}
