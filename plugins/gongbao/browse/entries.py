"""An article as lists show it: it stands in those of its place, campaign, year and issue, in three forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from gongbao.article import Article
from gongbao.story import Story
from gongbao.workers import map_beside

MOST_KEPT = 1 << 16  # some 2 KB each
AT_ONCE = 256


class Parts(NamedTuple):
    """What is the same in all forms of an entry, as HTML; `source` is empty where the paper isn't known."""

    title: Any
    date: Any
    source: Any
    rest: Any


class Entries:
    """Renders the macro `entry` of `theme/templates/macros.html`, and those for its parts once for each article."""

    def __init__(self, environment: Any, context: Mapping[str, Any], stories: Mapping[str, Story]) -> None:
        self._environment, self._context, self._stories = environment, context, stories
        self._kept: dict[str, Parts] = {}

    def __call__(self, article: Article, level: int = 2, *, with_source: bool = True) -> Any:
        """The entry of an article, its title a heading of so high a level, with or without the paper's name."""
        parts = self._kept.get(article.address)
        if parts is None:
            parts = self._render_parts(article.address)
            if len(self._kept) < MOST_KEPT:
                self._kept[article.address] = parts
        return self._macros.entry(parts, level, with_source)

    def prepare(self, articles: Sequence[Article]) -> None:
        """Render the parts of articles side by side, for all processes that begin from here."""
        addresses = [article.address for article in articles[:MOST_KEPT]]
        shares = [addresses[first : first + AT_ONCE] for first in range(0, len(addresses), AT_ONCE)]
        rendered = map_beside(lambda number: list(map(self._render_parts, shares[number])), len(shares))
        for share, parts in zip(shares, rendered, strict=True):
            self._kept.update(zip(share, parts, strict=True))

    @cached_property
    def _macros(self) -> Any:
        return self._environment.get_template("macros.html").module

    def _render_parts(self, address: str) -> Parts:
        macros, story, base = self._macros, self._stories[address], self._context["base"]
        article = story.article
        return Parts(
            title=macros.entry_title(article, base),
            date=macros.date(article.date),
            source=macros.source(article, base) if article.source else "",
            rest=macros.entry_rest(article, story.summary, base),
        )
