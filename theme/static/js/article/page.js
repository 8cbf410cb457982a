/**
 * What script adds to an article's page: copying citations and the addresses of paragraphs, sharing, the reader's list.
 * Without it the same texts and addresses stand on the page.
 */

import {offerText} from "../shelf/download.js";
import {openShelf} from "../shelf/store.js";
import {_} from "../site.js";
import {copyText} from "./clipboard.js";

const NOTICE_MS = 5000;
const MIME = {bib: "application/x-bibtex", ris: "application/x-research-info-systems"};
const TEXT = {
  copied: _("已复制"),
  copiedParagraph: (/** @type {string} */ number) => _("已复制第 {number} 段的地址", {number}),
  notCopied: _("浏览器不让复制，请选中文字后复制"),
  share: _("分享"),
  added: _("已收藏在这个浏览器里"),
  removed: _("已从收藏中移除"),
  blocked: _("浏览器不让网站保存数据，收藏不了"),
};

const story = document.querySelector("[data-story]");
const address = story instanceof HTMLElement ? (story.dataset.story ?? "") : "";
const permalink = find("#permalink").getAttribute("href") ?? location.href;
let clearing = 0;

prepareCopying();
prepareParagraphs();
prepareSharing();
prepareShelf();

function prepareCopying() {
  for (const button of buttons("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(textOf(button.dataset.copy ?? ""), TEXT.copied));
  }
  for (const button of buttons("[data-save]")) {
    const file = button.dataset.file ?? "";
    const type = file.endsWith(".ris") ? MIME.ris : MIME.bib;
    button.hidden = false;
    button.addEventListener("click", () => offerText(file, type, `${textOf(button.dataset.save ?? "")}\n`));
  }
}

function prepareParagraphs() {
  find("[data-article-body]").addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.anchor") : null;
    if (!link) return; // the link itself still leads to the paragraph, so that the address bar has it too
    const number = link.getAttribute("aria-label")?.match(/\d+/)?.[0] ?? "";
    copy(`${permalink}${link.getAttribute("href")}`, TEXT.copiedParagraph(number));
  });
}

function prepareSharing() {
  const button = show("[data-share]");
  const data = {title: find("h1").textContent ?? "", url: permalink};
  const shares = typeof navigator.share === "function" && (navigator.canShare?.(data) ?? true);
  if (shares) button.textContent = TEXT.share;
  button.addEventListener("click", async () => {
    if (!shares) return copy(permalink, TEXT.copied);
    try {
      await navigator.share(data);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) await copy(permalink, TEXT.copied);
    }
  });
}

function prepareShelf() {
  const shelf = openShelf(() => localStorage, base());
  const button = show("[data-keep]");
  const link = find("[data-shelf-link]").closest("li");
  const update = () => {
    const kept = shelf.has(address);
    button.setAttribute("aria-pressed", String(kept));
    if (link) link.hidden = !kept;
  };
  button.addEventListener("click", () => {
    const kept = shelf.has(address);
    const done = kept ? shelf.remove(address) : shelf.add(entry());
    announce(done ? (kept ? TEXT.removed : TEXT.added) : TEXT.blocked);
    update();
  });
  addEventListener("storage", update); // kept or removed in another window
  addEventListener("pageshow", update); // back from the list
  update();
}

/** @returns {import("../shelf/store.js").Entry} */
function entry() {
  return {
    address,
    title: find("h1").textContent ?? "",
    about: [...document.querySelectorAll(".story-meta :is(time, [data-paper])")].map((part) => part.textContent).join(" "),
    text: textOf("cite-text"),
    bibtex: textOf("cite-bibtex"),
    ris: textOf("cite-ris"),
  };
}

/** The path below which the site stands: what comes before the article's own address. */
function base() {
  return address.slice(0, address.lastIndexOf("/articles/"));
}

/**
 * @param {string} text
 * @param {string} message
 */
async function copy(text, message) {
  announce((await copyText(text)) ? message : TEXT.notCopied);
}

/** @param {string} message */
function announce(message) {
  const notice = find("[data-notice]");
  notice.textContent = message;
  clearTimeout(clearing);
  clearing = window.setTimeout(() => notice.replaceChildren(), NOTICE_MS);
}

/** @param {string} selector a button in an item of the tools that waits for script */
function show(selector) {
  const button = find(selector);
  const item = button.closest("li");
  if (item) item.hidden = false;
  return button;
}

/** @param {string} id */
function textOf(id) {
  return document.getElementById(id)?.textContent ?? "";
}

/** @param {string} selector */
function buttons(selector) {
  return /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(`button${selector}`));
}

/** @param {string} selector */
function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}
