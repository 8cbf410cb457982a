"""The page as a row of elements: headlines, paragraphs, photo news, boxes; contents lists and banners taken out."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from typing import Literal

from gongbao.clip.headlines import is_kind
from gongbao.clip.labels import CONTENTS_RE, LEADING, TRAILING
from gongbao.clip.lines import Line

Kind = Literal["head", "body", "photo", "box", "toc", "banner"]
# A photo's text has at most so many paragraphs and characters.
PHOTO_PARAGRAPHS = 3
PHOTO_CHARACTERS = 360
PICTURE_GAP = 2  # blank lines where the page had a picture
CAPTION = 45
TOC_LINES = 3


@dataclass
class Element:
    """Lines that are moved together."""

    kind: Kind
    lines: list[Line]
    reason: str = ""

    @property
    def first(self) -> Line:
        return self.lines[0]


def carve(lines: list[Line]) -> list[Element]:
    """The page's elements in the order of its lines."""
    elements = _group(lines)
    elements = _take_contents(elements)
    elements = _take_photos(elements)
    elements = _take_boxes(elements)
    return _take_page_banner(elements)


def _group(lines: list[Line]) -> list[Element]:
    """Runs of headline, byline and label lines as heads; every other line alone."""
    elements: list[Element] = []
    for line in lines:
        if line.label == "banner":
            elements.append(Element("banner", [line], "栏目或版面标记"))
        elif line.label in ("body", "toc"):
            elements.append(Element("body" if line.label == "body" else "toc", [line]))
        elif elements and elements[-1].kind == "head" and not _ends_story(elements, line):
            elements[-1].lines.append(line)
        else:
            elements.append(Element("head", [line]))
    return elements


def _ends_story(elements: list[Element], line: Line) -> bool:
    """Whether the bylines so far stand at a story's end, and the line begins the headline of the next."""
    head = elements[-1]
    after_text = len(elements) > 1 and elements[-2].kind == "body"
    return after_text and line.label != "byline" and all(other.label == "byline" for other in head.lines)


def _take_contents(elements: list[Element]) -> list[Element]:
    """Gather contents lists: lines with leaders or page numbers, and the entries among them and below their title."""
    result: list[Element] = []
    run: list[Element] = []
    seen = False  # a contents list; what follows it across other text may be more of it
    for element in [*elements, Element("body", [])]:
        if element.kind in ("toc", "head"):
            run.append(element)
            continue
        sorted_run = _sort_run(run, followed=element.kind == "body" and bool(element.lines), after_contents=seen)
        seen |= any(one.kind == "toc" for one in sorted_run)
        result += sorted_run
        run = []
        if element.lines:
            result.append(element)
    return result


def _sort_run(run: list[Element], *, followed: bool, after_contents: bool) -> list[Element]:
    marks = [number for number, element in enumerate(run) if element.kind == "toc"]
    titled = bool(marks) and bool(CONTENTS_RE.search(run[marks[0]].first.looks.folded))
    if not marks or not (titled or after_contents or len(marks) >= TOC_LINES):
        return [Element("head", [_as_headline(line) for line in element.lines]) for element in run]
    first = 0 if after_contents and not titled else marks[0]
    lines = [line for element in run[first:] for line in element.lines]
    entries = [number for number, line in enumerate(lines) if line.label == "toc"]
    last = entries[-1] if followed and len(entries) > 1 else len(lines) - 1
    taken, rest = lines[: last + 1], lines[last + 1 :]
    return [*run[:first], Element("toc", taken, "目录"), *([Element("head", rest)] if rest else [])]


def _as_headline(line: Line) -> Line:
    """A line that looked like an entry of a contents list where there is none."""
    return replace(line, label="headline") if line.label == "toc" else line


def _take_photos(elements: list[Element]) -> list[Element]:
    """Gather photo news: what stands between a headline, or a picture's gap, and the photographer's name."""
    result: list[Element] = []
    pending = deque(elements)
    while pending:
        element = pending.popleft()
        credit = element.lines[-1]
        alone = element.kind == "head" and all(line.label == "byline" for line in element.lines)
        signed = element.kind == "body" and credit.looks.end_credit is not None
        below = alone and bool(result) and result[-1].kind == "body"
        if (signed or below) and credit.looks.is_photo_credit:
            result.append(element)
            _close_photo(result)
        elif (
            element.kind == "head"
            and credit.looks.is_photo_credit
            and credit.label == "byline"
            and pending
            and (pending[0].kind == "body" and not pending[0].first.looks.dateline)
        ):
            result.append(Element("photo", [*element.lines, *pending.popleft().lines], "标题下有摄影署名"))
        else:
            result.append(element)
    return result


def _close_photo(result: list[Element]) -> None:
    """Turn the elements at the end of the row into one photo item, as far back as they belong to it."""
    end = len(result) - 1
    start = end if result[end].kind == "body" else end - 1
    size = result[start].first.looks.length
    if not result[start].first.looks.dateline:
        back = start - 1
        while (
            back >= 0
            and start - back < PHOTO_PARAGRAPHS
            and result[back].kind == "body"
            and not (result[back].first.looks.is_open or result[back].first.looks.end_credit)
        ):
            size += result[back].first.looks.length
            back -= 1
        if (
            back >= 0
            and _opens_photo(result[back])
            and size <= PHOTO_CHARACTERS
            and not (result[back + 1].first.looks.dateline)
        ):
            start = back
    elif start > 0 and result[start - 1].kind == "head":
        return  # an article whose author took the picture too
    taken = [line for element in result[start:] for line in element.lines]
    result[start:] = [Element("photo", taken, "末尾有摄影署名")]


def _opens_photo(element: Element) -> bool:
    return element.kind == "head" and element.lines[-1].label == "headline"


def _take_boxes(elements: list[Element]) -> list[Element]:
    """Gather boxes: a label and the paragraph below it; a label that names the kind of story stays with the head."""
    result: list[Element] = []
    pending = deque(elements)
    while pending:
        element = pending.popleft()
        labels = [line for line in element.lines if line.label == "label" and not is_kind(line)]
        boxed = element.kind == "head" and labels and element.lines[-1] is labels[-1]
        if not boxed or not pending or pending[0].kind != "body":
            result.append(element)
            continue
        head = [line for line in element.lines if line is not labels[-1]]
        if head:
            result.append(Element("head", head))
        box = [labels[-1], *pending.popleft().lines]
        result.append(Element("box", box, "有框题"))
    return result


def is_trailing(element: Element) -> bool:
    """Whether a box is read after the story and not before it."""
    return element.first.looks.bare in TRAILING and element.first.looks.bare not in LEADING


def _take_page_banner(elements: list[Element]) -> list[Element]:
    """The first line of the page, if it stands over several stories and not over one."""
    if not elements or elements[0].kind != "head":
        return elements
    head = elements[0]
    titles = [line for line in head.lines if line.label == "headline"]
    if not titles or titles[0] is not head.lines[0] or len(titles) < 2:
        return elements
    first, second = titles[0], titles[1]
    spare = sum(1 for line in titles[1:] if not re.match(r"[—-]{2}", line.looks.folded)) > 1
    set_off = first.looks.after_gap >= PICTURE_GAP or (
        spare and re.search(r"[—-]{2}$", second.looks.folded) and "," not in first.looks.folded
    )
    slogan = first.looks.length <= 16 and re.search(r"\s", first.looks.folded.strip())
    if not (set_off and slogan):
        return elements
    return [Element("banner", [first], "通栏题"), Element("head", head.lines[1:]), *elements[1:]]
