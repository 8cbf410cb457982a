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
