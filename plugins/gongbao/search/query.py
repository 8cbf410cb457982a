"""The query language: words, "exact phrases", -without, title:words and prefix*; mirrored by query.js.

tests/data/queries.json holds both to the same cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gongbao.text import normalise

Kind = Literal["words", "phrase", "title", "prefix"]
# Only the straight quotation mark asks for a phrase: Chinese ones come along with copied text.
PART_RE = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"|(?P<title>title:|标题:)?(?P<text>[^\s"]+))')


@dataclass(frozen=True)
class Part:
    """One part of a query; `excluded` if what it finds is unwanted."""

    kind: Kind
    text: str
    excluded: bool = False


def parse_query(text: str) -> list[Part]:
    """The parts of a query, each of normalised text; parts without a letter, digit or ideograph are left out."""
    parts = []
    for match in PART_RE.finditer(normalise(text)):
        body = match["phrase"] if match["phrase"] is not None else match["text"]
        kind: Kind = "words"
        if match["phrase"] is not None:
            kind = "phrase"
        elif match["title"]:
            kind = "title"
        elif body.endswith("*"):
            kind = "prefix"
        # A hyphen inside copied text stands between characters; one that excludes stands after white space.
        excluded = bool(match["minus"]) and (match.start() == 0 or normalise(text)[match.start() - 1].isspace())
        if any(character.isalnum() for character in body):
            parts.append(Part(kind, body.rstrip("*") if kind == "prefix" else body, excluded))
    return list(dict.fromkeys(parts))
