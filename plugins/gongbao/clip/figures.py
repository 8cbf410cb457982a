"""The numbers that a story reports, with what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongbao.article import Figure
from gongbao.clip.places import Text

UNITS = (
    "万元 亿元 元 万人次 人次 万人 人 万名 名 户 家 个 套 份 件 场次 场 次 项 辆 台 座 所 支 对 期 位 条 "
    "吨 公斤 斤 米 平方米 公里 笔 起 "
    "张 册 篇 幅 亩 万亩 岁 天 % 种 间 批 只 头 本 部 门 人(次) 场(次)"
).split()
NUMBER_RE = re.compile(
    r"(?P<before>近|约|超过|超)?(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<scale>万|亿)?(?P<after>余|多)?"
    rf"(?P<unit>{'|'.join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))})"
)
CLAUSE_RE = re.compile(r"[,。;:!?、()“”…\s]")
IDLE_RE = re.compile(
    r"^(?:据悉|据了解|据介绍|截至目前|目前|今年以来|共|其中|并|还|已|先后|同时|累计|全年|该市|该县|全市|全县|全省|为|向|对|给)+"
)
TAIL_RE = re.compile(r"^(?:的)?([一-鿿]{2,8})")
# Ages, days and steps are seldom what a story reports.
MINOR = frozenset(("岁", "天", "次", "期", "位", "只", "张", "种", "米", "条", "部", "门"))
MONEY = frozenset(("元", "万元", "亿元"))
MOST = 8
LONGEST = 16


@dataclass(frozen=True)
class FoundFigure:
    """A number with its line and the words it was printed in."""

    figure: Figure
    line: int
    words: str


def find_figures(texts: list[Text]) -> list[FoundFigure]:
    """The main numbers of a story in the order of its text."""
    found: list[tuple[float, int, FoundFigure]] = []
    for text in texts:
        for match in NUMBER_RE.finditer(text.folded):
            figure = _figure(text.folded, match)
            if figure is not None:
                found.append((_weight(figure, text), len(found), FoundFigure(figure, text.line, match[0])))
    main = sorted(found, key=lambda item: (-item[0], item[1]))[:MOST]
    return [one for _, _, one in sorted(main, key=lambda item: item[1])]


def _figure(folded: str, match: re.Match[str]) -> Figure | None:
    what = _what(folded, match)
    if not what:
        return None
    number = match["number"].replace(",", "")
    value = float(number) if "." in number else int(number)
    qualifier = {"超过": "超"}.get(match["before"] or "", match["before"] or "") or match["after"] or ""
    return Figure(what, value, (match["scale"] or "") + match["unit"], qualifier)


def _what(folded: str, match: re.Match[str]) -> str:
    """What is counted: the words before the number in its clause, and the noun after it."""
    before = CLAUSE_RE.split(folded[max(match.start() - 24, 0) : match.start()])[-1]
    before = IDLE_RE.sub("", re.sub(r"^[\d.%]+\S{0,2}", "", before))
    after = CLAUSE_RE.split(folded[match.end() : match.end() + 12])[0]
    noun = TAIL_RE.match(after)
    tail = noun[1] if noun and match["unit"] not in MONEY and match["unit"] != "%" else ""
    return (before[-LONGEST:] + tail)[:LONGEST].strip()


def _weight(figure: Figure, text: Text) -> float:
    weight = 3.0 if text.position in ("title", "kicker", "subtitle", "lead") else 1.0
    weight += 2.0 if figure.unit.endswith("元") else 0.0
    weight += 1.0 if figure.value >= 10 else -1.0
    return weight - (2.0 if figure.unit in MINOR else 0.0)
