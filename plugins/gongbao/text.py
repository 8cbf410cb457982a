"""One normal form of text for the index and the query; mirrored by theme/static/js/search/query.js.

tests/data/normalise.json holds both to the same cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# The ideographs of Unicode 15 less compatibility forms, which NFKC replaces. 〇 counts as a digit word of Chinese.
HAN_RANGES = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES)
RUN_RE = re.compile(f"(?P<han>[{HAN}]+)|(?P<word>[^\\W_{HAN}]+)")
ELLIPSIS = "……"  # six dots: GB/T 15834—2011, 4.11


def normalise(text: str) -> str:
    """Fold width and case: full-width forms become half-width ones (NFKC), letters lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The unbroken runs of ideographs, and of other letters and digits, of a normalised text.

    Yields (run, is_han). Everything else only separates: no word of the index reaches across it.
    """
    for match in RUN_RE.finditer(text):
        yield match[0], match.lastgroup == "han"


def shorten(text: str, limit: int) -> str:
    """The beginning of a text in at most `limit` characters, cut after a sentence or clause where one ends."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(ELLIPSIS)]
    cut = max(head.rfind(mark) for mark in "。！？；，、")
    if cut < limit // 2:
        return f"{head}{ELLIPSIS}"
    return head[: cut + 1] if head[cut] in "。！？" else f"{head[:cut]}{ELLIPSIS}"
