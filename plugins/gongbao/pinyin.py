"""The sounds of words, and file names made of them."""

from __future__ import annotations

import re
from functools import cache

from gongbao.text import normalise

SYLLABLE_RE = re.compile("[a-z]+")
PART_RE = re.compile("[a-z0-9]+")
LONGEST_SLUG = 40


@cache
def to_syllables(word: str) -> tuple[str, ...]:
    """A word's pinyin without tones, ü as v, in the reading that it has in this word; empty if it has none."""
    syllables = tuple(_read(word))
    is_whole = len(syllables) == len(word) and all(map(SYLLABLE_RE.fullmatch, syllables))
    return syllables if is_whole else ()


def to_slug(title: str) -> str:
    """A title as an editor may take it for a file's name: syllables, letters and digits with hyphens between them.

    It ends with a whole part before it gets too long; empty if nothing of the title can be written so.
    """
    slug = ""
    for part in PART_RE.findall(" ".join(_read(normalise(title)))):
        longer = f"{slug}-{part}" if slug else part
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return slug


def _read(text: str) -> list[str]:
    # Its dictionaries take a quarter of a second, and most builds know the sounds of all their words already.
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(text))
