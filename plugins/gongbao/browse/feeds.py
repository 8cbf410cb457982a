"""Feeds: Atom (RFC 4287) and JSON Feed 1.1, with an article's permanent address as its id.

Pelican's own feeds make the id from the article's day, so that an article dated 2020 which is later dated 2020-01-15
would come to every reader a second time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

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
    tags = (
        _tag("id", feed.address),
        _tag("title", feed.title),
        _tag("subtitle", feed.description),
        _tag("updated", max((_time(item.article) for item in items), default=EPOCH)),
        _tag("link", rel="self", type="application/atom+xml", href=feed.address),
        _tag("link", rel="alternate", type="text/html", href=feed.page),
        _around("author", [_tag("name", feed.author)]),
        *(_entry(item, site, feed.language) for item in items),
    )
    document = _around("feed", tags, **{"xmlns": ATOM, "xml:lang": feed.language})
    return f"<?xml version='1.0' encoding='utf-8'?>\n{document}\n"


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


def _entry(item: Story, site: str, language: str) -> str:
    article, address, time = item.article, f"{site}{item.article.address}", _time(item.article)
    tags = (
        _tag("id", address),
        _tag("title", article.title),
        _tag("link", rel="alternate", type="text/html", href=address),
        *(
            _tag("link", rel="enclosure", type=picture.media_type, href=f"{site}{picture.address}")
            for picture in article.pictures
        ),
        _tag("published", time),
        _tag("updated", time),
        *(_around("author", [_tag("name", name)]) for name in _names(article)),
        *(_tag("category", term=tag) for tag in _tags(article)),
        _tag("summary", item.summary),
        _tag("content", item.html, type="html"),
    )
    return _around("entry", tags, **{"xml:base": address}, **_own_language("xml:lang", language))


def _tag(name: str, text: str = "", /, **attributes: str) -> str:
    """An element with a text, or with none."""
    begin = f"<{name}{_attributes(attributes)}"
    return f"{begin}>{escape(NOT_XML.sub('', text))}</{name}>" if text else f"{begin} />"


def _around(name: str, tags: Iterable[str], /, **attributes: str) -> str:
    """An element around others, each in lines of its own."""
    return "\n".join((f"<{name}{_attributes(attributes)}>", *tags, f"</{name}>"))


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join([f" {name}={quoteattr(NOT_XML.sub('', value))}" for name, value in attributes.items()])


def _own_language(name: str, language: str) -> dict[str, str]:
    """Articles are Chinese; in a feed of another language they say so."""
    return {} if language == CHINESE else {name: CHINESE}


def _time(article: Article) -> str:
    return f"{article.date.first_day.isoformat()}{MIDNIGHT}"


def _names(article: Article) -> list[str]:
    return list(dict.fromkeys(credit.name for credit in article.byline))


def _tags(article: Article) -> list[str]:
    return [*(place.full_name for place in article.places), *(campaign.name for campaign in article.campaigns)]
