"""A story while it is put together, and its finishing: order, joined sentences, flags."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gongbao.clip.headlines import Headline
from gongbao.clip.kinship import Theme, Words, seam, starts_anew
from gongbao.clip.lines import Line
from gongbao.clip.looks import Looks
from gongbao.clip.page import Unit

LOST_BEGINNING = -1.5  # of `starts_anew`: the sentence began elsewhere
BROKEN_SEAM = -0.6  # of `seam`: what follows doesn't go on with the sentence


@dataclass(frozen=True)
class Passage:
    """A line in a story, and what it is there; `joins` if it goes on in the sentence before."""

    unit: Unit
    role: str
    reasons: tuple[str, ...] = ()
    joins: bool = False


@dataclass
class Story:
    """What belongs together, in reading order; `passages` holds the text, `headline` what stands above it."""

    headline: Headline = field(default_factory=Headline)
    boxes: list[Passage] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    trailing: list[Passage] = field(default_factory=list)
    captions: list[Passage] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    is_photo: bool = False
    first: Line | None = None
    last: Line | None = None
    before_break: Line | None = None
    breaks: list[int] = field(default_factory=list)  # passages before which the page had something else
    fits: list[float] = field(default_factory=list)
    theme: Theme = field(default_factory=Theme)
    place: tuple[str, ...] = ()
    is_active: bool = False  # another story took its place while more of it was to come

    @property
    def lacks_beginning(self) -> bool:
        """Whether its text begins in mid-sentence."""
        return self.first is not None and starts_anew(self.first.looks) <= LOST_BEGINNING

    @property
    def is_open(self) -> bool:
        """Whether it breaks off in mid-sentence, and not just where its own beginning goes on."""
        if self.last is None or not self.last.looks.is_open or self.last.looks.is_photo_credit:
            return False
        return not (self.breaks and self.lacks_beginning)

    @property
    def is_closed(self) -> bool:
        """Whether a credit at the end says that nothing follows."""
        return self.is_photo or (self.last is not None and self.last.looks.end_credit is not None)

    @property
    def has_byline(self) -> bool:
        """Whether it is known who wrote it."""
        return bool(self.headline.bylines) or (self.first is not None and self.first.looks.dateline is not None)

    def units(self) -> list[Unit]:
        """Everything of the story, as it is read."""
        head = self.headline
        top = [*head.kicker, *head.title, *head.subtitle, *(line.unit for line in (*head.labels, *head.bylines))]
        rest = (*self.boxes, *self.passages, *self.trailing, *self.captions)
        return [*top, *(passage.unit for passage in rest), *head.captions]


def finish(story: Story, words: Words) -> None:
    """Put the story's passages in order, join what belongs to one sentence, and say what an editor should look at."""
    moved = _mend_order(story)
    gaps = _join_sentences(story, words)
    checks = (
        ("starts-mid-sentence", story.lacks_beginning),
        ("ends-mid-sentence", story.is_open),
        ("gap", gaps),
        ("joined-pieces", bool(story.breaks)),
        ("moved-beginning", moved),
        ("no-title", not story.headline.title),
    )
    story.flags += [flag for flag, holds in checks if holds]


def _mend_order(story: Story) -> bool:
    """Put the beginning before the rest where the page has the rest first.

    That is so if the text begins in mid-sentence, and after a break the page has a passage that breaks off.
    """
    if story.last is None or not story.breaks or not story.lacks_beginning or not story.last.looks.is_open:
        return False
    cut = story.breaks[-1]
    moved = story.passages[cut:] + story.passages[:cut]
    looks = Looks(moved[0].unit)
    if starts_anew(looks) <= LOST_BEGINNING:
        return False
    story.passages = moved
    story.first, story.last = Line(moved[0].unit, looks, "body", (), 0), story.before_break
    return True


def _join_sentences(story: Story, words: Words) -> bool:
    """Mark the passages that go on in the sentence before; true if a sentence is broken off within the story."""
    gap = False
    for number in range(1, len(story.passages)):
        before, after = story.passages[number - 1 : number + 1]
        if before.role != "body" or not Looks(before.unit).is_open:
            continue
        joins = after.role == "body" and seam(Looks(before.unit), Looks(after.unit), words) > BROKEN_SEAM
        gap |= not joins
        story.passages[number] = replace(after, joins=joins)
    return gap
