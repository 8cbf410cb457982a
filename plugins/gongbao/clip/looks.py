"""What can be seen of a line: its length and punctuation, its bylines, how it begins and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from gongbao.article import Credit
from gongbao.clip.credits import PHOTO_CREDIT_RE, Byline, find_dateline, find_end_credit, parse_byline_line
from gongbao.clip.page import Unit

DECORATION = " \t\u3000【】[]■□▌◆◇●○★☆▲△◎·:—*|《》<>()"
DATE_START_RE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|[上中下]旬|初|底|份)?|\d{4}年|近日|日前|近年来|今年|去年|昨日|昨天|前不久"
    r"|连日来|据悉|据了解|据介绍|目前"
)
STOP_RE = re.compile(r"[。!?…][”’」』)\]】》]*$")
# Words after which a sentence can't end, nor a headline.
HANGING_RE = re.compile(
    r"(?:以及|[的和与及在对为把将向从由或并而等这该其是了于使让给被更又也都就只不一二三两几多近约共,、;:“‘《(\d])$"
)
UNIT_RE = re.compile(r"[名户家个人元万亿多余场次条件项套份米斤吨岁年月日天支位批期]")
NUMBERED_RE = re.compile(r"[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、](?!\d)|[①-⑳]")
BULLET_RE = re.compile(r"[●◆■▲★○◇◎•▪]\s*")
SPACED_RE = re.compile(r"(?:\S\s+)+\S")
OPENING_DASH_RE = re.compile(r"[—-]{2}")
CLOSING_DASH_RE = re.compile(r"[—-]{2}$")
TAIL = 8  # characters that tell how a line ends
LONGEST_TITLE = 24
LONGEST_KICKER = 64


@dataclass(frozen=True)
class Looks:
    """A line as an editor sees it. `folded` has half-width punctuation and simplified characters."""

    unit: Unit
    after_gap: int = 0  # blank lines that follow
    before: str = ""  # the folded text of the line before
    after: str = ""
    page_indents: bool = False  # the page sets paragraphs in, so what isn't set in goes on

    @property
    def folded(self) -> str:
        return self.unit.folded

    @cached_property
    def tail(self) -> str:
        return self.folded[-TAIL:]

    @cached_property
    def length(self) -> int:
        """Letters, digits and ideographs; punctuation doesn't count."""
        return sum(map(str.isalnum, self.folded))

    @cached_property
    def bare(self) -> str:
        """Without decoration and the spaces that printers set between the characters of a label."""
        text = self.folded.strip(DECORATION)
        return "".join(text.split()) if SPACED_RE.fullmatch(text) else text

    @property
    def is_spaced(self) -> bool:
        """Whether the characters are set apart, as those of a column's name are."""
        return bool(SPACED_RE.fullmatch(self.folded.strip(DECORATION)))

    @property
    def stands_over_title(self) -> bool:
        """Whether this is a long line without a full stop between a sentence's end and a short line."""
        if not LONGEST_TITLE < self.length <= LONGEST_KICKER or not 0 < len(self.after) <= LONGEST_TITLE:
            return False
        if re.search(r"[。!?]|[,、:;]$", self.folded) or self.unclosed or STOP_RE.search(self.after[-TAIL:]):
            return False
        return len(self.before) < 30 or bool(STOP_RE.search(self.before[-TAIL:]))

    @cached_property
    def dateline(self) -> Byline | None:
        return find_dateline(self.folded)

    @cached_property
    def end_credit(self) -> Byline | None:
        return find_end_credit(self.folded) if self.length > 12 else None

    @cached_property
    def credits(self) -> tuple[Credit, ...] | None:
        """The credits of a line that holds nothing else."""
        return parse_byline_line(self.folded)

    @cached_property
    def is_photo_credit(self) -> bool:
        """Whether the credit, of the line or at its end, is for a picture."""
        text = self.folded[self.end_credit.start :] if self.end_credit else self.folded
        return bool((self.credits or self.end_credit) and PHOTO_CREDIT_RE.search(text.strip()))

    @cached_property
    def text_end(self) -> str:
        """The end of the line without the credit that may stand there."""
        end = self.end_credit.start if self.end_credit else len(self.folded)
        return self.folded[:end].rstrip()[-TAIL:]

    @cached_property
    def is_open(self) -> bool:
        """Whether the line breaks off in mid-sentence."""
        return not self.end_credit and not STOP_RE.search(self.tail)

    @cached_property
    def unclosed(self) -> int:
        """Quotation marks that open and don't close (positive), or close and never opened (negative)."""
        depth, lowest = 0, 0
        for char in re.findall("[“”《》]", self.folded):
            depth += 1 if char in "“《" else -1
            lowest = min(lowest, depth)
        return lowest or depth
