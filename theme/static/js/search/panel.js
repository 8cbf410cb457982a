/**
 * What narrows a search below its status line: bars for the years, and counts by place, campaign and paper.
 *
 * Bars and values are links to the narrowed search; the page answers them without a new load.
 */

import {element} from "./dom.js";
import {aroundPlace, countFacets, countYears} from "./facets.js";
import {_, _n, OWN} from "../site.js";

/** @import {Answer, openIndex} from "./engine.js" */
/** @import {Columns, Count, Facet} from "./facets.js" */

const COLUMNS_FILE = "columns.bin";
const SVG = "http://www.w3.org/2000/svg";
const LABEL_STEPS = [1, 2, 5, 10, 20, 50];
const SPARSE = 12; // years that have room for a label and a count each
/** @type {{facet: Facet, title: string, all: string}[]} */
const FACETS = [
  {facet: "region", title: _("地区"), all: _("全部地区")},
  {facet: "campaign", title: _("活动"), all: _("全部活动")},
  {facet: "paper", title: _("报纸"), all: _("全部报纸")},
];
const TEXT = {
  counting: _("正在统计…"),
  broken: _("统计用的数据读不出来，请刷新页面再试。"),
  none: _("这些报道没有标明地区、活动或报纸。"),
  year: (/** @type {number} */ year, /** @type {number} */ count) => _n("{year}年 {n} 篇", count, {year}),
  again: (/** @type {string} */ text) => _("{text}，再点一次看全部年份", {text}),
};

/**
 * @typedef {object} Found
 * @property {URLSearchParams} question
 * @property {Answer} answer
 * @property {Answer} wide what would be found without the filter by years
 * @property {Awaited<ReturnType<typeof openIndex>>} index
 */

/**
 * @param {HTMLElement} container
 * @param {(question: URLSearchParams) => void} choose called when the reader picks a bar or a value
 */
export function createPanel(container, choose) {
  const bars = /** @type {HTMLElement} */ (container.querySelector("[data-search-years]"));
  const details = /** @type {HTMLDetailsElement} */ (container.querySelector("[data-search-facets]"));
  const values = /** @type {HTMLElement} */ (details.querySelector("[data-search-values]"));
  /** @type {Found | undefined} */
  let found;

  details.addEventListener("toggle", showValues);
  container.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    choose(new URLSearchParams(link.search));
  });
  return {show, wait, hide};

  /** Take the room that the bars will need, so that nothing moves when they come. */
  function wait() {
    container.hidden = false;
    details.hidden = false;
  }

  function hide() {
    found = undefined;
    container.hidden = true;
    bars.replaceChildren();
    values.replaceChildren();
  }

  /** @param {Found} now */
  function show(now) {
    if (!now.wide.total) return hide();
    found = now;
    container.hidden = false;
    details.hidden = !now.answer.total;
    keepFocus(() => bars.replaceChildren(...yearBars(now.question, countYears(now.index.years, now.wide.documents))));
    showValues();
  }

  async function showValues() {
    if (!details.open || !found) return;
    const asked = found;
    if (!values.hasChildNodes()) values.append(element("p", {class: "empty"}, TEXT.counting));
    try {
      /** @type {Columns} */
      const columns = await asked.index.readJson(COLUMNS_FILE);
      if (asked !== found) return;
      const groups = facetGroups(asked.question, countFacets(columns, asked.answer.documents));
      keepFocus(() => values.replaceChildren(...groups));
    } catch {
      if (asked === found) values.replaceChildren(element("p", {class: "empty"}, TEXT.broken));
    }
  }

  /**
   * Replace links; the one that stands for the same value gets the focus that the old one had.
   *
   * @param {() => void} replace
   */
  function keepFocus(replace) {
    const active = document.activeElement;
    const within = active instanceof HTMLElement && container.contains(active) ? active : undefined;
    replace();
    if (!within || within.isConnected) return;
    const same = [...container.querySelectorAll("a")].find(({dataset}) => dataset.value === within.dataset.value);
    (same ?? details.querySelector("summary"))?.focus({preventScroll: true});
  }
}

/**
 * @param {URLSearchParams} question
 * @param {{year: number, count: number}[]} counts
 */
function yearBars(question, counts) {
  const most = Math.max(1, ...counts.map(({count}) => count));
  const isSparse = counts.length <= SPARSE;
  const step = isSparse ? 1 : (LABEL_STEPS.find((years) => counts.length / years <= 7) ?? 100);
  return counts.map(({year, count}) => {
    const label = year % step ? [] : [element("span", {class: "year-label"}, String(year))];
    if (!count) return element("li", {"aria-hidden": "true"}, label);
    const isChosen = question.get("from") === String(year) && question.get("to") === String(year);
    const text = TEXT.year(year, count);
    const link = element(
      "a",
      {
        href: address(question, isChosen ? {from: "", to: ""} : {from: String(year), to: String(year)}),
        title: isChosen ? TEXT.again(text) : text,
        "aria-label": text,
        "data-value": `year ${year}`,
        ...(isChosen ? {"aria-current": "true"} : {}),
      },
      [...(isSparse ? [element("span", {class: "count"}, String(count))] : []), bar(count / most), ...label],
    );
    return element("li", {}, [link]);
  });
}

/** @param {number} share of the highest bar */
function bar(share) {
  const height = Math.max(2, Math.round(share * 100));
  const svg = document.createElementNS(SVG, "svg");
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({viewBox: "0 0 10 100", preserveAspectRatio: "none", "aria-hidden": "true"})) {
    svg.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({x: 1, width: 8, y: 100 - height, height})) {
    rect.setAttribute(name, String(value));
  }
  svg.append(rect);
  return svg;
}

/**
 * @param {URLSearchParams} question
 * @param {Record<Facet, Count[]>} counts
 */
function facetGroups(question, counts) {
  const groups = FACETS.filter(({facet}) => counts[facet].length || question.has(facet)).map(({facet, title, all}) => {
    const chosen = question.get(facet) ?? "";
    const {line, inside} =
      facet === "region"
        ? aroundPlace(counts.region, chosen)
        : {line: [], inside: counts[facet].toSorted((a, b) => Number(b.id === chosen) - Number(a.id === chosen))};
    return element("section", {class: "facet"}, [
      element("h2", {}, title),
      element("ul", {class: "link-list"}, [
        ...(chosen ? [valueItem(question, facet, {id: "", name: all}, chosen)] : []),
        ...[...line, ...inside].map((value) => valueItem(question, facet, value, chosen)),
      ]),
    ]);
  });
  return groups.length ? groups : [element("p", {class: "empty"}, TEXT.none)];
}

/**
 * @param {URLSearchParams} question
 * @param {Facet} facet
 * @param {{id: string, name: string, count?: number}} value
 * @param {string} chosen
 */
function valueItem(question, facet, {id, name, count}, chosen) {
  const link = element(
    "a",
    {
      href: address(question, {[facet]: id}),
      "data-value": `${facet} ${id}`,
      ...(id ? OWN : {}),
      ...(id && id === chosen ? {"aria-current": "true"} : {}),
    },
    name,
  );
  if (count === undefined) return element("li", {}, [link]);
  return element("li", {}, [
    link,
    " ",
    element("span", {class: "count"}, [String(count), element("span", {class: "visually-hidden"}, _n("篇", count))]),
  ]);
}

/**
 * @param {URLSearchParams} question
 * @param {Record<string, string>} changes an empty value takes the filter away
 */
function address(question, changes) {
  const target = new URLSearchParams(question);
  target.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    if (value) target.set(name, value);
    else target.delete(name);
  }
  return `?${target}`;
}
