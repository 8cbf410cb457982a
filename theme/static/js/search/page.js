/**
 * The search page: a form, an address that says what it asks, and the results.
 */

import {createCombobox} from "./combobox.js";
import {element, find} from "./dom.js";
import {openIndex} from "./engine.js";
import {createPanel} from "./panel.js";
import {createResultItems, skeletonItems} from "./results.js";
import {createSuggester} from "./suggest.js";
import {_, _n, OWN} from "../site.js";
import {addressOf, fetchFile} from "../source.js";

/** @import {Answer} from "./engine.js" */

const PAGE_SIZE = 10;
const PAUSE = 250; // milliseconds after the last key
const FILTERS = ["region", "campaign", "paper", "from", "to"];
const FIELDS = ["q", ...FILTERS, "sort"];
const TEXT = {
  searching: _("正在检索…"),
  offline: _("没有网络，这次检索要用的索引也没有存下来。"),
  kept: (/** @type {string} */ found) => _("{found}。没有网络，检索的是存在这台设备上的索引，不一定是最新的。", {found}),
  unread: (/** @type {number} */ count) => _n("其中 {n} 篇没有存下来，引号里的话没有核对。", count),
  broken: _("检索用的索引读不出来，请刷新页面再试。"),
  empty: _("没有找到。可以换一个词，或者放宽地区、活动和年份。"),
  found: (/** @type {number} */ total) => _n("找到 {n} 篇", total),
  missing: (/** @type {string} */ found, /** @type {string[]} */ words) =>
    _("{found}。没有一篇含有全部词语，略去了：{words}", {found, words: words.join(_("、"))}),
  meant: _("是不是要找："),
  previous: _("上一页"),
  next: _("下一页"),
};

const form = document.querySelector("[data-search]");
if (form instanceof HTMLFormElement) createSearchPage(form);

/**
 * @param {HTMLFormElement} form
 */
function createSearchPage(form) {
  const status = find("[data-search-status]");
  const hint = find("[data-search-hint]");
  const meant = find("[data-search-meant]");
  const list = find("[data-search-results]");
  const pager = find("[data-search-pager]");
  const resultItems = createResultItems(String(form.dataset.index).replace(/\/search-index\/$/, ""));
  const panel = createPanel(find("[data-search-panel]"), (question) => {
    fillForm(question);
    ask(question, {push: true});
  });
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
  createCombobox(/** @type {HTMLInputElement} */ (input("q")), {
    suggest: async (text) => createSuggester(await open()).suggest(text),
    choose({text, url}) {
      if (url) return location.assign(addressOf(url));
      input("q").value = text;
      ask(readForm(), {push: true});
    },
  });
  // Chromium clears a search box by itself, other browsers don't; a list of suggestions closes first.
  input("q").addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    input("q").value = "";
    askSoon();
  });
  window.addEventListener("popstate", () => {
    fillForm(new URLSearchParams(location.search));
    ask(new URLSearchParams(location.search), {});
  });
  fillForm(new URLSearchParams(location.search));
  if (hasQuestion(new URLSearchParams(location.search))) ask(new URLSearchParams(location.search), {});
  else {
    hint.hidden = false;
    input("q").focus({preventScroll: true});
  }

  function open() {
    opening ??= openIndex(String(form.dataset.index), fetchFile);
    opening.catch(() => (opening = undefined));
    return opening;
  }

  function askSoon() {
    clearTimeout(pause);
    pause = setTimeout(() => ask(readForm(), {replace: true}), PAUSE);
  }

  /**
   * @param {URLSearchParams} question
   * @param {{push?: boolean, replace?: boolean, again?: boolean}} how what becomes of the address; whether it failed once
   */
  async function ask(question, {push, replace, again}) {
    clearTimeout(pause);
    const address = `${location.pathname}${question.size ? `?${question}` : ""}`;
    if (push && address !== location.pathname + location.search) history.pushState(null, "", address);
    if (replace) history.replaceState(null, "", address);
    const number = ++asked;
    meant.replaceChildren();
    hint.hidden = hasQuestion(question);
    if (!hasQuestion(question)) {
      panel.hide();
      return show({total: 0, results: [], missing: [], words: [], documents: [], unread: 0}, question, "");
    }
    status.textContent = TEXT.searching;
    list.setAttribute("aria-busy", "true");
    if (!list.hasChildNodes()) {
      list.replaceChildren(...skeletonItems());
      panel.wait();
    }
    try {
      const index = await open();
      const text = question.get("q") ?? "";
      const filters = Object.fromEntries(FILTERS.map((name) => [name, question.get(name) ?? ""]));
      const answer = await index.search(text, {
        ...filters,
        sort: /** @type {any} */ (question.get("sort") ?? "relevance"),
        offset: (pageOf(question) - 1) * PAGE_SIZE,
        limit: PAGE_SIZE,
      });
      // The bars go on showing all years when one is chosen. Exact phrases would need more articles' pages for that.
      const isNarrow = (filters.from || filters.to) && !/["＂]/.test(text);
      const wide = isNarrow ? await index.search(text, {...filters, from: "", to: "", limit: 0}) : answer;
      if (number !== asked) return;
      show(answer, question, index.isKept ? describeKept(answer) : describe(answer));
      panel.show({question, answer, wide, index});
      const spelling = await createSuggester(index).didYouMean(text).catch(() => null);
      if (number === asked && spelling) meant.replaceChildren(TEXT.meant, spellingLink(question, spelling));
    } catch (error) {
      opening = undefined;
      if (number !== asked) return;
      // The archive may have been published anew since the index was opened: then the new one answers.
      if (!again && error instanceof Error && error.name === "BrokenIndexError") return ask(question, {again: true});
      list.removeAttribute("aria-busy");
      list.replaceChildren();
      panel.hide();
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
    list.replaceChildren(...resultItems(answer));
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
  return ["q", ...FILTERS].some((name) => question.get(name));
}

/** @param {URLSearchParams} question */
function pageOf(question) {
  return Math.max(1, Number.parseInt(question.get("page") ?? "1", 10) || 1);
}

/** @param {Answer} answer */
function describe(answer) {
  if (answer.total === 0) return TEXT.empty;
  const found = TEXT.found(answer.total);
  return answer.missing.length ? TEXT.missing(found, answer.missing) : found;
}

/** @param {Answer} answer what was found without a net */
function describeKept(answer) {
  const told = TEXT.kept(describe(answer).replace(/[。.]$/, ""));
  return answer.unread ? [told, TEXT.unread(answer.unread)].join(OWN.lang ? " " : "") : told;
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
 * @param {string} text
 */
function spellingLink(question, text) {
  const target = new URLSearchParams(question);
  target.set("q", text);
  target.delete("page");
  return element("a", {class: "did-you-mean", href: `?${target}`, ...OWN}, text);
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
