"""Feeds: Atom (RFC 4287) and JSON Feed 1.1, with an article's permanent address as its id.

Pelican's own feeds make the id from the article's day, so that an article dated 2020 which is later dated 2020-01-15
would come to every reader a second time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from gongbao.article import Article
from gongbao.story import Story
from gongbao.words import CHINESE

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
# A feed has to give a time. Ours is midnight in China on the first day that the date can mean.
MIDNIGHT = "T00:00:00+08:00"
EPOCH = f"1970-01-01{MIDNIGHT}"  # `updated` of a feed without entries, which Atom wants too
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Feed:
    """A feed's own data; addresses are absolute."""

    title: str
    description: str
    language: str
    author: str
    page: str
    address: str


def atom_feed(feed: Feed, items: Sequence[Story], site: str) -> str:
    """An Atom feed document; `site` makes the addresses of articles absolute."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", max((_time(item.article) for item in items), default=EPOCH))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(_add(root, "author"), "name", feed.author)
    for item in items:
        _add_entry(root, item, site)
    ElementTree.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ElementTree.tostring(root, encoding='unicode')}\n"


def json_feed(feed: Feed, items: Iterable[Story], site: str) -> str:
    """The same as JSON Feed 1.1."""
    document = {
        "version": JSON_FEED_VERSION,
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": f"{site}{item.article.address}",
                "url": f"{site}{item.article.address}",
                "title": item.article.title,
                "summary": item.summary,
                **({"image": f"{site}{item.article.pictures[0].address}"} if item.article.pictures else {}),
                "content_html": item.html,
                "date_published": _time(item.article),
                "tags": _tags(item.article),
                **_own_language("language", feed.language),
                **({"authors": authors} if (authors := [{"name": name} for name in _names(item.article)]) else {}),
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _add_entry(root: ElementTree.Element, item: Story, site: str) -> None:
    article, address = item.article, f"{site}{item.article.address}"
    entry = _add(root, "entry", **{"xml:base": address}, **_own_language("xml:lang", root.attrib["xml:lang"]))
    _add(entry, "id", address)
    _add(entry, "title", article.title)
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    for picture in article.pictures:
        _add(entry, "link", rel="enclosure", type=picture.media_type, href=f"{site}{picture.address}")
    _add(entry, "published", _time(article))
    _add(entry, "updated", _time(article))
    for name in _names(article):
        _add(_add(entry, "author"), "name", name)
    for tag in _tags(article):
        _add(entry, "category", term=tag)
    _add(entry, "summary", item.summary)
    _add(entry, "content", item.html, type="html")


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    clean = {name: NOT_XML.sub("", value) for name, value in attributes.items()}
    element = ElementTree.SubElement(parent, tag, clean)
    element.text = NOT_XML.sub("", text) or None
    return element


def _own_language(name: str, language: str) -> dict[str, str]:
    """Articles are Chinese; in a feed of another language they say so."""
    return {} if language == CHINESE else {name: CHINESE}


def _time(article: Article) -> str:
    return f"{article.date.first_day.isoformat()}{MIDNIGHT}"


def _names(article: Article) -> list[str]:
    return list(dict.fromkeys(credit.name for credit in article.byline))


def _tags(article: Article) -> list[str]:
    return [*(place.full_name for place in article.places), *(campaign.name for campaign in article.campaigns)]
