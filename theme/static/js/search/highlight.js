/**
 * Marks a query's words in the article that a result led to, and takes the marks away again.
 */

import {element} from "./dom.js";
import {findMarks} from "./excerpt.js";
import {normalise} from "./query.js";
import {_, _n} from "../site.js";

const PARTS = "[data-article-head], [data-article-body]";
const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, dt, dd, td, th, figcaption, pre, blockquote, div";
const TEXT = {
  found: (/** @type {number} */ count) => _n("文中标出检索词 {n} 处", count),
  clear: _("清除标记"),
};

/**
 * Mark words in the page's article and offer a button that clears them; without the words nothing changes.
 *
 * @param {string[]} words
 */
export function markArticle(words) {
  const parts = [...document.querySelectorAll(PARTS)];
  const {count, marks} = markWords(parts, words.map(normalise).filter(Boolean));
  const head = parts[0]?.parentElement;
  if (!count || !head) return;
  const button = element("button", {type: "button"}, TEXT.clear);
  const note = element("p", {class: "mark-note"}, [element("span", {}, TEXT.found(count)), button]);
  head.append(note);
  button.addEventListener("click", () => {
    clearMarks(marks);
    note.remove();
    forgetParameter();
    const heading = document.querySelector("h1");
    heading?.setAttribute("tabindex", "-1"); // the focus needs a place when its button is gone
    heading?.focus({preventScroll: true});
  });
}

/**
 * A word may begin in one text node and end in another (within emphasis, say), but not in another block.
 *
 * @param {Element[]} parts
 * @param {string[]} words
 * @returns {{count: number, marks: HTMLElement[]}} how many stretches were marked, and the elements that do it
 */
function markWords(parts, words) {
  /** @type {{node: Text, start: number}[]} */
  const nodes = [];
  let text = "";
  /** @type {Element | null} */
  let block = null;
  for (const part of parts) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = /** @type {Text | null} */ (walker.nextNode()); node; node = /** @type {Text | null} */ (walker.nextNode())) {
      const own = node.parentElement?.closest(BLOCKS) ?? null;
      if (own !== block) text += "\n";
      block = own;
      nodes.push({node, start: text.length});
      text += node.data;
    }
  }
  const stretches = findMarks(text, words);
  /** @type {HTMLElement[]} */
  const marks = [];
  for (const {node, start} of nodes) {
    const end = start + node.length;
    // From the last mark on, so that the part before it keeps its positions.
    for (const mark of stretches.filter((one) => one.start < end && one.end > start).reverse()) {
      const from = Math.max(mark.start - start, 0);
      const piece = from ? node.splitText(from) : node;
      if (mark.end < end) piece.splitText(mark.end - start - from);
      const made = document.createElement("mark");
      piece.replaceWith(made);
      made.append(piece);
      marks.push(made);
    }
  }
  return {count: stretches.length, marks};
}

/** @param {HTMLElement[]} marks */
function clearMarks(marks) {
  for (const mark of marks) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent?.normalize();
  }
}

function forgetParameter() {
  const url = new URL(location.href);
  url.searchParams.delete("mark");
  history.replaceState(history.state, "", url);
}
