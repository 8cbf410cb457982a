"""Markdown to safe HTML, and HTML back to text and links."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import bs4
import markdown
import nh3

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
BLOCKS = ("p", "h2", "h3", "h4", "li", "dt", "dd", "td", "th", "blockquote", "pre", "figcaption")


@cache
def _converter() -> markdown.Markdown:
    return markdown.Markdown(extensions=list(EXTENSIONS), output_format="html")


def render_markdown(source: str) -> str:
    """Markdown as HTML that is safe to publish: scripts, styles, event handlers and unknown tags are gone."""
    converter = _converter().reset()
    return nh3.clean(
        converter.convert(source),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def html_paragraphs(html: str) -> list[str]:
    """The text of each block of a rendered body, in order; white space inside a block is one space."""
    soup = bs4.BeautifulSoup(html, "html.parser")
    blocks = [block for block in soup.find_all(BLOCKS) if not block.find(BLOCKS)]
    return [text for block in blocks if (text := " ".join(block.get_text().split()))]


def html_links(html: str) -> Iterator[str]:
    """Every address that a page points to: links, images, scripts, style sheets."""
    soup = bs4.BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(["a", "link", "img", "script", "form"]):
        for attribute in ("href", "src", "action"):
            value = tag.get(attribute)
            if isinstance(value, str):
                yield value
