/**
 * Where what is kept for reading without a net lies: the names of the browser's caches, shared by worker and pages.
 *
 * Several archives of one host share its caches, so that each name begins with the site's path.
 */

/** Tells which answers came from what was kept. */
export const KEPT = "x-gongbao-kept";
/** Bytes of a kept page. */
export const SIZE = "x-gongbao-size";

/** @param {string} path below which the site stands, with a slash at its end */
export function cacheNames(path) {
  const own = `gongbao ${path} `;
  return {
    own,
    pages: `${own}pages`,
    state: `${own}state`,
    theme: (/** @type {string} */ version) => `${own}theme ${version}`,
    index: (/** @type {string} */ version) => `${own}index ${version}`,
  };
}

/**
 * What the state cache says of the index that was kept as a whole.
 *
 * @param {Cache} state
 * @param {URL} scope
 * @returns {Promise<{version: string, bytes: number} | undefined>}
 */
export async function findKeptIndex(state, scope) {
  const found = await state.match(keptAddress(scope));
  return found?.json();
}

/** @param {URL} scope */
export function keptAddress(scope) {
  return new URL("search-index/kept.json", scope).href; // nothing is served there: a name in the cache alone
}
