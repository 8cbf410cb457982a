"""Sums of the numbers that articles report, no more precise than the least precise of them.

Three rules keep a sum honest. Only units of one measure are added (元, 万元 and 亿元; 人 and 名, but never 人次, which
counts one person several times). Of one article only the largest number of a measure counts, since the others are
often parts of it (“210万元, of which 5万元 for one worker”). And the sum is rounded to the last place that every
addend has: 3.3亿元 and 132.98万元 make 3.3亿元. All arithmetic is decimal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from gongbao.article import Article, Figure
from gongbao.words import N_, _, current_language, thousands_mark


@dataclass(frozen=True)
class Measure:
    """What units measure: `name` for readers, `text` with the unit that the others are multiples of."""

    name: str
    text: str


MONEY, PERSONS, ATTENDANCES = (
    Measure(N_("金额"), N_("%(amount)s元")),
    Measure(N_("人数"), N_("%(amount)s人")),
    Measure(N_("人次"), N_("%(amount)s人次")),
)
# Unit -> its measure and the power of ten of the measure's unit. 名 and 位 are how Chinese counts 人, nothing else.
UNITS: Mapping[str, tuple[Measure, int]] = {
    "元": (MONEY, 0),
    "万元": (MONEY, 4),
    "亿元": (MONEY, 8),
    **{f"{scale}{unit}": (PERSONS, power) for scale, power in (("", 0), ("万", 4)) for unit in ("人", "名", "位")},
    "人次": (ATTENDANCES, 0),
    "万人次": (ATTENDANCES, 4),
}
# What a language counts large numbers in, and the power of ten.
SCALES = {"zh-CN": (("亿", 8), ("万", 4)), "en": ((" billion", 9), (" million", 6))}
DECIMALS = 2  # of a printed sum; one that is known more exactly is printed in the next smaller scale
CONTEXT = Context(prec=1000, rounding=ROUND_HALF_UP)  # no number of a front matter is as long: nothing is cut off


@dataclass(frozen=True)
class Addend:
    """A figure as a number of its measure's unit; `place` is the power of ten of its last certain digit."""

    article: Article
    figure: Figure
    amount: Decimal
    place: int


@dataclass(frozen=True)
class Sum:
    """A rounded total with what it was added from, the largest first."""

    measure: Measure
    total: Decimal
    place: int
    is_rough: bool
    addends: tuple[Addend, ...]

    @property
    def text(self) -> str:
        """约3.3亿元; 约 if an addend was printed with 余, 多, 近, 约 or 超, or if digits had to go."""
        text = _in_unit(self.measure, self.total, self.place)
        return _("约%(amount)s", amount=text) if self.is_rough else text

    @property
    def precision(self) -> str:
        """The last place that counts: 1000万元."""
        return _in_unit(self.measure, Decimal(1).scaleb(self.place), self.place)


def sum_figures(articles: Iterable[Article]) -> tuple[Sum, ...]:
    """A sum for each measure of which at least two articles report a number."""
    found: dict[Measure, list[Addend]] = {MONEY: [], PERSONS: [], ATTENDANCES: []}
    for article in articles:
        for measure, addend in _largest(article).items():
            found[measure].append(addend)
    return tuple(add_up(measure, addends) for measure, addends in found.items() if len(addends) > 1)


def add_up(measure: Measure, addends: Iterable[Addend]) -> Sum:
    """Add, and round to the coarsest place of the addends (at least one)."""
    ordered = sorted(addends, key=lambda addend: (-addend.amount, addend.article.address))
    place = max(addend.place for addend in ordered)
    exact = Decimal(0)
    for addend in ordered:
        exact = CONTEXT.add(exact, addend.amount)
    total = exact.quantize(Decimal(1).scaleb(place), context=CONTEXT)
    is_rough = total != exact or any(addend.figure.qualifier for addend in ordered)
    return Sum(measure, total, place, is_rough, tuple(ordered))


def read_addend(article: Article, figure: Figure) -> Addend | None:
    """The figure as an addend, or None if its unit is not in the table or its value is nothing to add."""
    value = Decimal(str(figure.value))
    if figure.unit not in UNITS or not value.is_finite() or not value:
        return None
    power = UNITS[figure.unit][1]
    return Addend(article, figure, value.scaleb(power, CONTEXT), last_place(value, figure.qualifier) + power)


def last_place(value: Decimal, qualifier: str) -> int:
    """The power of ten of the last digit that a printed number vouches for.

    A plain number vouches for every digit printed. 近20 or 170余 is round: its zeros at the end say nothing.
    """
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if not qualifier:
        return exponent
    return exponent + len(digits) - len("".join(map(str, digits)).rstrip("0"))


def _in_unit(measure: Measure, amount: Decimal, place: int) -> str:
    return _(measure.text, amount=format_amount(amount, place))


def format_amount(amount: Decimal, place: int) -> str:
    """In 亿 or 万 where that takes no more than two decimals, without zeros that the precision doesn't vouch for.

    English counts in billions and millions.
    """
    for name, power in SCALES.get(current_language(), ()):
        if abs(amount) >= Decimal(1).scaleb(power) and power - place <= DECIMALS:
            return f"{amount.scaleb(-power, CONTEXT):.{max(0, power - place)}f}{name}"
    return f"{amount:{thousands_mark()}.{max(0, -place)}f}"


def _largest(article: Article) -> dict[Measure, Addend]:
    largest: dict[Measure, Addend] = {}
    for figure in article.figures:
        addend = read_addend(article, figure)
        if addend is None:
            continue
        measure = UNITS[figure.unit][0]
        if measure not in largest or addend.amount > largest[measure].amount:
            largest[measure] = addend
    return largest
