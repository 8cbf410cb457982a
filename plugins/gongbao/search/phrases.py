"""Where a headline may go on in the next line: between words, as newspapers break them.

Browsers break Chinese between any two characters; `word-break: auto-phrase` knows Japanese only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from gongbao.text import HAN

# Marks keep the breaks that browsers know, and a number stays with its unit: 1200万元.
BEFORE_RE, AFTER_RE = re.compile(f"[{HAN}A-Za-z]$"), re.compile(f"^[{HAN}A-Za-z0-9]")
# Words that belong to the one before them.
CLINGING = frozenset("的地得了着过们等")
Phrases = Callable[[str], tuple[str, ...]]


def make_phrases(cut: Callable[[str], list[str]]) -> Phrases:
    """A function that parts a headline into what stays on one line; remembered, as lists show a title often."""

    @lru_cache(maxsize=65536)
    def part(headline: str) -> tuple[str, ...]:
        parts: list[str] = []
        for word in cut(headline):
            if parts and (word in CLINGING or not (BEFORE_RE.search(parts[-1]) and AFTER_RE.search(word))):
                parts[-1] += word
            else:
                parts.append(word)
        return tuple(parts)

    return part
