"""Stories from elements: each passage goes to the story that it most likely belongs to, in reading order.

The page is read once. A headline opens a story or is a subhead of one; a paragraph belongs to the story it stands in
unless another is open in mid-sentence and goes on in it, or has far more words in common with it. What decides is
added up in `_fit`, and every weight has its name.
"""

from __future__ import annotations

from gongbao.clip.carve import CAPTION, PICTURE_GAP, Element, is_trailing
from gongbao.clip.gazetteer import Gazetteer
from gongbao.clip.headlines import Headline, is_kind, sort_headline
from gongbao.clip.kinship import Theme, Words, seam, starts_anew
from gongbao.clip.labels import TRAILING
from gongbao.clip.lines import Line
from gongbao.clip.looks import BULLET_RE, NUMBERED_RE
from gongbao.clip.stories import Passage, Story, finish

# What speaks for a story to have a passage.
MOST_STORIES = 60
BRIEF_START = 14  # a short report names its place in its first words
PLACE_WITHIN = 60  # characters
HERE = 1.0  # the passage before was its own
HEADED = 2.2  # its headline stands just above
LEFT = -1.2  # another story has been begun since, and its last sentence was complete
OPEN = 0.8  # it breaks off in mid-sentence
CLOSED = -3.0  # a credit has ended it
LIKENESS = 7.0  # times the cosine of the words
SEAM = 0.45  # times how well the sentences join
ALONE = 0.2  # for none of the stories to have it
SECTION_HERE = 0.9
SECTION_OPEN = 0.6
ELSEWHERE = 4.5  # its first words name another place
# What speaks for a headline to open a story.
BYLINE_BELOW = 3.0
DATELINE_BELOW = 4.0
TWO_PARTS = 1.6
STORY_ENDED = 2.5
NUMBERED = -5.0
SUBHEAD = 1.6  # for a single line amid a long story


class Assembly:
    """The stories of a page while it is read."""

    def __init__(self, elements: list[Element], gazetteer: Gazetteer) -> None:
        self.elements = elements
        self.gazetteer = gazetteer
        self.words = Words(line.unit for element in elements for line in element.lines)
        self.stories: list[Story] = []
        self.current: Story | None = None
        self.fresh = False  # whether a headline stands just above
        self.interrupted = False  # whether something that is no story's text stood before
        self.column = False  # whether a column's name stood just above
        self.before: Story | None = None  # the story of the paragraph before
        self.spare: list[Element] = []

    def run(self) -> list[Story]:
        """Place every element."""
        for number, element in enumerate(self.elements):
            match element.kind:
                case "head":
                    self._place_head(element, self._next_text(number))
                case "body":
                    self._place_body(element.first)
                case "photo":
                    self._place_photo(element)
                case "box":
                    self._place_box(element)
                case _:
                    self.spare.append(element)
                    self.interrupted = True
                    self.column = element.kind == "banner" and element.first.reasons[:1] == ("栏目名",)
        return [story for story in self.stories if story.units()]

    def _next_text(self, number: int) -> Element | None:
        """The paragraph below a headline; boxes and pictures between don't count."""
        for place in range(number + 1, len(self.elements)):
            element = self.elements[place]
            if element.kind == "head":
                return element if all(line.label == "byline" for line in element.lines) else None
            if element.kind == "body":
                return element
        return None

    def _candidates(self) -> list[Story]:
        """The stories that a passage may belong to. A page has fewer, so this bounds the time for any input."""
        return [story for story in self.stories[-MOST_STORIES:] if not story.is_photo]

    def _open(self, headline: Headline | None = None) -> Story:
        story = Story(headline or Headline())
        for unit in (*story.headline.kicker, *story.headline.title, *story.headline.subtitle):
            story.theme.add(self.words.vector(unit))
        self.stories.append(story)
        self.current = story
        return story

    # ---- headlines

    def _place_head(self, element: Element, below: Element | None) -> None:
        titles = [line for line in element.lines if line.label == "headline"]
        if not titles:
            self._place_byline(element, below)
            return
        text = below.first if below is not None and below.kind == "body" else None
        lines, below_byline = _split_at_byline(element.lines)
        titles = [line for line in lines if line.label == "headline"]
        headline = sort_headline(lines)
        current = self.current
        if current is not None and self.fresh and not current.passages and not headline.bylines and text is None:
            self._add_captions(titles, current)
        elif text is None and not headline.bylines:
            self._add_loose(element, titles)
            below_byline = []
        elif current is not None and self._completes(current, headline, text):
            self._complete(current, headline)
        elif self._opens_story(headline, titles, text):
            self._open(headline)
            self.fresh = True
        else:
            self._add_subhead(titles, headline, text)
        if below_byline and self.current is not None:
            self._add_below_byline(below_byline, self.current)

    def _add_below_byline(self, lines: list[Line], story: Story) -> None:
        for line in lines:
            pictured = max(line.unit.gap, line.looks.after_gap) >= PICTURE_GAP
            place = story.captions if pictured else story.passages
            place.append(Passage(line.unit, "caption" if pictured else "subhead", line.reasons))

    def _completes(self, story: Story, headline: Headline, text: Line | None) -> bool:
        """Whether a title set into the column belongs to the story around it, which has none."""
        if story.headline.title or story.is_closed or not story.passages or headline.bylines:
            return False
        return text is not None and not text.looks.dateline and not self._is_elsewhere(text, story)

    def _complete(self, story: Story, headline: Headline) -> None:
        story.headline.kicker += headline.kicker
        story.headline.title = headline.title
        story.headline.subtitle += headline.subtitle
        story.headline.labels += headline.labels
        for unit in headline.title:
            story.theme.add(self.words.vector(unit))

    def _opens_story(self, headline: Headline, titles: list[Line], text: Line | None) -> bool:
        current = self.current
        if current is None or text is None:
            return True
        if any(is_kind(line) or line.looks.bare in TRAILING for line in headline.labels):
            return True
        score = ALONE
        score += BYLINE_BELOW if headline.bylines else 0
        score += DATELINE_BELOW if text.looks.dateline else 0
        score += TWO_PARTS if len(headline.title + headline.kicker + headline.subtitle) > 1 else 0
        score += STORY_ENDED if current.is_closed else 0
        score += ELSEWHERE if self._is_elsewhere(text, current) else 0
        score += NUMBERED if NUMBERED_RE.match(titles[0].looks.folded) else 0
        vector = self.words.vector(text.unit)
        headed = self._headline_likeness(headline, vector)
        score += LIKENESS * headed
        best = max(
            LIKENESS * story.theme.likeness(vector) + (HERE if story is current else 0 if story.is_open else LEFT)
            for story in self._candidates()
        )
        best += SUBHEAD if len(current.passages) > 1 and len(titles) == 1 and titles[0].looks.length <= 18 else 0
        return score > best

    def _is_elsewhere(self, line: Line, story: Story) -> bool:
        """Whether a passage begins in another place than the story did."""
        here, there = self._place(line), story.place
        shared = min(len(here), len(there))
        return bool(shared) and here[:shared] != there[:shared]

    def _place(self, line: Line) -> tuple[str, ...]:
        """The place that a passage's first words name."""
        mentions = [one for one in self.gazetteer.find(line.looks.folded[:PLACE_WITHIN]) if one.full or one.union]
        if not mentions:
            return ()
        paths = set(mentions[0].paths)
        for mention in mentions[1:]:
            inner = {path for path in mention.paths if any(path[: len(outer)] == outer for outer in paths)}
            paths = inner or paths
        return next(iter(paths)) if len(paths) == 1 else ()

    def _headline_likeness(self, headline: Headline, vector: dict[str, float]) -> float:
        theme = Theme()
        for unit in (*headline.kicker, *headline.title, *headline.subtitle):
            theme.add(self.words.vector(unit))
        return theme.likeness(vector)

    def _add_subhead(self, titles: list[Line], headline: Headline, text: Line | None) -> None:
        assert self.current is not None
        story = self._section_of(text) if text is not None else self.current
        story.passages += [Passage(line.unit, "subhead", line.reasons) for line in titles]
        story.headline.labels += headline.labels
        self.current, self.fresh = story, True

    def _section_of(self, text: Line) -> Story:
        """The story that a section below a subhead belongs to."""
        vector = self.words.vector(text.unit)

        def score(story: Story) -> float:
            here = SECTION_HERE if story is self.current else SECTION_OPEN if story.is_open else 0.0
            return here + LIKENESS * story.theme.likeness(vector) + (CLOSED if story.is_closed else 0.0)

        return max(self._candidates(), key=score)

    def _add_captions(self, titles: list[Line], story: Story) -> None:
        """Short lines between headline and text: what stood below pictures."""
        story.captions += [Passage(line.unit, "caption", line.reasons) for line in titles]

    def _add_loose(self, element: Element, titles: list[Line]) -> None:
        """Headlines without text: captions at the end of a story, or left over."""
        story = self._likeliest(titles)
        if story is None:
            self.spare.append(element)
            return
        story.captions += [Passage(line.unit, "caption", line.reasons) for line in element.lines]

    def _likeliest(self, titles: list[Line]) -> Story | None:
        stories = self._candidates()
        if not stories:
            return None
        current = self.current if self.current in stories else stories[-1]
        vectors = [self.words.vector(line.unit) for line in titles]

        def score(story: Story) -> float:
            here = 0.06 if story is current else 0.0
            return here + sum(story.theme.likeness(vector) for vector in vectors) / len(vectors)

        return max(stories, key=score)

    # ---- bylines, boxes, pictures

    def _place_byline(self, element: Element, below: Element | None) -> None:
        current = self.current
        lines = [line for line in element.lines if line.label == "byline"]
        if current is None:
            self._open(Headline(bylines=lines, labels=_labels(element)))
            self.fresh = True
            return
        starts = below is not None and below.kind == "body" and not below.first.looks.dateline
        if (
            starts
            and below is not None
            and current.passages
            and (current.has_byline or current.is_closed)
            and not current.is_open
        ):
            likeness = current.theme.likeness(self.words.vector(below.first.unit))
            if likeness < 0.12:
                self._open(Headline(bylines=lines, labels=_labels(element)))
                self.fresh = True
                return
        current.headline.bylines += lines
        current.headline.labels += _labels(element)
        if lines and current.passages and not starts:
            current.last = lines[-1]

    def _place_box(self, element: Element) -> None:
        label, *texts = element.lines
        passages = [Passage(label.unit, "label", label.reasons)]
        passages += [Passage(line.unit, "box", line.reasons) for line in texts]
        story = self._likeliest(texts) or self._open()
        (story.trailing if is_trailing(element) else story.boxes).extend(passages)

    def _place_photo(self, element: Element) -> None:
        bodies = [line for line in element.lines if line.label == "body"]
        short = len(bodies) == 1 and bodies[0].looks.length <= CAPTION and len(element.lines) == 1
        if short and self.current is not None and (story := self._likeliest(bodies)) is not None:
            story.captions += [Passage(line.unit, "caption", line.reasons) for line in element.lines]
            return
        heads = [line for line in element.lines if line.label != "body"]
        story = Story(sort_headline(heads), is_photo=True)
        story.passages = [Passage(line.unit, "body", line.reasons) for line in bodies]
        story.first, story.last = bodies[0], bodies[-1]
        self.stories.append(story)
        self.interrupted = True

    # ---- paragraphs

    def _place_body(self, line: Line) -> None:
        headed = self.current if self.fresh else None
        story, fit = self._best(line, headed)
        if headed is None and story is self.current and story is not None and self._begins_brief(line, story):
            story = None
        if story is None or (
            line.looks.dateline and headed is None and self.current is not None and self.current.passages
        ):
            story, fit = self._open(), ALONE
        self._append(story, line, fit)

    def _begins_brief(self, line: Line, story: Story) -> bool:
        """Whether a paragraph without a headline is the next of several short reports."""
        if story.is_open:
            return False
        if self.column:
            return True
        if BULLET_RE.match(line.looks.folded):
            return True
        named = [one for one in self.gazetteer.find(line.looks.folded[:PLACE_WITHIN]) if one.full]
        chained = len(named) > 1 and named[0].start < BRIEF_START * (len(named) - 1)
        return (chained or story.is_closed) and self._is_elsewhere(line, story)

    def _best(self, line: Line, headed: Story | None) -> tuple[Story | None, float]:
        """The story that has most claim to a paragraph, or None if it seems to be a story of its own."""
        vector = self.words.vector(line.unit)
        scores = [(self._fit(story, line, vector, headed), story) for story in self._candidates()]
        if not scores:
            return None, ALONE
        fit, story = max(scores, key=lambda pair: pair[0])
        return (story, fit) if fit > ALONE or headed is not None or not self._can_be_alone(line) else (None, ALONE)

    def _fit(self, story: Story, line: Line, vector: dict[str, float], headed: Story | None) -> float:
        score = HEADED if story is headed else HERE if story is self.current else 0.0
        score += LIKENESS * story.theme.likeness(vector)
        if story is headed and (not story.passages or story.passages[-1].role == "subhead"):
            return score
        join = seam(story.last.looks, line.looks, self.words) if story.is_open and story.last is not None else 0.0
        if story.is_open and (story is self.current or join > 0):
            score += OPEN + SEAM * join
        elif story.passages:
            score += LEFT if story is not self.current and not story.is_active else 0.0
            score += CLOSED if story.is_closed else 0.0
            score -= 1.0 if starts_anew(line.looks) <= -3 else 0.0
        return score

    def _can_be_alone(self, line: Line) -> bool:
        return bool(line.looks.end_credit or BULLET_RE.match(line.looks.folded) or starts_anew(line.looks) > 0)

    def _note_turn(self, story: Story) -> None:
        """Remember who was interrupted: a story in mid-sentence, or one that stands beside an interrupted one."""
        before = self.before
        if before is not None and before is not story:
            before.is_active |= before.is_open or (story.is_active and not self.fresh)
        self.before = story
        self.interrupted = self.column = False

    def _append(self, story: Story, line: Line, fit: float) -> None:
        if story.last is not None and self.interrupted:
            story.breaks.append(len(story.passages))
            story.before_break = story.last
        self._note_turn(story)
        story.passages.append(Passage(line.unit, "body", line.reasons))
        story.first = story.first or line
        story.place = story.place or self._place(line)
        story.last = line
        if line.looks.length:
            story.fits.append(fit)
        story.theme.add(self.words.vector(line.unit))
        self.current, self.fresh = story, False


def _split_at_byline(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of a headline, and those that stand below its bylines: a subhead or what was below a picture."""
    labels = [line.label for line in lines]
    if "byline" not in labels or "headline" not in labels[: labels.index("byline")]:
        return lines, []
    last = len(labels) - labels[::-1].index("byline")
    rest = lines[last:]
    return (lines[:last], rest) if all(line.label == "headline" for line in rest) else (lines, [])


def _labels(element: Element) -> list[Line]:
    return [line for line in element.lines if line.label == "label"]


def assemble(elements: list[Element], gazetteer: Gazetteer) -> tuple[list[Story], list[Element]]:
    """The stories of a page, and the elements that belong to none."""
    assembly = Assembly(elements, gazetteer)
    stories = assembly.run()
    for story in stories:
        finish(story, assembly.words)
    return stories, [*assembly.spare, *_forgotten(elements, stories, assembly.spare)]


def _forgotten(elements: list[Element], stories: list[Story], spare: list[Element]) -> list[Element]:
    """Lines that no rule above gave a place: whatever the rules are, nothing may be lost."""
    placed = {unit.pieces for story in stories for unit in story.units()}
    # A headline that a column broke is one unit of several lines.
    pieces = {piece for unit in placed for piece in unit}
    kept = {id(line) for element in spare for line in element.lines}
    lines = [line for element in elements for line in element.lines if id(line) not in kept]
    return [Element("head", [line]) for line in lines if not pieces.issuperset(line.unit.pieces)]
