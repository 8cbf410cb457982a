"""Where a headline may go on in the next line: between words, as newspapers break them.

Browsers break Chinese between any two characters; `word-break: auto-phrase` knows Japanese only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from gongbao.cache import Known
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


@dataclass(frozen=True)
class Headlines:
    """The phrases of an archive's headlines, kept from build to build.

    Of what they are made, the dictionary, each process that renders a page would load its own: a third of a second.
    """

    known: Known[tuple[str, ...]]
    part: Phrases  # of those that the last build didn't have

    def __call__(self, headline: str) -> tuple[str, ...]:
        """The phrases of a headline, whether it is known or not."""
        return self.known.values.get(headline) or self.part(headline)

    def learn(self, headlines: Iterable[str]) -> None:
        """Know these and no others, and keep them for the next build."""
        self.known.keep({headline: self(headline) for headline in headlines})
