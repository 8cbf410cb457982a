"""A file of the archive as the rules see it: its text, what the front matter's values are, where everything stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from gongbao.archive import PAGES, check_folder, decode_text
from gongbao.article import Article, Lists, parse_matter
from gongbao.frontmatter import FrontMatter, Node, is_scalar, split_front_matter
from gongbao.problem import ContentError, Problem
from gongbao.sitepage import SitePage, parse_page

Kind = Literal["article", "page"]
# Fields of running text; what stands in others has a form of its own.
TEXT_FIELDS = ("title", "kicker", "subtitle", "note", "summary")
# Stands for every character of Markdown that is no text; it is no letter, no mark and no space.
BLANK = "\ufffc"
# Ticks are counted from their first and all at once: from each again, 20,000 of them would take a minute.
NO_TEXT_RE = re.compile(
    r"""^(?P<fence>```|~~~).*?^(?P=fence)  # blocks and stretches of code
    |(?<!`)(?P<ticks>`++)[^`\n]+(?P=ticks)
    |<[^<>\n]+>                            # tags, addresses between angle brackets
    |(?<=\])\([^()\n]*\)                   # where a link leads
    |^\[[^\]\n]+\]:.*$
    |[a-z]+://[\x21-\x7e]+                 # addresses
    |\[\^[^\]\n]+\]                        # footnotes' marks
    |\\[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
# Without any of these a body is all text.
MARKDOWN_RE = re.compile(r"[`<\[\]\\]|~~~|://")
LINK_RE = re.compile(
    r"""(?P<image>!)?\[(?P<label>[^\[\]\n]*)\]\(\s*<?(?P<target>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)?)>?[^()\n]*\)
    |^\[(?!\^)[^\]\n]+\]:\s*<?(?P<defined>[^\s<>]+)
    |<(?P<tag>img|a)\b(?P<attributes>[^<>]*)>""",
    re.VERBOSE | re.MULTILINE,
)
ATTRIBUTE_RE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
CODE_RE = re.compile(
    r"^(?P<fence>```|~~~).*?^(?P=fence)|(?<!`)(?P<ticks>`++)[^`\n]+(?P=ticks)", re.MULTILINE | re.DOTALL
)
PARAGRAPH_RE = re.compile(r"[^\n]+(?:\n[^\n]+)*")


@dataclass(frozen=True)
class Passage:
    """A stretch of text that begins at `start`; `name` is its field, empty for the body."""

    start: int
    text: str
    name: str = ""


@dataclass(frozen=True)
class Link:
    """A link or an image of a body; `alt` is None where there is none to be."""

    at: int
    target: str
    alt: str | None = None


@dataclass(frozen=True)
class Document:
    """One file. `found` is what reading it complained of; after an error there is no article, or not even a matter."""

    path: Path
    kind: Kind
    text: str
    found: tuple[Problem, ...]
    matter: FrontMatter | None = None
    article: Article | None = None
    page: SitePage | None = field(default=None)

    @property
    def address(self) -> str | None:
        """Where its page stands, if it can be read."""
        whole = self.article or self.page
        return whole.address if whole else None

    def place(self, at: int) -> tuple[int, int]:
        """The line and column of an offset, from 1."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column; the nearest one there is."""
        start = self._lines[min(line, len(self._lines)) - 1]
        return min(start + column - 1, len(self.text))

    def column_of(self, line: int, words: str) -> int:
        """The column where words begin in a line; the first if they don't stand in it."""
        start = self._lines[line - 1]
        return max(self.text.find(words, start) - start, 0) + 1

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def node(self, name: str) -> Node | None:
        """The value of a field as YAML has it."""
        pair = self.matter.nodes.get(name) if self.matter else None
        return pair[1] if pair else None

    def start_of(self, node: Node | None) -> int:
        """Where a value begins; without one the beginning of the file."""
        return self.matter.yaml_start + node.start_mark.index if self.matter and node is not None else 0

    @cached_property
    def body(self) -> Passage:
        """The text after the front matter, with blanks for what is no text."""
        body = self.matter.body if self.matter else ""
        text = NO_TEXT_RE.sub(_blank, body) if MARKDOWN_RE.search(body) else body
        return Passage(len(self.text) - len(body), text)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The fields of text, then the paragraphs of the body."""
        start, body = self.body.start, self.body.text
        paragraphs = (Passage(start + match.start(), match[0]) for match in PARAGRAPH_RE.finditer(body))
        return (*self._fields(), *paragraphs)

    def _fields(self) -> Iterator[Passage]:
        for name in TEXT_FIELDS:
            node = self.node(name)
            if node is None or not is_scalar(node) or not self.matter:
                continue
            start, end = (self.matter.yaml_start + mark.index for mark in (node.start_mark, node.end_mark))
            if self.text[start:end][:1] in ("'", '"'):
                start, end = start + 1, end - 1
            yield Passage(start, self.text[start:end].rstrip(), name)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """What the body links to and shows, in order."""
        body = self.matter.body if self.matter else ""
        if not MARKDOWN_RE.search(body):
            return ()
        text = CODE_RE.sub(_blank, body)
        start = len(self.text) - len(body)
        return tuple(link for match in LINK_RE.finditer(text) for link in _make_links(match, start))


def _make_links(match: re.Match[str], start: int) -> Iterator[Link]:
    at = start + match.start()
    if match["tag"]:
        values = {name: quoted or single for name, quoted, single in ATTRIBUTE_RE.findall(match["attributes"])}
        image = match["tag"] == "img"
        target = values.get("src" if image else "href")
        if target is not None:
            yield Link(at, target, values.get("alt", "") if image else None)
    else:
        yield Link(at, match["defined"] or match["target"] or "", match["label"] if match["image"] else None)


def _blank(match: re.Match[str]) -> str:
    return "".join(char if char == "\n" else BLANK for char in match[0])


def read_document(path: Path, data: bytes | Problem, lists: Lists, kind: Kind) -> Document:
    """A file's bytes, or why they can't be had, as the rules see them; whatever is wrong stands in `found`."""
    if isinstance(data, Problem):
        return Document(path, kind, "", (data,))
    try:
        original = decode_text(path, data)
    except ContentError as error:
        return Document(path, kind, data.decode("utf-8", "replace"), error.problems)
    text = original.replace("\r\n", "\n")
    try:
        matter = split_front_matter(path, text)
    except ContentError as error:
        return Document(path, kind, text, error.problems)
    try:
        if kind == "page":
            page, warnings = parse_page(matter)
            return Document(path, kind, text, tuple(warnings), matter, page=page)
        article, warnings = parse_matter(matter, original, lists)
    except ContentError as error:
        return Document(path, kind, text, error.problems, matter)
    return Document(path, kind, text, (*warnings, *check_folder(article)), matter, article)


def kind_of(path: Path, content: Path) -> Kind:
    """What a file below a content folder is; whatever isn't in `pages` is an article."""
    return "page" if path.is_relative_to(content / PAGES) else "article"


def read_text_only(path: Path, text: str) -> Document:
    """A file's text without what only lists can tell: enough for rules on the text itself."""
    text = text.replace("\r\n", "\n")
    try:
        return Document(path, "article", text, (), split_front_matter(path, text))
    except ContentError as error:
        return Document(path, "article", text, error.problems)
