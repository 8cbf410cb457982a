"""An article as lists show it, rendered once for each form: it stands in those of its place, campaign and year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from gongbao.article import Article
from gongbao.story import Story

MOST_KEPT = 1 << 16  # some 700 bytes each


class Entries:
    """Renders the macro `entry` of `theme/templates/macros.html`."""

    def __init__(self, environment: Any, context: Mapping[str, Any], stories: Mapping[str, Story]) -> None:
        self._environment, self._context, self._stories = environment, context, stories
        self._render = lru_cache(MOST_KEPT)(self._render_once)

    def __call__(self, article: Article, level: int = 2, *, with_source: bool = True) -> Any:
        """The entry of an article, its title a heading of so high a level, with or without the paper's name."""
        return self._render(article.address, level, with_source)

    @cached_property
    def _macro(self) -> Any:
        return self._environment.get_template("macros.html").module.entry

    def _render_once(self, address: str, level: int, with_source: bool) -> Any:
        story = self._stories[address]
        return self._macro(story.article, story.summary, self._context["base"], level, with_source)
