"""What the front matter of a story will say, each with the line and the words that say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import mean

from gongbao.article import Credit, Lists
from gongbao.clip.campaigns import find_campaigns
from gongbao.clip.credits import parse_byline_line
from gongbao.clip.dating import FoundDate, event_date
from gongbao.clip.figures import find_figures
from gongbao.clip.gazetteer import gazetteer
from gongbao.clip.looks import Looks
from gongbao.clip.page import Unit
from gongbao.clip.places import Found, Text, find_places
from gongbao.clip.records import Clipping, Evidence
from gongbao.clip.stories import Story
from gongbao.regions import LAST_YEAR
from gongbao.vocabulary import Paper

# What each flag takes from the confidence of a cut.
COSTS = {
    "starts-mid-sentence": 0.25,
    "ends-mid-sentence": 0.2,
    "gap": 0.25,
    "joined-pieces": 0.08,
    "moved-beginning": 0.12,
    "doubtful-passage": 0.2,
    "no-title": 0.2,
    "no-date": 0.05,
    "no-region": 0.05,
    "no-byline": 0.05,
}
FLAGS = tuple(COSTS)
PHOTO_NO_TITLE = 0.05  # photo news often has none
WEAK_FIT = 0.6
SURE_FIT = 3.0  # with this, nothing is taken off for how well the passages fit


def text_of(unit: Unit, position: str) -> Text:
    """A unit as what metadata are looked for in."""
    return Text(unit.folded, unit.line, position)


def _story_texts(story: Story) -> list[Text]:
    """A story's lines with the positions that metadata are weighed by."""
    head = story.headline
    parts = (("kicker", head.kicker), ("title", head.title), ("subtitle", head.subtitle), ("caption", head.captions))
    texts = [text_of(unit, position) for position, units in parts for unit in units]
    lead = next((passage for passage in story.passages if passage.role == "body"), None)
    for passage in story.passages:
        position = "lead" if passage is lead else "subhead" if passage.role == "subhead" else "body"
        texts.append(text_of(passage.unit, position))
    texts += [text_of(passage.unit, "body") for passage in (*story.boxes, *story.trailing)]
    return texts + [text_of(passage.unit, "caption") for passage in story.captions]


def describe(story: Story, lists: Lists, page: FoundDate | None, paper: Paper | None) -> Clipping:
    """A story with its date, places, campaigns, byline and figures, and how sure the cut is."""
    texts = _story_texts(story)
    plain = [replace(text, position="body") if text.position == "subhead" else text for text in texts]
    date = event_date(plain, page)
    home = tuple(paper.place.split("/")) if paper and paper.place else ()
    places = find_places(plain, gazetteer(date.date.year if date else LAST_YEAR), home)
    campaigns = find_campaigns(texts, lists.vocabulary)
    names, signed = _credits(story)
    flags = tuple(_flags(story, date, places, names))
    evidence = [
        *([Evidence("date", date.line, date.words)] if date and date.line else []),
        *(Evidence("region", place.line, place.words) for place in places),
        *(Evidence("campaign", found.line, found.words) for found in campaigns),
        *signed,
    ]
    return Clipping(
        story=story,
        date=date,
        places=tuple(places),
        campaigns=tuple(campaigns),
        credits=names,
        figures=tuple(find_figures(plain)),
        evidence=tuple(evidence),
        confidence=_confidence(story, flags),
        flags=flags,
    )


def _credits(story: Story) -> tuple[tuple[Credit, ...], list[Evidence]]:
    """The bylines of a story in the order of its lines, each name once for each role."""
    names: list[Credit] = []
    evidence: list[Evidence] = []
    for line in story.headline.bylines:
        names += _as_printed(parse_byline_line(line.unit.folded) or (), line.unit)
        evidence.append(Evidence("byline", line.unit.line, line.unit.text))
    for passage in (*story.passages, *story.captions, *story.trailing):
        looks = Looks(passage.unit)
        for byline in (looks.dateline, looks.end_credit):
            if byline is not None and byline.credits:
                names += _as_printed(byline.credits, passage.unit)
                words = passage.unit.text[byline.start : byline.end].strip()
                evidence.append(Evidence("byline", passage.unit.line, words))
    return tuple(dict.fromkeys(names)), evidence


def _as_printed(found: tuple[Credit, ...], unit: Unit) -> Iterator[Credit]:
    """The credits with their names in the page's own characters, which may be traditional ones."""
    folded, printed = "".join(unit.folded.split()), "".join(unit.text.split())
    for credit in found:
        at = folded.find(credit.name)
        yield replace(credit, name=printed[at : at + len(credit.name)]) if at >= 0 else credit


def _flags(story: Story, date: FoundDate | None, places: list[Found], names: tuple[Credit, ...]) -> Iterator[str]:
    yield from story.flags
    if story.fits and min(story.fits) < WEAK_FIT and len(story.fits) > 1:
        yield "doubtful-passage"
    yield from (name for name, found in (("no-date", date), ("no-region", places), ("no-byline", names)) if not found)


def _confidence(story: Story, flags: tuple[str, ...]) -> float:
    cost = sum(PHOTO_NO_TITLE if flag == "no-title" and story.is_photo else COSTS[flag] for flag in flags)
    fit = min(mean(story.fits), SURE_FIT) / SURE_FIT if story.fits else 1.0
    return round(max(0.0, 0.83 + 0.15 * fit - cost), 2)  # no cut is certain
