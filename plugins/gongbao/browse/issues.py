"""A paper's issues as a calendar, and what stands before and after an issue."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gongbao.addresses import calendar_address
from gongbao.browse.listings import Issue, PaperNode
from gongbao.dates import PartialDate
from gongbao.vocabulary import Paper
from gongbao.words import N_, _, month_name, year_name

WEEKDAYS = (
    *(N_("星期一"), N_("星期二"), N_("星期三"), N_("星期四")),
    *(N_("星期五"), N_("星期六"), N_("星期日")),
)


@dataclass(frozen=True)
class Month:
    """A month's days with their issues. `offset` is the weekday of the first, 1 (Monday) to 7."""

    month: int
    offset: int
    days: tuple[tuple[int, Issue | None], ...]
    count: int

    @property
    def name(self) -> str:
        return month_name(self.month)


@dataclass(frozen=True)
class CalendarYear:
    """A year of a paper: its months, and the issues of which only the month or the year is known."""

    paper: Paper
    year: int
    months: tuple[Month, ...]
    partial: tuple[Issue, ...]

    @property
    def name(self) -> str:
        return year_name(self.year)

    @property
    def address(self) -> str:
        return calendar_address(self.paper.id, self.year)

    @property
    def count(self) -> int:
        """How many issues the year has, with those of uncertain day."""
        return sum(month.count for month in self.months) + len(self.partial)


def paper_calendar(paper: PaperNode) -> tuple[CalendarYear, ...]:
    """The years that the archive has issues of, newest first; one pass over the issues."""
    years: defaultdict[int, list[Issue]] = defaultdict(list)
    for issue in paper.issues:
        years[issue.date.year].append(issue)
    return tuple(calendar_year(paper.paper, year, years[year]) for year in sorted(years, reverse=True))


def neighbours(issues: Sequence[Issue]) -> Iterator[tuple[Issue, Issue | None, Issue | None]]:
    """Each issue with the one before and the one after it in time; `issues` newest first."""
    for index, issue in enumerate(issues):
        yield issue, issues[index + 1] if index + 1 < len(issues) else None, issues[index - 1] if index else None


def date_in_words(date: PartialDate) -> str:
    """2020年1月16日 星期四; no weekday where the day isn't known."""
    if not date.day:
        return date.in_words
    return _("%(date)s %(weekday)s", date=date.in_words, weekday=_(WEEKDAYS[date.first_day.weekday()]))


def calendar_year(paper: Paper, year: int, issues: Iterable[Issue]) -> CalendarYear:
    """A year's issues, day by day."""
    by_day = {(issue.date.month, issue.date.day): issue for issue in issues}
    counts = Counter(month for month, day in by_day if day)
    months = []
    for month in range(1, 13):
        weekday, length = calendar.monthrange(year, month)
        days = tuple((day, by_day.get((month, day))) for day in range(1, length + 1))
        months.append(Month(month, weekday + 1, days, counts[month]))
    partial = sorted((issue for issue in issues if not issue.date.day), key=lambda issue: issue.date.sort_key)
    return CalendarYear(paper, year, tuple(months), tuple(partial))
