/**
 * Results as list items, whose excerpts come from the articles' pages once they are in view.
 */

import {element} from "./dom.js";
import {cutExcerpt} from "./excerpt.js";
import {breakBetweenWords} from "./phrases.js";
import {_, OWN} from "../site.js";
import {addressOf, fetchFile} from "../source.js";

/** @import {Answer, Result} from "./engine.js" */

const EXCERPT_LENGTH = 100; // three lines on a desktop, five on a phone: what site.css keeps free
const MOST_MARKS = 40; // words that a result's link hands on to the article
const SKELETONS = 5;

/**
 * @param {string} base path of the site's root, without a slash at its end
 */
export function createResultItems(base) {
  const pages = createPageReader();

  /** @param {Answer} answer */
  return (answer) => answer.results.map((result) => resultItem(result, answer.words, pages, base));
}

/** What stands in the list until the first answer is there. */
export function skeletonItems() {
  return Array.from({length: SKELETONS}, () => element("li", {class: "result is-loading", "aria-hidden": "true"}, []));
}

/**
 * Reads the text of articles when their results come into view, each once.
 */
function createPageReader() {
  /** @type {WeakMap<Element, () => void>} */
  const waiting = new WeakMap();
  /** @type {Map<string, Promise<string>>} */
  const texts = new Map();
  const observer = new IntersectionObserver((entries) => {
    for (const {isIntersecting, target} of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      waiting.get(target)?.();
    }
  });
  return {whenVisible, readText};

  /**
   * @param {Element} element
   * @param {() => void} act
   */
  function whenVisible(element, act) {
    waiting.set(element, act);
    observer.observe(element);
  }

  /** @param {string} url */
  function readText(url) {
    const text = texts.get(url) ?? fetchText(url);
    texts.set(url, text);
    return text;
  }
}

/** @param {string} url */
async function fetchText(url) {
  const page = new DOMParser().parseFromString(await (await fetchFile(url)).text(), "text/html");
  const blocks = [...page.querySelectorAll("[data-article-body] :is(p, li, h2, h3, h4, dt, dd, td, th)")];
  const innermost = blocks.filter((block) => !block.querySelector("p, li"));
  return innermost.map((block) => block.textContent.trim()).join(" ");
}

/**
 * @param {Result} result
 * @param {string[]} words
 * @param {ReturnType<typeof createPageReader>} pages
 * @param {string} base
 */
function resultItem(result, words, pages, base) {
  const excerpt = element("p", {class: "result-excerpt", ...OWN}, result.summary);
  const link = element("a", {href: markedAddress(result.url, words)}, marked(result.title, words, result.title.length));
  breakBetweenWords(link);
  const item = element("li", {class: "result"}, [
    element("h2", {class: "result-title", ...OWN}, [link]),
    element("p", {class: "result-meta"}, [
      element("time", {datetime: result.date}, dateInWords(result.date)),
      ...(result.paper ? [" ", element("span", {class: "result-source", ...OWN}, result.paper)] : []),
    ]),
    excerpt,
    element("ul", {class: "tags", ...OWN}, [
      ...result.regions.map(({code, name}) => tag(addressOf(`${base}/regions/${code}/`), name, "tag-place")),
      ...result.campaigns.map(({id, name}) => tag(addressOf(`${base}/campaigns/${id}/`), name, "tag-campaign")),
    ]),
  ]);
  if (words.length) {
    pages.whenVisible(item, () => {
      pages.readText(result.url).then(
        (text) => excerpt.replaceChildren(...marked(text, words, EXCERPT_LENGTH)),
        () => {}, // the summary stays
      );
    });
  }
  return item;
}

/**
 * The article's address with the words that highlight.js marks there.
 *
 * @param {string} url
 * @param {string[]} words
 */
function markedAddress(url, words) {
  const query = words.length ? `?${new URLSearchParams({mark: words.slice(0, MOST_MARKS).join(" ")})}` : "";
  return addressOf(url + query);
}

/**
 * @param {string} text
 * @param {string[]} words
 * @param {number} length
 */
function marked(text, words, length) {
  return cutExcerpt(text, words, length).map((piece) => (piece.marked ? element("mark", {}, piece.text) : piece.text));
}

/**
 * @param {string} href
 * @param {string} name
 * @param {string} kind
 */
function tag(href, name, kind) {
  return element("li", {}, [element("a", {class: `tag ${kind}`, href}, name)]);
}

/** @param {string} date ISO, as precise as it is known */
function dateInWords(date) {
  const [year, month, day] = date.split("-").map(Number);
  if (!month) return _("{year}年", {year});
  const monthName = `${month}月`;
  const values = {year, month: _(monthName), day};
  return day ? _("{year}年{month}{day}日", values) : _("{year}年{month}", values);
}
