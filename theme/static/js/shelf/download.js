/**
 * Offers a text as a file; nothing leaves the browser.
 *
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function offerText(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type: `${type};charset=utf-8`}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // some browsers read it after the click has returned
}
