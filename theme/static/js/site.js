/**
 * What every page has: the words of the interface, the key that leads to the search box, marks of a search.
 */

/**
 * What another language says for a Chinese text; a text that counts has a wording for each category of
 * Intl.PluralRules. Only pages of such a language bring it along (gongbao/words.py).
 *
 * @type {Record<string, string | Record<string, string>>}
 */
const words = JSON.parse(document.querySelector("#words")?.textContent ?? "{}");
const language = document.documentElement.lang;

/** Attributes of elements that hold the archive's own text, where the interface isn't Chinese. */
export const OWN = language === "zh-CN" ? {} : {lang: "zh-CN"};

/**
 * A text in the language of the interface.
 *
 * @param {string} text Chinese, with {name} for what varies
 * @param {Record<string, unknown>} [values]
 */
export function _(text, values = {}) {
  const found = words[text];
  return (typeof found === "string" ? found : text).replace(/\{(\w+)\}/g, (_whole, name) => String(values[name]));
}

/**
 * A text that counts: {n} in it is the number.
 *
 * @param {string} text
 * @param {number} n
 * @param {Record<string, unknown>} [values]
 */
export function _n(text, n, values = {}) {
  const found = words[text];
  if (typeof found !== "object") return _(text, {...values, n});
  return _(found[new Intl.PluralRules(language).select(n)] ?? text, {...values, n: n.toLocaleString(language)});
}

/** @type {HTMLInputElement | null} */
const search = document.querySelector("input[data-search-focus]");

/**
 * Whether a key pressed here is text: in a field, in an editable element or in the middle of an input method.
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
function isTyping(event) {
  const target = event.target;
  if (event.isComposing || !(target instanceof HTMLElement)) return event.isComposing;
  return target.isContentEditable || target.matches("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (!search) return;
  event.preventDefault();
  search.focus();
});

// A result hands the words that were searched on to the article.
const mark = new URLSearchParams(location.search).get("mark");
if (mark && document.querySelector("[data-article-body]")) {
  import("./search/highlight.js").then(({markArticle}) => markArticle(mark.split(" ")));
}

// Only an archive that can be read without a net has a manifest. Who saves data isn't asked for more of it.
const app = document.querySelector("link[rel=manifest]");
if (app instanceof HTMLLinkElement && "serviceWorker" in navigator && !(/** @type {any} */ (navigator).connection?.saveData)) {
  addEventListener("load", () => import("./offline/register.js").then(({registerWorker}) => registerWorker(app.href)));
}
