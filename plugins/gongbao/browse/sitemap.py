"""The site map (sitemaps.org), in as many files as its limit asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple
from xml.sax.saxutils import escape

from gongbao.article import Article

MOST_ENTRIES = 50_000  # of one file: https://www.sitemaps.org/protocol.html
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Entry(NamedTuple):
    """An address of the site; `lastmod` as YYYY-MM-DD, or empty where no date is honest."""

    address: str
    lastmod: str = ""


def last_day(articles: Iterable[Article]) -> str:
    """The latest day that an article is dated, for `lastmod`; empty if none of them has a full date.

    The archive doesn't know when a text was last touched, and a build's own time would call every page new. A page is
    at least as new as the newest story on it; the protocol allows full dates only, so months and years don't count.
    """
    days = [article.date for article in articles if article.date.day]
    return str(max(days, key=attrgetter("sort_key"))) if days else ""


@dataclass(frozen=True)
class SiteMap:
    """A file of the site map: its elements' names, its entries, and the archive's address."""

    root: str
    item: str
    entries: Sequence[Entry]
    site: str

    @property
    def digest(self) -> str:
        """All that it says, in fewer steps than the file takes."""
        return "\n".join((self.root, self.site, *(f"{entry.address} {entry.lastmod}" for entry in self.entries)))

    def to_xml(self) -> str:
        """The file."""
        item = self.item
        lines = (
            f"  <{item}><loc>{escape(self.site + entry.address)}</loc>"
            + (f"<lastmod>{entry.lastmod}</lastmod>" if entry.lastmod else "")
            + f"</{item}>\n"
            for entry in self.entries
        )
        return f'{HEAD}<{self.root} xmlns="{NAMESPACE}">\n{"".join(lines)}</{self.root}>\n'


def sitemap_files(entries: Iterable[Entry], site: str, limit: int = MOST_ENTRIES) -> dict[str, SiteMap]:
    """Files by their names: sitemap.xml or, past `limit`, sitemap-1.xml and so on, with sitemap.xml as index."""
    ordered = sorted(entries, key=attrgetter("address"))
    if len(ordered) <= limit:
        return {"sitemap.xml": SiteMap("urlset", "url", ordered, site)}
    parts = [ordered[start : start + limit] for start in range(0, len(ordered), limit)]
    files = {f"sitemap-{number}.xml": SiteMap("urlset", "url", part, site) for number, part in enumerate(parts, 1)}
    index = [Entry(f"/{name}", max(entry.lastmod for entry in part)) for name, part in zip(files, parts, strict=True)]
    return {"sitemap.xml": SiteMap("sitemapindex", "sitemap", index, site), **files}
