"""The archive by day of the year: what was dated 15 January in any year, for “on this day”."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongbao.addresses import day_address
from gongbao.article import Article
from gongbao.words import day_name

LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # 29 February comes up every four years
SHOWN = 4  # articles of a day on the home page


@dataclass(frozen=True)
class DayNode:
    """A day of the year with the articles of that day in all years, newest first."""

    month: int
    day: int
    articles: tuple[Article, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return day_name(self.month, self.day)

    @property
    def key(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"

    @property
    def address(self) -> str:
        return day_address(self.month, self.day)


def gather_days(articles: Iterable[Article]) -> tuple[DayNode, ...]:
    """Each day of the year that an article is dated, in order. Dates without a day belong to none."""
    days: defaultdict[tuple[int, int], list[Article]] = defaultdict(list)
    for article in articles:
        if article.date.month and article.date.day:
            days[article.date.month, article.date.day].append(article)
    return tuple(DayNode(month, day, tuple(days[month, day])) for month, day in sorted(days))


def year_grid(days: Iterable[DayNode]) -> tuple[tuple[int, tuple[tuple[int, DayNode | None], ...]], ...]:
    """The twelve months, each with its days and what is there."""
    found = {(node.month, node.day): node for node in days}
    return tuple(
        (month, tuple((day, found.get((month, day))) for day in range(1, length + 1)))
        for month, length in enumerate(LENGTHS, 1)
    )


def usual_lines(days: Sequence[DayNode]) -> int:
    """How many articles the home page usually shows of a day: so much room is kept, that nothing jumps; 0 to SHOWN."""
    return statistics.median_low(min(SHOWN, len(node.articles)) for node in days) if days else 0


def days_index(days: Sequence[DayNode]) -> str:
    """A JSON object, {"01-15": 6, …}: which days have articles, and how many."""
    return json.dumps({node.key: len(node.articles) for node in days}, separators=(",", ":"))


def day_json(node: DayNode) -> str:
    """What the home page shows of a day: a JSON array of [address, title, year, place], the newest first."""
    rows = [
        [article.address, article.title, article.year, article.places[0].name if article.places else ""]
        for article in node.articles[:SHOWN]
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
