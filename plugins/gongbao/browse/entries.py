"""An article as lists show it: it stands in those of its place, campaign, year and issue, in three forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from gongbao.article import Article
from gongbao.story import Story

MOST_KEPT = 1 << 16  # some 2 KB each


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
        self._parts = lru_cache(MOST_KEPT)(self._render_parts)

    def __call__(self, article: Article, level: int = 2, *, with_source: bool = True) -> Any:
        """The entry of an article, its title a heading of so high a level, with or without the paper's name."""
        return self._macros.entry(self._parts(article.address), level, with_source)

    def prepare(self, articles: Iterable[Article]) -> None:
        """Render the parts of articles, for all processes that begin from here."""
        for article in articles:
            self._parts(article.address)

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
