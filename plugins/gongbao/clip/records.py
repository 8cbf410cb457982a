"""What comes out of a page: articles with all that is known of them, repeats, leftovers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from gongbao.article import Credit
from gongbao.clip.campaigns import FoundCampaign
from gongbao.clip.dating import FoundDate
from gongbao.clip.figures import FoundFigure
from gongbao.clip.page import Piece, Unit, line_ranges
from gongbao.clip.places import Found
from gongbao.clip.reading import Dump
from gongbao.clip.repeats import Repeat
from gongbao.clip.stories import Story
from gongbao.dates import PartialDate
from gongbao.vocabulary import Paper


@dataclass(frozen=True)
class Known:
    """What the caller knows about a page; all of it optional."""

    date: PartialDate | None = None
    paper: Paper | None = None
    page: int | None = None


@dataclass(frozen=True)
class Evidence:
    """Where the text says what a field of the front matter says; line 0 if it was given by the caller."""

    field: str
    line: int
    words: str


@dataclass(frozen=True)
class Clipping:
    """An article cut out of a page, with all that its front matter will say."""

    story: Story
    date: FoundDate | None
    places: tuple[Found, ...]
    campaigns: tuple[FoundCampaign, ...]
    credits: tuple[Credit, ...]
    figures: tuple[FoundFigure, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    flags: tuple[str, ...]

    @cached_property
    def units(self) -> list[Unit]:
        return self.story.units()

    @property
    def title(self) -> str:
        return print_units(self.story.headline.title)

    @property
    def pieces(self) -> list[Piece]:
        """All its pieces in the order in which they are read."""
        return [piece for unit in self.units for piece in unit.pieces]


@dataclass(frozen=True)
class Leftover:
    """What stands in no article: contents lists, banners, lone lines, residue of Markdown."""

    kind: str
    pieces: tuple[Piece, ...]
    reason: str = ""


@dataclass(frozen=True)
class Cut:
    """All of a page: every piece of its text stands in just one clipping, repeat or leftover."""

    dump: Dump
    known: Known
    clippings: tuple[Clipping, ...]
    repeats: tuple[Repeat, ...]
    leftovers: tuple[Leftover, ...]
    date: FoundDate | None
    paper: Paper | None = None
    reasons: dict[Piece, str] = field(default_factory=dict, repr=False)

    @cached_property
    def text_lines(self) -> dict[int, int]:
        """The numbers of the lines that have text, counted."""
        texts = (number for number, line in enumerate(self.dump.text.split("\n"), 1) if line.strip())
        return {number: place for place, number in enumerate(texts)}

    def lines_of(self, clipping: Clipping) -> list[tuple[int, int]]:
        """The lines of an article as ranges, in the order in which they are read."""
        return line_ranges(clipping.pieces, self.text_lines)

    def pieces(self) -> list[Piece]:
        """Every piece in the page's order, from wherever it was put."""
        placed = [piece for one in self.clippings for piece in one.pieces]
        placed += [piece for repeat in self.repeats for piece in repeat.unit.pieces]
        return sorted([*placed, *(piece for leftover in self.leftovers for piece in leftover.pieces)])


def print_unit(unit: Unit) -> str:
    """A unit's text; words of a wrapped line that isn't Chinese keep the space that the line's end stood for."""
    text = ""
    for piece in unit.pieces:
        parted = text[-1:].isascii() and text[-1:].isalnum() and piece.text[:1].isascii() and piece.text[:1].isalnum()
        text += f" {piece.text}" if parted else piece.text
    return text


def print_units(units: list[Unit]) -> str:
    """The lines of a headline's part as one; spaces between the characters of a wide-set title are left out."""
    return " ".join(narrow(print_unit(unit).strip()) for unit in units)


def narrow(text: str) -> str:
    """A title that was set wide, 三 十 天, without its spaces; any other text unchanged."""
    words = text.split()
    wide = len(words) > 3 and sum(len(word) == 1 for word in words) > 0.6 * len(words)
    return "".join(words) if wide else text
