"""The page as pieces: spans over the raw text, each of which is later put in exactly one place.

Every character of the dump that isn't white space at a line's edge or between pieces belongs to exactly one piece.
Later steps only group, cut and sort pieces; none makes or drops text. That is why nothing can be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from gongbao.folding import fold

# What is left of Markdown in a dump: marks of emphasis, rules, headings at a line's beginning.
# Some papers print full stops as points; a point between an ideograph and white space is one.
POINT_RE = re.compile(r"(?<=[\u3400-\u9fff”)%元])\.(?=\s|$|[”)])")
RESIDUE_RE = re.compile(r"\*{2,}|^\s*(?:-{3,}|={3,}|_{3,})\s*$|^\s*#{1,6}(?=\s)|^\s*```\w*\s*$")
STOP_RE = re.compile(r"[。!?…:][”’」』)\]】》]*$")
WIDEST_COLUMN = 60
FEWEST_JOINS = 6


@dataclass(frozen=True, order=True)
class Piece:
    """Text of one line: characters `start` to `end` of the line numbered `line` (from 1)."""

    line: int
    start: int
    end: int
    text: str

    def part(self, start: int, end: int) -> Piece:
        """The characters from start to end of this piece."""
        return Piece(self.line, self.start + start, self.start + end, self.text[start:end])


@dataclass(frozen=True)
class Unit:
    """A line, or what belongs together as if it were one: a wrapped paragraph, a headline over two lines."""

    pieces: tuple[Piece, ...]
    gap: int = 0  # blank lines before it
    indented: bool = False
    bold: bool = False

    @cached_property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def folded(self) -> str:
        return POINT_RE.sub("。", fold(self.text))

    @property
    def line(self) -> int:
        return self.pieces[0].line

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(piece.line for piece in self.pieces))

    def cut(self, start: int, end: int) -> Unit:
        """The characters from start to end, white space at the edges left out."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        kept, offset = [], 0
        for piece in self.pieces:
            low, high = max(start - offset, 0), min(end - offset, len(piece.text))
            if low < high:
                kept.append(piece.part(low, high))
            offset += len(piece.text)
        return Unit(tuple(kept), self.gap if start == 0 else 0, self.indented, self.bold)

    def join(self, other: Unit) -> Unit:
        """Both as one."""
        return Unit(self.pieces + other.pieces, self.gap, self.indented, self.bold and other.bold)


def split_page(text: str) -> tuple[list[Unit], list[Piece]]:
    """A unit for each line that has text, and what is residue of Markdown."""
    units: list[Unit] = []
    residue: list[Piece] = []
    gap = 0
    open_bold = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            gap += 1
            open_bold = False
            continue
        marks = [match.span() for match in RESIDUE_RE.finditer(line)]
        residue += [piece for start, end in marks if (piece := _piece(number, line, start, end))]
        pieces = tuple(_between(number, line, marks))
        stars = sum(line[start:end].strip().startswith("**") for start, end in marks)
        if pieces:
            bold = open_bold or (bool(stars) and line.lstrip().startswith("**") and _ends_bold(line, stars))
            units.append(Unit(pieces, gap, line[:1].isspace(), bold))
            gap = 0
        open_bold ^= bool(stars % 2)
    return units, residue


def join_wrapped(units: list[Unit]) -> list[Unit]:
    """Paragraphs of a page whose lines are as long as its columns were wide; other pages stay as they are.

    A line is taken to go on in the next one if it is about as long as the longest and ends in mid-sentence.
    """
    lengths = sorted(len(unit.text) for unit in units)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    full = [len(unit.text) >= width * 0.8 and not STOP_RE.search(unit.folded) for unit in units]
    joins = [full[number] and following.gap == 0 for number, following in enumerate(units[1:])]
    if not 10 <= width <= WIDEST_COLUMN or sum(joins) < FEWEST_JOINS:
        return units
    joined = units[:1]
    for join, unit in zip(joins, units[1:], strict=True):
        if join and not unit.bold and not unit.indented:
            joined[-1] = joined[-1].join(unit)
        else:
            joined.append(unit)
    return joined


def _ends_bold(line: str, stars: int) -> bool:
    """Whether a line that begins in bold has nothing after it: stars on both sides, or only before."""
    return stars == 1 or (stars == 2 and line.rstrip().endswith("**"))


def _piece(number: int, line: str, start: int, end: int) -> Piece | None:
    text = line[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    return Piece(number, start, end, line[start:end]) if start < end else None


def _between(number: int, line: str, marks: list[tuple[int, int]]) -> Iterator[Piece]:
    """The pieces of a line that the marks leave over; white space stays where it parts words within the line."""
    edges = [0, *(edge for span in marks for edge in span), len(line)]
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        low, high = max(start, first), min(end, last)
        if line[low:high].strip():
            yield Piece(number, low, high, line[low:high])


def line_ranges(pieces: Iterable[Piece], places: dict[int, int]) -> list[tuple[int, int]]:
    """The pieces' line numbers as ranges, in the order in which they are read.

    `places` numbers the lines that have text: blank ones between two of a range don't part it.
    """
    numbers = list(dict.fromkeys(piece.line for piece in pieces))
    ranges = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: places[pair[1]] - pair[0]):
        members = [number for _, number in run]
        ranges.append((members[0], members[-1]))
    return ranges
