"""A page dump becomes articles: the whole way, from text to records. No file is read or written here."""

from __future__ import annotations

from gongbao.article import Lists
from gongbao.clip.assemble import assemble
from gongbao.clip.carve import Element, carve
from gongbao.clip.dating import FoundDate, page_date
from gongbao.clip.describe import describe, text_of
from gongbao.clip.gazetteer import gazetteer
from gongbao.clip.lines import Line, is_set_phrase, label_lines
from gongbao.clip.page import Piece, join_wrapped, split_page
from gongbao.clip.reading import Dump
from gongbao.clip.records import Cut, Known, Leftover
from gongbao.clip.repeats import find_repeats
from gongbao.regions import LAST_YEAR
from gongbao.vocabulary import Paper, Vocabulary

LABELS = {
    "headline": "标题行",
    "body": "正文",
    "byline": "署名",
    "label": "框题",
    "banner": "栏目或版面标记",
    "toc": "目录",
}


def cut_page(dump: Dump, lists: Lists, known: Known | None = None) -> Cut:
    """Cut a page into articles. Every text gives a result; what can't be told is flagged."""
    known = known or Known()
    units, residue = split_page(dump.text)
    units = join_wrapped(units)
    fresh, repeats = find_repeats(units, [is_set_phrase(unit) for unit in units])
    lines = label_lines(fresh)
    elements = carve(lines)
    date = _page_date(known, elements, lines)
    paper = known.paper or _paper_of(elements, lists.vocabulary)
    stories, spare = assemble(elements, gazetteer(date.date.year if date else LAST_YEAR))
    stories.sort(key=lambda story: min(unit.line for unit in story.units()))
    return Cut(
        dump=dump,
        known=known,
        clippings=tuple(describe(story, lists, date, paper) for story in stories),
        repeats=tuple(repeats),
        leftovers=(*map(_leftover, spare), *(Leftover("markup", (piece,)) for piece in residue)),
        date=date,
        paper=paper,
        reasons=_reasons(lines),
    )


def _leftover(element: Element) -> Leftover:
    pieces = tuple(piece for line in element.lines for piece in line.unit.pieces)
    return Leftover("stray" if element.kind == "head" else element.kind, pieces, element.reason)


def _page_date(known: Known, elements: list[Element], lines: list[Line]) -> FoundDate | None:
    if known.date:
        return FoundDate(known.date, 0, "")
    banners = [text_of(line.unit, "banner") for one in elements if one.kind == "banner" for line in one.lines]
    return page_date(banners, [text_of(line.unit, "body") for line in lines])


def _paper_of(elements: list[Element], vocabulary: Vocabulary) -> Paper | None:
    """The paper whose name stands in a line of the page's furniture."""
    texts = ["".join(line.unit.folded.split()) for one in elements if one.kind == "banner" for line in one.lines]
    return next((paper for paper in vocabulary.papers if any(paper.name in text for text in texts)), None)


def _reasons(lines: list[Line]) -> dict[Piece, str]:
    """Why each piece has its label, for the editor to see."""
    return {
        piece: f"{LABELS[line.label]}：{'、'.join(line.reasons)}" if line.reasons else LABELS[line.label]
        for line in lines
        for piece in line.unit.pieces
    }
