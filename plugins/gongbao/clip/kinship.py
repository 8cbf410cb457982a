"""How much a passage has in common with a story, and whether one sentence runs on into another passage."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from gongbao.clip.looks import DATE_START_RE, NUMBERED_RE, UNIT_RE, Looks
from gongbao.clip.page import Unit

WORD_RE = re.compile(r"[\u3400-\u9fffa-z0-9]+", re.IGNORECASE)
# What opens a sentence of its own.
START_RE = re.compile(
    r"[“\"●◆■▲]|据悉|据了解|据介绍|同时|此外|另外|其中|例如|如今|为了|为|在|随着|截至|从|自|目前|当天|当晚|活动|记者|工会|该|这|但|而|对|经过|“|图为"
)
FEWEST_CHARACTERS = 4


class Words:
    """The pairs of characters of a page's passages, each with its weight: the rarer, the more it tells."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.text = "\n".join(unit.folded for unit in units)
        lists = [grams(line) for line in self.text.split("\n")]
        counts = Counter(gram for one in lists for gram in one)
        self.weight = {gram: math.log(1 + len(lists) / count) for gram, count in counts.items() if count > 1}
        self.pairs = Counter(self.text[at : at + 2] for at in range(len(self.text) - 1))
        self.triples = Counter(self.text[at : at + 3] for at in range(len(self.text) - 2))

    def vector(self, unit: Unit) -> dict[str, float]:
        """The weights of the pairs that occur elsewhere on the page too."""
        return {gram: self.weight[gram] for gram in grams(unit.folded) if gram in self.weight}


def grams(text: str) -> set[str]:
    """The pairs and triples of characters within the words of a text."""
    return {
        run[at : at + size] for run in WORD_RE.findall(text) for size in (2, 3) for at in range(len(run) - size + 1)
    }


class Theme:
    """What a story is about, as far as it is known: grows with each passage."""

    def __init__(self) -> None:
        self.weights: dict[str, float] = {}
        self.square = 0.0

    def add(self, vector: dict[str, float]) -> None:
        """Take a passage in."""
        for gram, weight in vector.items():
            if gram not in self.weights:
                self.weights[gram] = weight
                self.square += weight * weight

    def likeness(self, vector: dict[str, float]) -> float:
        """From 0, nothing in common, to 1, the same words (cosine)."""
        common = sum(weight * weight for gram, weight in vector.items() if gram in self.weights)
        square = sum(weight * weight for weight in vector.values())
        return common / math.sqrt(square * self.square) if common else 0.0


def starts_anew(looks: Looks) -> float:
    """How much a passage looks like the beginning of a paragraph: positive; or of the rest of one: negative."""
    text = looks.folded
    if re.match(r"[,。、;:!?)”’》…]", text):
        return -4
    if looks.dateline:
        return 4
    if looks.unclosed < 0:
        return -3
    score = 1.0 if DATE_START_RE.match(text) or NUMBERED_RE.match(text) else 0.0
    score += 0.6 if START_RE.match(text) else 0.0
    score += 1.5 if looks.unit.indented else 0.0
    score -= 3 if looks.page_indents and not looks.unit.indented else 0.0
    score -= 2 if UNIT_RE.match(text) and looks.length < 200 and not DATE_START_RE.match(text) else 0.0
    score -= 1.5 if looks.length <= FEWEST_CHARACTERS else 0.0
    return score


def seam(before: Looks, after: Looks, words: Words) -> float:
    """How well the passage `after` goes on where `before` breaks off in mid-sentence."""
    one, other = before.folded, after.folded
    score = -starts_anew(after) * 0.6
    if before.unclosed > 0:
        score += 2.5 if after.unclosed < 0 else -0.3
    elif after.unclosed < 0:
        score -= 1
    if one[-1:].isdigit() and UNIT_RE.match(other):
        score += 2
    if one.endswith((",", "、", ";")):
        score += 0.3
    edges = one[-2:] + other[:2]
    score += min(1.2, 0.6 * words.pairs.get(edges[1:3], 0))
    score += min(1.2, 1.2 * (words.triples.get(edges[:3], 0) + words.triples.get(edges[1:], 0)))
    return score
