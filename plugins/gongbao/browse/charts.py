"""Small charts as data: what each bar says, how long it is and where it leads. Templates draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gongbao.words import _, join_list, month_label, month_name, year_name

MONTHS = range(1, 13)
MOST_LABELS = 12  # as many four-digit years as stand side by side on a phone at half their length
LABEL_STEPS = (1, 2, 5, 10, 20, 50)
SHORTEST = 2  # per cent: a bar of one article among thousands can still be seen


@dataclass(frozen=True)
class Bar:
    """One bar. `share` is its length in per cent of the longest; `address` is empty where there is nothing to see.

    `label` is what fits beside or below the bar, empty where a neighbour's has to do; `name` is always complete.
    """

    name: str
    count: int
    address: str = ""
    label: str = ""
    share: int = 0
    marked: bool = False

    @property
    def top(self) -> int:
        """Where the bar begins, from the top of a chart of height 100."""
        return 100 - self.share


def scale_bars(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """The same bars with their lengths; a bar without articles has none and leads nowhere."""
    bars = tuple(bars)
    most = max((bar.count for bar in bars), default=0)
    return tuple(_scale(bar, most) for bar in bars)


def _scale(bar: Bar, most: int) -> Bar:
    share, address = (max(SHORTEST, round(100 * bar.count / most)), bar.address) if bar.count else (0, "")
    return Bar(bar.name, bar.count, address, bar.label, share, bar.marked)


def year_bars(counts: Mapping[int, int], address: Callable[[int], str]) -> tuple[Bar, ...]:
    """A bar for each year from the first to the last; years without articles are empty, not left out."""
    if not counts:
        return ()
    years = range(min(counts), max(counts) + 1)
    step = next((step for step in LABEL_STEPS if len(years) <= step * MOST_LABELS), LABEL_STEPS[-1])
    return scale_bars(
        Bar(year_name(year), counts.get(year, 0), address(year), f"{year}" if year % step == 0 else "")
        for year in years
    )


def month_bars(
    counts: Mapping[int, int], address: Callable[[int], str] | None = None, usual: Iterable[int] = ()
) -> tuple[Bar, ...]:
    """The twelve months; those of `usual` are marked."""
    return scale_bars(
        Bar(
            month_name(month),
            counts.get(month, 0),
            address(month) if address else "",
            month_label(month),
            marked=month in usual,
        )
        for month in MONTHS
    )


def ranked_bars(counts: Mapping[str, int], names: Mapping[str, str], address: Callable[[str], str]) -> tuple[Bar, ...]:
    """A bar for each key that has articles, the most first, equal ones in the order of `names`."""
    order = {key: number for number, key in enumerate(names)}
    keys = sorted((key for key in counts if counts[key]), key=lambda key: (-counts[key], order[key]))
    return scale_bars(Bar(names[key], counts[key], address(key), names[key]) for key in keys)


def season(months: Iterable[int]) -> str:
    """The months of a season in words, across the turn of the year too: 12月至次年2月; 4月、9月至10月."""
    own = set(months)
    if len(own) == len(MONTHS):
        return _("全年")
    runs = []
    for month in MONTHS:
        if month in own and _before(month) not in own:
            last = month
            while _after(last) in own:
                last = _after(last)
            runs.append((month, last))
    return join_list([_span(first, last) for first, last in runs])


def _before(month: int) -> int:
    return (month - 2) % 12 + 1


def _after(month: int) -> int:
    return month % 12 + 1


def _span(first: int, last: int) -> str:
    if first == last:
        return month_name(first)
    months = {"first": month_name(first), "last": month_name(last)}
    return _("%(first)s至次年%(last)s", **months) if last < first else _("%(first)s至%(last)s", **months)
