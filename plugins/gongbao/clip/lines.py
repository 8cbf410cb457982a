"""What a line is, by its own looks: a score for each label, with the reasons that speak for it.

Labels say what can be told from the line and its neighbours' spacing alone. Which headline line is the kicker, and
whether a short line is a headline or a subhead, is decided where stories are assembled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gongbao.clip.labels import (
    CONTENTS_RE,
    FURNITURE_RE,
    KINDS,
    LEADER_RE,
    LEADING,
    PAGE_REF_RE,
    ROUNDUPS,
    TRAILING,
)
from gongbao.clip.looks import (
    BULLET_RE,
    CLOSING_DASH_RE,
    DATE_START_RE,
    HANGING_RE,
    LONGEST_KICKER,
    LONGEST_TITLE,
    OPENING_DASH_RE,
    STOP_RE,
    Looks,
)
from gongbao.clip.page import Unit

COLUMN_NAME = 5  # characters, set apart
COLUMN_RE = re.compile(r"([◆◇●★☆■]).{2,12}\1")
PHRASES_RE = re.compile(r"\S{3,}[ \u3000]\S{3,}")
INDENT_LENGTH, INDENT_SHARE = 40, 0.5


def _is_column(looks: Looks) -> bool:
    short = looks.is_spaced and 1 < len(looks.bare) <= COLUMN_NAME
    return looks.bare in ROUNDUPS or short or bool(COLUMN_RE.fullmatch(looks.folded.strip()))


def _is_box_label(looks: Looks) -> bool:
    return looks.bare in LEADING or looks.bare in TRAILING or looks.bare in KINDS


def _is_furniture(looks: Looks) -> bool:
    text = looks.folded
    return len(text) <= 80 and "。" not in text and bool(FURNITURE_RE.search(text))


def _has_leader(looks: Looks) -> bool:
    text = looks.folded
    if not 6 < looks.length <= LONGEST_KICKER or "。" in text or looks.unclosed:
        return False
    return bool(LEADER_RE.search(text[2:-1])) and not re.search(r"…[”?!]?$", text)


@dataclass(frozen=True)
class Cue:
    """One thing to see, and how much it speaks for a label (or against it)."""

    label: str
    weight: float
    reason: str
    test: Callable[[Looks], object]


CUES = (
    Cue("headline", 2, "短", lambda x: x.length <= LONGEST_TITLE),
    Cue("headline", 1, "不长", lambda x: x.length <= 40),
    Cue("headline", -4, "太长", lambda x: x.length > LONGEST_KICKER),
    Cue("headline", 2, "句末无句号", lambda x: not STOP_RE.search(x.tail)),
    Cue("headline", 1.5, "整行加粗", lambda x: x.unit.bold),
    Cue("headline", 1.5, "分成两三截", lambda x: len(x.folded) <= 60 and PHRASES_RE.search(x.folded)),
    Cue("headline", 4, "以破折号起止", lambda x: OPENING_DASH_RE.match(x.folded) or CLOSING_DASH_RE.search(x.tail)),
    Cue("headline", 1, "以引号收尾且不长", lambda x: x.length <= LONGEST_TITLE and re.search(r"[”!?]$", x.tail)),
    Cue("headline", 3, "下面紧接标题", lambda x: x.stands_over_title),
    Cue("headline", -3, "缩进", lambda x: x.unit.indented and x.length > 20),
    Cue("body", 4, "句中有句号", lambda x: re.search(r"[。!?](?=.)", x.folded)),
    Cue("body", 3, "以句号收尾", lambda x: re.search(r"。[”’)]*$", x.text_end)),
    Cue("body", 1.5, "以问号、叹号、省略号收尾", lambda x: re.search(r"[!?…][”’)]*$", x.text_end)),
    Cue("body", 3, "很长", lambda x: x.length > LONGEST_KICKER),
    Cue("body", 2, "较长", lambda x: x.length > 40 and not CLOSING_DASH_RE.search(x.tail)),
    Cue("body", 6, "有电头", lambda x: x.dateline),
    Cue("body", 5, "以日期或时间词起", lambda x: "," in x.folded[:24] and DATE_START_RE.match(x.folded)),
    Cue("body", 3, "断在句中", lambda x: x.length > 8 and HANGING_RE.search(x.tail)),
    Cue("body", 5, "引号不成对", lambda x: x.length > 8 and x.unclosed),
    Cue("body", 3, "以逗号收尾", lambda x: x.length > 12 and re.search(r"[,、;]$", x.tail)),
    Cue("body", 5, "以标点起", lambda x: re.match(r"[,。、;:!?)”’》]", x.folded)),
    Cue("body", 3, "末尾有署名", lambda x: x.end_credit),
    Cue("body", 3, "项目符号起的句子", lambda x: x.length > 20 and BULLET_RE.match(x.folded)),
    Cue("body", 6, "只有标点", lambda x: x.length == 0),
    Cue("byline", 12, "只有署名", lambda x: x.credits),
    Cue("label", 13, "框题", _is_box_label),
    Cue("banner", 12, "栏目名", _is_column),
    Cue("banner", 12, "栏目记号", lambda x: x.length <= 8 and re.match("[▌▍▎]", x.folded)),
    Cue(
        "banner",
        12,
        "版面标记",
        lambda x: len(x.folded) <= 80 and "。" not in x.folded and FURNITURE_RE.search(x.folded),
    ),
    Cue("toc", 12, "目录标题", lambda x: x.length <= LONGEST_TITLE and CONTENTS_RE.search(x.folded)),
    Cue("toc", 14, "目录的引导点", _has_leader),
    Cue("toc", 8, "转某版", lambda x: 4 < x.length <= 40 and PAGE_REF_RE.search(x.tail)),
)
FEWEST = {"body": 0.5}  # a line that nothing speaks for is text


@dataclass(frozen=True)
class Line:
    """A unit with its label, the reasons for it, and the label's lead over the next best one."""

    unit: Unit
    looks: Looks
    label: str
    reasons: tuple[str, ...]
    lead: float


def label_lines(units: list[Unit]) -> list[Line]:
    """Give each unit the label that most speaks for."""
    gaps = [unit.gap for unit in units[1:]] + [0]
    texts = ["", *(unit.folded for unit in units), ""]
    long = [unit for unit in units if len(unit.text) > INDENT_LENGTH]
    indents = len(long) > 3 and sum(unit.indented for unit in long) > INDENT_SHARE * len(long)
    neighbours = zip(units, gaps, texts, texts[2:], strict=False)
    return [_label(Looks(unit, gap, before, after, indents)) for unit, gap, before, after in neighbours]


def is_set_phrase(unit: Unit) -> bool:
    """Whether a line is a byline or label, which many stories of a page have in common."""
    looks = Looks(unit)
    return bool(looks.credits) or _is_box_label(looks) or _is_column(looks)


def _label(looks: Looks) -> Line:
    scores: dict[str, float] = dict(FEWEST)
    reasons: dict[str, list[str]] = {}
    for cue in CUES:
        if cue.test(looks):
            scores[cue.label] = scores.get(cue.label, 0) + cue.weight
            if cue.weight > 0:
                reasons.setdefault(cue.label, []).append(cue.reason)
    order = sorted(scores, key=lambda label: -scores[label])
    second = scores[order[1]] if len(order) > 1 else 0
    return Line(looks.unit, looks, order[0], tuple(reasons.get(order[0], ())), scores[order[0]] - second)
