"""Dates as precise as the archive knows them: a day, a month or only a year."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from gongbao.words import date_name

DATE_RE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
# As dates are written elsewhere: offered in a message, never taken.
LOOSE_RE = re.compile(
    r"(?P<year>\d{4})(?:(?P<mm>\d\d)(?P<dd>\d\d)"
    r"|\s*[年./-]\s*(?P<month>\d{1,2})(?:\s*[月./-]\s*(?P<day>\d{1,2}))?\s*[月日号]?)"
)


@dataclass(frozen=True)
class PartialDate:
    """A date of the Gregorian calendar with `month` and `day` known or None."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """ISO 8601 with reduced precision: 2020, 2020-01 or 2020-01-15."""
        return _iso(self.year, self.month, self.day)

    @property
    def chinese(self) -> str:
        """2020年1月15日, and no more of it than is known."""
        month = f"{self.month}月" if self.month else ""
        day = f"{self.day}日" if self.day else ""
        return f"{self.year}年{month}{day}"

    @property
    def in_words(self) -> str:
        """The same in the language of the interface: 15 January 2020."""
        return date_name(self.year, self.month, self.day)

    @property
    def first_day(self) -> datetime.date:
        """The earliest day that the date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Orders by time; a less precise date stands before the days it contains."""
        return (self.year, self.month or 0, self.day or 0)


@lru_cache(maxsize=1 << 15)  # each day stands on many pages
def _iso(year: int, month: int | None, day: int | None) -> str:
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)])


def parse_date(text: str) -> PartialDate:
    """Read YYYY, YYYY-MM or YYYY-MM-DD.

    Raises ValueError with a Chinese reason if the form is another or the calendar has no such day.
    """
    match = DATE_RE.fullmatch(text.strip())
    if match is None:
        hint = f"，是否想写 {meant}" if (meant := guess_date(text)) else "，应为 2020-01-15、2020-01 或 2020"
        raise ValueError(f"日期“{text}”写法不对{hint}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    date = PartialDate(year, month, day)
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(f"日期“{text}”在日历上不存在") from None
    return date


def guess_date(text: str) -> PartialDate | None:
    """The date that 2020年1月15日, 2020/1/15, 2020.1 or 20200115 mean; None if that isn't plain."""
    match = LOOSE_RE.fullmatch(text.strip())
    if match is None:
        return None
    month, day = int(match["mm"] or match["month"]), int(match["dd"] or match["day"] or 0)
    try:
        return parse_date(f"{match['year']}-{month:02d}" + (f"-{day:02d}" if day else ""))
    except ValueError:
        return None
