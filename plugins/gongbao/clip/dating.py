"""When the page appeared and when a story's event was, from the text and from what the caller knows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from gongbao.clip.places import Text
from gongbao.dates import PartialDate, parse_date

FULL_RE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日)?")
DAY_RE = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})(?:日|(?=[至—-]\d{1,2}日))")
YEAR_RE = re.compile(r"((?:19|20)\d\d)年")
# 到2025年, 力争2030年: years to come; (1953—2020): spans of books.
FUTURE_RE = re.compile(r"(?:到|至|力争|争取|预计|规划|展望|远景|[—-])\s*$")
PRINTED_RE = re.compile(r"^\s*((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
# 二〇一三年六月二十一日, as many papers print it in their heads.
CHINESE_RE = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
DIGITS = {**{char: number for number, char in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0}
LEAD_CHARACTERS = 260  # the event is told of in a story's beginning
NEAR_START = 90
YEARS = range(1900, 2100)


@dataclass(frozen=True)
class FoundDate:
    """A date with the line and words that say it; line 0 if it was given and not read."""

    date: PartialDate
    line: int
    words: str


def page_date(banners: list[Text], texts: list[Text]) -> FoundDate | None:
    """The page's own date: printed in its head, or the latest year that its text speaks of as present or past."""
    for text in banners:
        if match := CHINESE_RE.search(text.folded):
            printed = "".join(str(DIGITS[char]) for char in match[1])
            if date := _date(printed, str(read_numeral(match[2])), str(read_numeral(match[3]))):
                return FoundDate(date, text.line, match[0])
        if (match := FULL_RE.search(text.folded)) and match[3] and (date := _date(match[1], match[2], match[3])):
            return FoundDate(date, text.line, match[0])
    years: Counter[int] = Counter()
    first: dict[int, tuple[int, str]] = {}
    for text in texts:
        for match in YEAR_RE.finditer(text.folded):
            year = int(match[1])
            if year in YEARS and not FUTURE_RE.search(text.folded[max(match.start() - 6, 0) : match.start()]):
                years[year] += 1
                first.setdefault(year, (text.line, text.folded[match.start() : match.end() + 6]))
    if not years:
        return None
    latest = max(years)
    return FoundDate(PartialDate(latest), *first[latest])


def read_numeral(text: str) -> int:
    """A number below 100 in Chinese numerals: 九, 十, 十二, 二十, 二十一."""
    tens, ten, ones = text.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + (DIGITS[ones] if ones else 0)


def _date(year: str | int, month: str, day: str | None) -> PartialDate | None:
    try:
        return parse_date(f"{int(year):04d}-{int(month):02d}" + (f"-{int(day):02d}" if day else ""))
    except ValueError:
        return None


def event_date(texts: list[Text], page: FoundDate | None) -> FoundDate | None:
    """The day of the event: the first that a story's beginning names and that can belong to the page's year.

    Where none is named, the page's date as far as it is known; None if nothing is.
    """
    read = 0
    for text in texts:
        if text.position not in ("lead", "body", "caption"):
            continue
        for found in _days(text, page.date if page else None, read):
            return found
        read += len(text.folded)
        if read > LEAD_CHARACTERS:
            break
    return page


def _days(text: Text, page: PartialDate | None, read: int) -> list[FoundDate]:
    found: list[tuple[int, FoundDate]] = []
    for match in FULL_RE.finditer(text.folded):
        date = _date(match[1], match[2], match[3])
        if date and match[3] and _is_recent(date, page, read + match.start()):
            found.append((match.start(), FoundDate(date, text.line, match[0])))
    for match in DAY_RE.finditer(text.folded):
        if page is None:
            break
        year = page.year - 1 if page.month and int(match[1]) > page.month + 2 else page.year
        if (date := _date(year, match[1], match[2])) and read + match.start() <= LEAD_CHARACTERS:
            found.append((match.start(), FoundDate(date, text.line, match[0])))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _is_recent(date: PartialDate, page: PartialDate | None, at: int) -> bool:
    """Whether a full date can be news and not history: of the page's year, or of the end of the year before."""
    if page is None or date.year == page.year:
        return at <= LEAD_CHARACTERS
    return date.year == page.year - 1 and (date.month or 0) >= 11 and at <= NEAR_START
