"""One spelling to match against: simplified characters, half-width forms; a folded text is as long as its original."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

import opencc


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify_character(char: str) -> str:
    """The simplified character that a traditional one is read as, by OpenCC's t2s; others, and what is both, stay."""
    simple = _converter().convert(char)
    return simple if len(simple) == 1 else char


@cache
def traditional_forms() -> Mapping[str, str]:
    """Every traditional character of Unicode's first plane, with the simplified one that it is read as."""
    chars = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = _converter().convert("\n".join(chars)).split("\n")  # in one go: fifty times faster
    return {char: simple for char, simple in zip(chars, simplified, strict=True) if simple != char and len(simple) == 1}


class _Table(dict[int, str]):
    """Fills itself with the characters that occur, one by one, so that positions are kept."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char) if code > 0x7F else char
        if len(folded) != 1:
            folded = char
        if "\u3400" <= folded <= "\u9fff":
            folded = simplify_character(folded)
        self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The text with traditional characters simplified and full-width forms made half-width; as long as before."""
    return text.translate(_TABLE)
