/**
 * The few steps of the DOM that the modules of the search page share.
 */

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {string | (string | Element)[]} content
 */
export function element(name, attributes, content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...(typeof content === "string" ? [content] : content));
  return made;
}

/** @param {string} selector */
export function find(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}
