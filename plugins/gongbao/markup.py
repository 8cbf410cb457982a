"""Markdown to safe HTML, and HTML back to text and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nh3

if TYPE_CHECKING:
    import bs4
    import markdown

EXTENSIONS = ("tables", "footnotes", "attr_list", "sane_lists")
# What news needs. Articles come from many hands: everything else, scripts and styles first, is dropped.
ALLOWED_TAGS = {
    *("h2", "h3", "h4", "p", "br", "hr", "blockquote", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd"),
    *("em", "strong", "del", "sub", "sup", "ruby", "rt", "rp", "a", "img", "figure", "figcaption"),
    *("table", "thead", "tbody", "tr", "th", "td", "div"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "*": {"id", "lang"},
}
BLOCKS = frozenset(("p", "h2", "h3", "h4", "li", "dt", "dd", "td", "th", "blockquote", "pre", "figcaption"))
# Most stories are plain paragraphs, and reading Markdown is most of the time of reading an archive. A body without any
# character that could mean something, and without lines that begin or end in a way that could, needs no parser; a
# property test holds both ways to the same HTML.
MARK_RE = re.compile(r"[\\`*_{}\[\]<>&|\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
BEGINNING_RE = re.compile(r"\s|[#+=~:-]|\d+[.)]")  # of lists, headings, rules, indented lines
BLANK_LINES_RE = re.compile(r"\n{2,}")
PLAIN_HTML_RE = re.compile(r"(?:<p>[^<&]*</p>\n?)*")
PLAIN_PARAGRAPH_RE = re.compile(r"<p>([^<]*)</p>")


@cache
def _converter() -> markdown.Markdown:
    import markdown  # as for bs4 below

    return markdown.Markdown(extensions=list(EXTENSIONS), output_format="html")


def render_markdown(source: str) -> str:
    """Markdown as HTML that is safe to publish: scripts, styles, event handlers and unknown tags are gone."""
    text = source.strip("\n")
    if not _is_plain(text):
        return _convert(source)
    return "\n".join(f"<p>{block}</p>" for block in BLANK_LINES_RE.split(text)) if text else ""


def _is_plain(text: str) -> bool:
    if MARK_RE.search(text):
        return False
    # Line by line: to look for beginnings and ends in all of a text takes a pattern six times as long.
    lines = (line for line in text.split("\n") if line)
    return not any(BEGINNING_RE.match(line) or line[-1].isspace() for line in lines)


def _convert(source: str) -> str:
    converter = _converter().reset()
    return nh3.clean(
        converter.convert(source),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """No picture from elsewhere: a page asks no other host for anything."""
    parts = urlsplit(value)
    return None if tag == "img" and name == "src" and (parts.scheme or parts.netloc) else value


def html_paragraphs(html: str) -> list[str]:
    """The text of each block of a rendered body, in order; white space inside a block is one space."""
    if PLAIN_HTML_RE.fullmatch(html):
        return [text for own in PLAIN_PARAGRAPH_RE.findall(html) if (text := " ".join(own.split()))]
    soup = _parse(html)
    paragraphs: list[str] = []
    for _, strings in groupby(soup.find_all(string=True), key=_block_of):
        if text := " ".join("".join(strings).split()):
            paragraphs.append(text)
    return paragraphs


def _parse(html: str) -> bs4.BeautifulSoup:
    import bs4  # plain stories never get here, and a tenth of a second is a tenth of what `inv build` takes to begin

    return bs4.BeautifulSoup(html, "html.parser")


def _block_of(string: bs4.element.PageElement) -> int:
    """Which block a string stands in, as an identity; ten times faster than `find_parent` with a list of names."""
    parent = string.parent
    while parent is not None and parent.name not in BLOCKS:
        parent = parent.parent
    return id(parent)


def html_links(html: str) -> Iterator[str]:
    """Every address that a page points to: links, images, scripts, style sheets."""
    for tag in _parse(html).find_all(["a", "link", "img", "script", "form"]):
        for attribute in ("href", "src", "action"):
            value = tag.get(attribute)
            if isinstance(value, str):
                yield value
