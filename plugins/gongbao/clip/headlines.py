"""Which lines of a headline are the kicker, the title and the subtitle."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongbao.clip.kinship import grams
from gongbao.clip.labels import KINDS
from gongbao.clip.lines import Line
from gongbao.clip.page import Unit

DASH_END_RE = re.compile(r"[—-]{2}[”’]?$")
DASH_START_RE = re.compile(r"^[—-]{2}")
# A line that begins so completes another one: 在…的基础上, 为…, 让….
DEPENDENT_RE = re.compile(r"^(?:在|为|从|以|让|使|把|将|用|对|向|由|超过|截至)")
BASIS_RE = re.compile(r"^(?:在.*[上下中里时前后]|从.*[到起中])")
ORGAN_RE = re.compile(r"总工会|总(?=[一-鿿])|工会|集团|公司|[省市县区旗州]")
CAPTION_LIKENESS = 0.3
NARROW_LINE, BOLD_LINE = 7, 12
SHORT_LINE = 14  # headline lines as short as this were broken by a narrow column


@dataclass
class Headline:
    """The lines above a story, sorted out; `others` are captions that stood among them."""

    kicker: list[Unit] = field(default_factory=list)
    title: list[Unit] = field(default_factory=list)
    subtitle: list[Unit] = field(default_factory=list)
    bylines: list[Line] = field(default_factory=list)
    labels: list[Line] = field(default_factory=list)
    captions: list[Unit] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return bool(self.title)


def sort_headline(lines: list[Line]) -> Headline:
    """Sort the lines of one headline: bylines and labels by what they are, the rest by place, dashes and words."""
    headline = Headline()
    headline.bylines = [line for line in lines if line.label == "byline"]
    headline.labels = [line for line in lines if line.label == "label"]
    parts = _join_broken([line.unit for line in lines if line.label == "headline"])
    if len(parts) > 1 and _is_caption(parts[0], parts[1:]):
        headline.captions.append(parts.pop(0))
    after = [unit for unit in parts if DASH_START_RE.match(unit.folded) and unit is not parts[0]]
    parts = [unit for unit in parts if unit not in after]
    before = [number for number, unit in enumerate(parts) if DASH_END_RE.search(unit.folded)]
    split = before[-1] + 1 if before else 0
    headline.kicker, rest = parts[:split], parts[split:]
    at = _title_of(rest, has_kicker=bool(headline.kicker), has_subtitle=bool(after))
    headline.kicker += rest[:at]
    headline.title = rest[at : at + 1]
    headline.subtitle = rest[at + 1 :] + after
    return headline


def _title_of(rest: list[Unit], *, has_kicker: bool, has_subtitle: bool) -> int:
    """Which of the remaining lines is the title."""
    if len(rest) < 2:
        return 0
    if len(rest) == 2:
        first, second = rest
        if has_kicker and not has_subtitle:
            return 0
        dependent = DEPENDENT_RE.match(second.folded) and ORGAN_RE.search(first.folded[:14])
        return 0 if dependent or BASIS_RE.match(second.folded) else 1
    return len(rest) - 1 if has_subtitle else len(rest) - 2


def _is_caption(first: Unit, rest: list[Unit]) -> bool:
    """Whether the first line only says again, under a picture, what the headline says."""
    mine = grams(first.folded)
    theirs = set().union(*(grams(unit.folded) for unit in rest))
    return len(first.folded) > SHORT_LINE and len(mine & theirs) > CAPTION_LIKENESS * len(mine)


def _join_broken(units: list[Unit]) -> list[Unit]:
    """Put lines together that a narrow column broke: the lines touch, and the first can't stand alone."""
    joined: list[Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last is not None and _runs_on(last, unit):
            joined[-1] = last.join(unit)
        else:
            joined.append(unit)
    return joined


def _runs_on(first: Unit, second: Unit) -> bool:
    if second.gap or second.pieces[0].line != first.pieces[-1].line + 1:
        return False
    if DASH_START_RE.match(second.folded) or DASH_END_RE.search(first.folded):
        return False
    if re.search(r"[,、:的把在和与进对为了搬到往]$", first.folded) or first.folded.count("“") != first.folded.count(
        "”"
    ):
        return True
    if DASH_END_RE.search(second.folded) and len(first.folded) > SHORT_LINE:
        return True
    last = len(first.pieces[-1].text)
    return first.bold == second.bold and max(last, len(second.folded)) <= (BOLD_LINE if first.bold else NARROW_LINE)


def is_kind(line: Line) -> bool:
    """Whether a label names the kind of story (新闻特写) and not a box within one."""
    return line.label == "label" and line.looks.bare in KINDS
