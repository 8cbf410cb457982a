"""review.html: the page on the left, its articles on the right, in the same colours, each a link to the other.

It is written whole, as one file: pieces and articles are ordinary links, the script only lights up what belongs
together. Everything of the dump is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from gongbao.clip.leftovers import KINDS, describe_lines
from gongbao.clip.page import Piece, Unit
from gongbao.clip.records import Clipping, Cut, Leftover, print_unit, print_units
from gongbao.clip.stories import Passage
from gongbao.flags import FLAG_NAMES

TEMPLATE = Path(__file__).with_name("review.html")
GOLDEN_ANGLE = 137.5  # neighbouring articles get hues far apart, however many there are
FIRST_HUE = 25
FIELDS = {"date": "日期", "region": "地区", "campaign": "活动", "byline": "署名"}
ROLES = {"subhead": "sub", "label": "label", "caption": "caption"}
PICTURE_GAP = 3


@dataclass(frozen=True)
class _Place:
    """Where a piece went: the id of the card, how it looks, what is said of it."""

    owner: str
    style: str
    said: str
    hue: float = 0.0


def render_review(cut: Cut) -> str:
    """The review page of a cut."""
    places = _places(cut)
    name = cut.dump.path.name
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=f"审阅：{escape(name)}",
        name=escape(name),
        summary=_summary(cut),
        page="\n".join(_page_lines(places)),
        articles="\n".join(
            [*(_card(number, one, cut) for number, one in enumerate(cut.clippings, 1)), _leftovers(cut)]
        ),
    )


def _summary(cut: Cut) -> str:
    doubtful = sum(bool(set(one.flags) - {"no-byline"}) for one in cut.clippings)
    parts = [f"{len(cut.clippings)} 篇文章", f"{doubtful} 篇要留意" if doubtful else "都没有疑点"]
    parts += [f"{len(cut.repeats)} 处重复"] if cut.repeats else []
    parts += [f"版面日期 {cut.date.date.chinese}"] if cut.date else []
    return "，".join(parts)


def _hue(number: int) -> float:
    return round((FIRST_HUE + (number - 1) * GOLDEN_ANGLE) % 360, 1)


def _places(cut: Cut) -> dict[Piece, _Place]:
    """For every piece the card it went to."""
    places: dict[Piece, _Place] = {}
    for number, clipping in enumerate(cut.clippings, 1):
        head = clipping.story.headline
        heads = {id(unit) for unit in (*head.kicker, *head.title, *head.subtitle)}
        for unit in clipping.units:
            style = "is-head" if id(unit) in heads else ""
            for piece in unit.pieces:
                said = f"第 {piece.line} 行 → 第 {number} 篇。{cut.reasons.get(piece, '')}"
                places[piece] = _Place(f"a{number}", style, said, _hue(number))
    for repeat in cut.repeats:
        of = "、".join(map(str, repeat.of))
        for piece in repeat.unit.pieces:
            said = f"第 {piece.line} 行重复第 {of} 行（相似 {repeat.likeness:.0f}%），已拿掉"
            places[piece] = _Place("repeats", "again", said)
    for leftover in cut.leftovers:
        for piece in leftover.pieces:
            said = f"第 {piece.line} 行 → {KINDS[leftover.kind]}。{cut.reasons.get(piece, '')}"
            places[piece] = _Place("leftovers", "left", said)
    return places


def _page_lines(places: dict[Piece, _Place]) -> list[str]:
    by_line: dict[int, list[Piece]] = {}
    for piece in sorted(places):
        by_line.setdefault(piece.line, []).append(piece)
    lines, last = [], 0
    for number, pieces in by_line.items():
        gap = number - last - 1
        style = " after-picture" if gap >= PICTURE_GAP else " after-gap" if gap else ""
        text = "".join(_piece(piece, places[piece]) for piece in pieces)
        lines.append(
            f'<div class="line{style}" id="l{number}"><span class="number">{number}</span><div>{text}</div></div>'
        )
        last = number
    return lines


def _piece(piece: Piece, place: _Place) -> str:
    return (
        f'<a class="piece {place.style}" style="--h:{place.hue}" href="#{place.owner}" data-owner="{place.owner}"'
        f' title="{escape(place.said)}" data-why="{escape(place.said)}">{escape(piece.text)}</a>'
    )


def _card(number: int, clipping: Clipping, cut: Cut) -> str:
    head = clipping.story.headline
    title = escape(clipping.title) or '<span class="none">（没有标题）</span>'
    flags = "".join(f"<li>{FLAG_NAMES[flag]}</li>" for flag in clipping.flags)
    confidence = round(clipping.confidence * 100)
    return "".join(
        (
            f'<article class="card" id="a{number}" data-owner="a{number}" style="--h:{_hue(number)}">',
            f'<div class="count"><b>{number}</b><span>{describe_lines(cut.lines_of(clipping))}</span>',
            f'<span class="meter" aria-hidden="true"><i style="inline-size:{confidence}%"></i></span>',
            f"<span>把握 {confidence}%</span></div>",
            _line("kicker", head.kicker),
            f"<h2>{title}</h2>",
            _line("subtitle", head.subtitle),
            f'<ul class="flags">{flags}</ul>' if flags else "",
            _metadata(clipping),
            f'<div class="text">{"".join(_paragraphs(clipping))}</div></article>',
        )
    )


def _line(style: str, units: list[Unit]) -> str:
    return f'<p class="{style}">{escape(print_units(units))}</p>' if units else ""


def _passages(clipping: Clipping) -> list[Passage]:
    story = clipping.story
    captions = [Passage(unit, "caption") for unit in story.headline.captions]
    return [*story.boxes, *story.passages, *story.trailing, *story.captions, *captions]


def _paragraphs(clipping: Clipping) -> list[str]:
    """The text in paragraphs; passages that go on in the sentence before stand in its paragraph."""
    paragraphs: list[str] = []
    for passage in _passages(clipping):
        text = f'<a href="#l{passage.unit.line}">{escape(print_unit(passage.unit))}</a></p>'
        if passage.joins and paragraphs:
            paragraphs[-1] = paragraphs[-1].removesuffix("</p>") + text
        else:
            paragraphs.append(f'<p class="{ROLES.get(passage.role, "body")}">{text}')
    return paragraphs


def _metadata(clipping: Clipping) -> str:
    """The fields of the front matter, each with the places in the text that speak for it."""
    values = {
        "date": clipping.date.date.chinese if clipping.date else "",
        "region": "、".join("".join(place.path) for place in clipping.places),
        "campaign": "、".join(found.campaign.name for found in clipping.campaigns),
        "byline": "、".join(f"{credit.title} {credit.name}" for credit in clipping.credits),
    }
    rows = []
    for name, value in values.items():
        why = "；".join(
            f'<a class="why" href="#l{one.line}">第 {one.line} 行“{escape(one.words)}”</a>'
            for one in clipping.evidence
            if one.field == name and one.line
        )
        rows.append(f"<dt>{FIELDS[name]}</dt><dd>{escape(value) or '—'} {why}</dd>")
    if clipping.figures:
        figures = "；".join(f"{escape(found.figure.what)} {found.figure.text}" for found in clipping.figures)
        rows.append(f"<dt>数字</dt><dd>{figures}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _leftovers(cut: Cut) -> str:
    cards = []
    items = "".join(_leftover(leftover) for leftover in cut.leftovers if leftover.kind != "markup")
    marks = sum(leftover.kind == "markup" for leftover in cut.leftovers)
    items += f"<li>Markdown 记号的残留 {marks} 处，见 leftovers.md</li>" if marks else ""
    body = f'<ul class="list">{items}</ul>' if items else "<p>没有：版面上的每一个字都有去处。</p>"
    cards.append(f'<article class="card plain" id="leftovers" data-owner="leftovers"><h2>剩余</h2>{body}</article>')
    if cut.repeats:
        again = "".join(
            f'<li><a class="why" href="#l{repeat.unit.line}">第 {repeat.unit.line} 行</a>'
            f" 重复第 {'、'.join(map(str, repeat.of))} 行：{escape(print_unit(repeat.unit))}</li>"
            for repeat in cut.repeats
        )
        cards.append(
            '<article class="card plain" id="repeats" data-owner="repeats"><h2>重复，已拿掉</h2>'
            f'<ul class="list">{again}</ul></article>'
        )
    return "\n".join(cards)


def _leftover(leftover: Leftover) -> str:
    return "".join(
        f'<li><a class="why" href="#l{piece.line}">第 {piece.line} 行</a>'
        f" {KINDS[leftover.kind]}：{escape(piece.text)}</li>"
        for piece in leftover.pieces
    )
