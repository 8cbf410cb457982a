/**
 * Headlines go on in the next line between words only, as those of the pages do (phrases.py).
 */

const BEFORE = /[\p{Script=Han}A-Za-z]$/u;
const AFTER = /^[\p{Script=Han}A-Za-z0-9]/u;
const CLINGING = /^[的地得了着过们等]$/u;
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("zh", {granularity: "word"}) : null;

/**
 * Put <wbr> where a headline may break; a browser that knows no Chinese words breaks it anywhere.
 *
 * @param {HTMLElement} headline
 */
export function breakBetweenWords(headline) {
  if (!segmenter) return;
  const breaks = findBreaks(headline.textContent ?? "", segmenter);
  const walker = document.createTreeWalker(headline, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let length = 0;
  for (let node = /** @type {Text | null} */ (walker.nextNode()); node; node = /** @type {Text | null} */ (walker.nextNode())) {
    nodes.push({node, start: length});
    length += node.length;
  }
  for (const {node, start} of nodes) {
    const end = start + node.length;
    // From the last one on, so that the part before it keeps its positions.
    for (const at of breaks.filter((one) => one >= start && one < end).reverse()) {
      const rest = at > start ? node.splitText(at - start) : node;
      rest.before(document.createElement("wbr"));
    }
  }
}

/**
 * @param {string} text
 * @param {Intl.Segmenter} words
 */
function findBreaks(text, words) {
  /** @type {number[]} */
  const breaks = [];
  for (const {segment, index} of words.segment(text)) {
    if (BEFORE.test(text.slice(0, index)) && AFTER.test(segment) && !CLINGING.test(segment)) breaks.push(index);
  }
  return breaks;
}
