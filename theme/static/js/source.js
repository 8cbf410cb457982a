/**
 * Where the site's own files come from, and how its pages are addressed. The edition that is opened from a disk puts
 * another module in this one's place (theme/usb/source.js).
 */

/**
 * @param {RequestInfo | URL} address
 * @param {RequestInit} [options]
 */
export const fetchFile = (address, options) => fetch(address, options);

/**
 * What a link to a page of the site says.
 *
 * @param {string} address with the path below which the site stands
 */
export const addressOf = (address) => address;
