/**
 * A text box with suggestions below it: the list-autocomplete combobox of the ARIA Authoring Practices.
 */

import {element} from "./dom.js";
import {_, OWN} from "../site.js";

/** @import {Suggestion} from "./suggest.js" */

const PAUSE = 120; // milliseconds after the last key
const LIST_ID = "suggestions";
const KINDS = {title: _("文章"), word: _("词语")};

/**
 * @param {HTMLInputElement} box
 * @param {{suggest: (text: string) => Promise<Suggestion[]>, choose: (suggestion: Suggestion) => void}} options
 */
export function createCombobox(box, {suggest, choose}) {
  /** @type {Suggestion[]} */
  let shown = [];
  let active = -1; // -1: the reader's own text
  let asked = 0; // answers to earlier texts are dropped
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** @type {Element | undefined} */
  let list;

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", (event) => {
    if (event instanceof InputEvent && !event.isComposing) askSoon();
  });
  // An input method has a list of its own, and the same keys.
  box.addEventListener("compositionstart", close);
  box.addEventListener("compositionend", askSoon);
  box.addEventListener("blur", close);
  box.form?.addEventListener("submit", close);
  box.addEventListener("keydown", (event) => {
    if (!event.isComposing && list && !event.altKey && !event.ctrlKey && !event.metaKey && press(event.key)) {
      event.preventDefault();
    }
  });

  function askSoon() {
    const number = ++asked;
    clearTimeout(pause);
    pause = setTimeout(async () => {
      // Suggestions are help, not the answer: if they can't be had, the search itself says why.
      const found = await suggest(box.value).catch(() => []);
      if (number === asked) show(found);
    }, PAUSE);
  }

  /** @param {string} key @returns {boolean} whether the key was meant for the list */
  function press(key) {
    const chosen = shown[active];
    if (key === "ArrowDown") activate(active + 1);
    else if (key === "ArrowUp") activate(active - 1);
    else if (key === "Escape") close();
    else if (key === "Enter" && chosen) take(chosen);
    else return false;
    return true;
  }

  /** @param {number} place counted past either end to the reader's own text */
  function activate(place) {
    const steps = shown.length + 1;
    active = ((place + 1 + steps) % steps) - 1;
    [...(list?.children ?? [])].forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === active));
      if (i === active) option.scrollIntoView({block: "nearest"});
    });
    if (active < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", optionId(active));
  }

  /** @param {Suggestion[]} found */
  function show(found) {
    close();
    if (!found.length) return;
    shown = found;
    list = element("ul", {class: "suggestions", id: LIST_ID, role: "listbox", "aria-label": _("检索建议")}, found.map(toOption));
    box.after(list);
    box.setAttribute("aria-expanded", "true");
    box.setAttribute("aria-controls", LIST_ID);
  }

  /**
   * @param {Suggestion} suggestion
   * @param {number} place
   */
  function toOption(suggestion, place) {
    const kind = element("span", {class: "suggestion-kind"}, KINDS[suggestion.kind]);
    const attributes = {role: "option", id: optionId(place), "aria-selected": "false"};
    const option = element("li", attributes, [element("span", OWN, suggestion.text), " ", kind]);
    option.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => take(suggestion));
    return option;
  }

  /** @param {Suggestion} suggestion */
  function take(suggestion) {
    close();
    choose(suggestion);
  }

  function close() {
    asked++;
    clearTimeout(pause);
    list?.remove();
    list = undefined;
    shown = [];
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-controls");
    box.removeAttribute("aria-activedescendant");
  }
}

/** @param {number} place */
function optionId(place) {
  return `${LIST_ID}-${place}`;
}
