/**
 * Results as list items. Their excerpts, and their ways to paper, issue and page, come from the articles' pages once
 * they are in view: the index needn't hold what stands there.
 */

import {element} from "./dom.js";
import {cutExcerpt, joinBlocks} from "./excerpt.js";
import {breakBetweenWords} from "./phrases.js";
import {_, OWN} from "../site.js";
import {addressOf, fetchFile} from "../source.js";

/** @import {Answer, Result} from "./engine.js" */

/**
 * @typedef {object} Story what an article's page says
 * @property {string} text
 * @property {HTMLAnchorElement[]} sources links to the paper and, where its date is known, to the page
 */

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
 * Reads the pages of articles when their results come into view, each once.
 */
function createPageReader() {
  /** @type {WeakMap<Element, () => void>} */
  const waiting = new WeakMap();
  /** @type {Map<string, Promise<Story>>} */
  const stories = new Map();
  const observer = new IntersectionObserver((entries) => {
    for (const {isIntersecting, target} of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      waiting.get(target)?.();
    }
  });
  return {whenVisible, readStory};

  /**
   * @param {Element} element
   * @param {() => void} act
   */
  function whenVisible(element, act) {
    waiting.set(element, act);
    observer.observe(element);
  }

  /** @param {string} url */
  function readStory(url) {
    const story = stories.get(url) ?? fetchStory(url);
    stories.set(url, story);
    return story;
  }
}

/**
 * @param {string} url
 * @returns {Promise<Story>}
 */
async function fetchStory(url) {
  const page = new DOMParser().parseFromString(await (await fetchFile(url)).text(), "text/html");
  const blocks = [...page.querySelectorAll("[data-article-body] :is(p, li, h2, h3, h4, dt, dd, td, th)")];
  const innermost = blocks.filter((block) => !block.querySelector("p, li"));
  return {
    text: joinBlocks(innermost.map((block) => block.textContent.trim())),
    sources: [...page.querySelectorAll(/** @type {"a"} */ ("a:is([data-paper], [data-issue])"))],
  };
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
  const source = element("span", {class: "result-source"}, [element("span", OWN, result.paper)]);
  const item = element("li", {class: "result"}, [
    element("h2", {class: "result-title", ...OWN}, [link]),
    element("p", {class: "result-meta"}, [
      element("time", {datetime: result.date}, dateInWords(result.date)),
      ...(result.paper ? [" ", source] : []),
    ]),
    excerpt,
    element("ul", {class: "tags", ...OWN}, [
      ...result.regions.map(({code, name}) => tag(addressOf(`${base}/regions/${code}/`), name, "tag-place")),
      ...result.campaigns.map(({id, name}) => tag(addressOf(`${base}/campaigns/${id}/`), name, "tag-campaign")),
    ]),
  ]);
  if (words.length || result.paper) {
    pages.whenVisible(item, () => {
      pages.readStory(result.url).then(
        ({text, sources}) => {
          if (words.length) excerpt.replaceChildren(...marked(text, words, EXCERPT_LENGTH));
          if (sources.length) source.replaceChildren(...sourceLinks(sources, result.paper));
        },
        () => {}, // the summary and the paper's name stay
      );
    });
  }
  return item;
}

/**
 * The paper under its plain name, as lists have it, and the issue with its page in the words of the article's page.
 *
 * @param {HTMLAnchorElement[]} sources
 * @param {string} paper
 */
function sourceLinks(sources, paper) {
  return sources.flatMap((link) => {
    const href = addressOf(String(link.getAttribute("href")));
    if ("paper" in link.dataset) return [element("a", {href, ...OWN}, paper)];
    return [" ", element("a", {href}, (link.textContent ?? "").trim())];
  });
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
