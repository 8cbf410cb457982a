/**
 * The search page: a form, an address that says what it asks, and the results.
 */

import {openIndex} from "./engine.js";
import {cutExcerpt} from "./excerpt.js";

/** @import {Answer, Result} from "./engine.js" */

const PAGE_SIZE = 10;
const PAUSE = 250; // milliseconds after the last key
const EXCERPT_LENGTH = 110;
const FIELDS = ["q", "region", "campaign", "from", "to", "sort"];
const TEXT = {
  searching: "正在检索…",
  offline: "没有网络，暂时不能检索。",
  broken: "检索用的索引读不出来，请刷新页面再试。",
  empty: "没有找到。可以换一个词，或者放宽地区、活动和年份。",
  found: (/** @type {number} */ total) => `找到 ${total} 篇`,
  missing: (/** @type {string[]} */ words) => `没有一篇含有全部词语，略去了：${words.join("、")}`,
  previous: "上一页",
  next: "下一页",
};

const form = document.querySelector("[data-search]");
if (form instanceof HTMLFormElement) createSearchPage(form);

/**
 * @param {HTMLFormElement} form
 */
function createSearchPage(form) {
  const status = find("[data-search-status]");
  const list = find("[data-search-results]");
  const pager = find("[data-search-pager]");
  const pages = createPageReader();
  const base = String(form.dataset.index).replace(/\/search-index\/$/, "");
  /** @type {ReturnType<typeof openIndex> | undefined} */
  let opening;
  let asked = 0; // answers to earlier questions are dropped
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;

  find("[data-search-fallback]").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(readForm(), {push: true});
  });
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) ask(readForm(), {push: true});
  });
  form.addEventListener("input", (event) => {
    if (event instanceof InputEvent && !event.isComposing) askSoon();
  });
  // While an input method composes, the box holds letters that the reader never meant to search for.
  form.addEventListener("compositionstart", () => clearTimeout(pause));
  form.addEventListener("compositionend", askSoon);
  window.addEventListener("popstate", () => {
    fillForm(new URLSearchParams(location.search));
    ask(new URLSearchParams(location.search), {});
  });
  fillForm(new URLSearchParams(location.search));
  if (hasQuestion(new URLSearchParams(location.search))) ask(new URLSearchParams(location.search), {});
  else input("q").focus({preventScroll: true});

  function askSoon() {
    clearTimeout(pause);
    pause = setTimeout(() => ask(readForm(), {replace: true}), PAUSE);
  }

  /**
   * @param {URLSearchParams} question
   * @param {{push?: boolean, replace?: boolean}} how what becomes of the address
   */
  async function ask(question, {push, replace}) {
    clearTimeout(pause);
    const address = `${location.pathname}${question.size ? `?${question}` : ""}`;
    if (push && address !== location.pathname + location.search) history.pushState(null, "", address);
    if (replace) history.replaceState(null, "", address);
    const number = ++asked;
    if (!hasQuestion(question)) return show({total: 0, results: [], missing: [], words: [], documents: []}, question, "");
    status.textContent = TEXT.searching;
    list.setAttribute("aria-busy", "true");
    try {
      opening ??= openIndex(String(form.dataset.index));
      const index = await opening;
      const page = pageOf(question);
      const answer = await index.search(question.get("q") ?? "", {
        region: question.get("region") ?? "",
        campaign: question.get("campaign") ?? "",
        from: question.get("from") ?? "",
        to: question.get("to") ?? "",
        sort: /** @type {any} */ (question.get("sort") ?? "relevance"),
        offset: (page - 1) * PAGE_SIZE,
        limit: PAGE_SIZE,
      });
      if (number === asked) show(answer, question, describe(answer));
    } catch (error) {
      opening = undefined;
      if (number !== asked) return;
      list.removeAttribute("aria-busy");
      list.replaceChildren();
      status.textContent = error instanceof Error && error.name === "OfflineError" ? TEXT.offline : TEXT.broken;
    }
  }

  /**
   * @param {Answer} answer
   * @param {URLSearchParams} question
   * @param {string} message
   */
  function show(answer, question, message) {
    status.textContent = message;
    list.removeAttribute("aria-busy");
    list.setAttribute("start", String((pageOf(question) - 1) * PAGE_SIZE + 1));
    list.replaceChildren(...answer.results.map((result) => resultItem(result, answer.words, pages, base)));
    const links = pagerLinks(question, answer.total);
    pager.replaceChildren(...links);
    pager.hidden = links.length === 0;
  }

  /** The form's values that say something, as the address writes them. */
  function readForm() {
    const question = new URLSearchParams();
    for (const name of FIELDS) {
      const value = input(name).value.trim();
      if (value && !(name === "sort" && value === "relevance")) question.set(name, value);
    }
    return question;
  }

  /** @param {URLSearchParams} question */
  function fillForm(question) {
    for (const name of FIELDS) input(name).value = question.get(name) ?? (name === "sort" ? "relevance" : "");
  }

  /** @param {string} name */
  function input(name) {
    return /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements.namedItem(name));
  }
}

/** @param {URLSearchParams} question */
function hasQuestion(question) {
  return ["q", "region", "campaign", "from", "to"].some((name) => question.get(name));
}

/** @param {URLSearchParams} question */
function pageOf(question) {
  return Math.max(1, Number.parseInt(question.get("page") ?? "1", 10) || 1);
}

/** @param {Answer} answer */
function describe(answer) {
  if (answer.total === 0) return TEXT.empty;
  const found = TEXT.found(answer.total);
  return answer.missing.length ? `${found}。${TEXT.missing(answer.missing)}` : found;
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
  const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
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
  const excerpt = element("p", {class: "result-excerpt"}, result.summary);
  const item = element("li", {class: "result"}, [
    element("h2", {class: "result-title"}, [element("a", {href: result.url}, marked(result.title, words, result.title.length))]),
    element("p", {class: "result-meta"}, [
      element("time", {datetime: result.date}, chineseDate(result.date)),
      ...(result.paper ? [" ", element("span", {class: "result-source"}, result.paper)] : []),
    ]),
    excerpt,
    element("ul", {class: "tags"}, [
      ...result.regions.map(({code, name}) => tag(`${base}/regions/${code}/`, name, "tag-place")),
      ...result.campaigns.map(({id, name}) => tag(`${base}/campaigns/${id}/`, name, "tag-campaign")),
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

/**
 * @param {URLSearchParams} question
 * @param {number} total
 */
function pagerLinks(question, total) {
  const page = pageOf(question);
  const last = Math.ceil(total / PAGE_SIZE);
  return [
    ...(page > 1 ? [pageLink(question, page - 1, TEXT.previous, "prev")] : []),
    ...(page < last ? [pageLink(question, page + 1, TEXT.next, "next")] : []),
  ];
}

/**
 * @param {URLSearchParams} question
 * @param {number} page
 * @param {string} text
 * @param {string} rel
 */
function pageLink(question, page, text, rel) {
  const target = new URLSearchParams(question);
  if (page > 1) target.set("page", String(page));
  else target.delete("page");
  return element("a", {href: `?${target}`, rel}, text);
}

/** @param {string} date ISO, as precise as it is known */
function chineseDate(date) {
  const units = ["年", "月", "日"];
  return date.split("-").map((part, i) => `${Number(part)}${units[i]}`).join("");
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {string | (string | Element)[]} content
 */
function element(name, attributes, content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...(typeof content === "string" ? [content] : content));
  return made;
}

/** @param {string} selector */
function find(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}
