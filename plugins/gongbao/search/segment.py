"""Every dictionary word that occurs in a text: jieba's whole lattice, not one way through it.

An article is indexed under all of them and under every character, so however a query is cut into dictionary words,
each of those words leads to every article that holds the query's text.
"""

from __future__ import annotations

import importlib.util
import math
import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Self, cast

import numpy as np
import numpy.typing as npt

from gongbao.search.lattice import ELSE, Lattice
from gongbao.search.variants import simplify
from gongbao.text import HAN, normalise

if TYPE_CHECKING:
    import jieba

# Runs of letters and digits have no dictionary: every stretch of at most this many characters counts as a word, so
# that 2020 is found by 20 as well, which the edge of a copied passage may have left of it.
LONGEST_PIECE = 3
# Costs are -ln(probability) in sixths: integers, so that Python and JavaScript agree to the last tie, and below 128,
# so that each takes one byte.
COST_UNIT = 6
PIECE_COST = 20 * COST_UNIT
# Characters outside the index's core are cut as if the dictionary had counted them so often.
RARE_COUNT = 10
TEXT_BREAK = "\n"
GAP = " "
MARK = "\0"  # none of SAFE_RANGES
DICTIONARY_HAN_RE = re.compile("[\u4e00-\u9fa5]{2,}")
# A run of letters and digits, or the end of a text.
PIECES_RE = re.compile(f"{TEXT_BREAK}|[^\\W_{HAN}]+")

# Characters that no neighbour combines with: letters of ASCII, Chinese and their punctuation, full-width forms.
SAFE_RANGES = ((0x0A, 0x7E), (0x2010, 0x2027), (0x3000, 0x3029), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFF01, 0xFF5E))

Cutter = Callable[[str], list[str]]


@dataclass(frozen=True)
class Dictionary:
    """What cutting needs of jieba's dictionary with an archive's own words; to read all of it takes two seconds."""

    own_counts: Mapping[str, int]
    lattice: Lattice
    counts: Sequence[int]  # of the lattice's words, by their numbers
    others: Mapping[str, int]  # single characters, and words with letters: their counts
    total: int  # of all words' counts

    @classmethod
    def of(cls, tokenizer: jieba.Tokenizer, own_words: Iterable[str]) -> Self:
        """Taken from a tokenizer that knows the words."""
        own_counts = {word: tokenizer.FREQ[word] for word in sorted(own_words)}
        known = {word: count for word, count in tokenizer.FREQ.items() if count}
        lattice = Lattice.of(known)
        counts = array("q", map(known.pop, lattice.words(np.arange(len(lattice)))))
        return cls(own_counts, lattice, counts, known, tokenizer.total)


class Segmenter:
    """The words of jieba's dictionary and the archive's own (places, campaigns, papers)."""

    def __init__(self, own_words: Iterable[str] = (), *, dictionary: Dictionary | None = None) -> None:
        """With a `dictionary` kept from a segmenter of the same words, jieba's own isn't read before it is needed."""
        words = {simplify(normalise(word)) for word in own_words}
        self.own_words = frozenset(word for word in words if DICTIONARY_HAN_RE.fullmatch(word))
        self.dictionary = dictionary or Dictionary.of(self._jieba, self.own_words)
        self._cost_of_one = round(COST_UNIT * math.log(self.dictionary.total))

    @cached_property
    def _jieba(self) -> jieba.Tokenizer:
        import jieba  # takes longer than most of what a build without it loads

        jieba.setLogLevel("WARNING")
        tokenizer = jieba.Tokenizer()
        tokenizer.initialize()
        for word in sorted(self.own_words):
            if not tokenizer.FREQ.get(word):
                tokenizer.add_word(word)
        return tokenizer

    @cached_property
    def _cut(self) -> Cutter:
        """rjieba's, the same dictionary in Rust and 15 times faster, where it is installed."""
        if importlib.util.find_spec("rjieba") is None:
            return cast(Cutter, self._jieba.lcut)
        return _rjieba_cutter(self.dictionary.own_counts)

    def join(self, texts: Iterable[str]) -> str:
        """Texts, normalised and simplified, as one with TEXT_BREAK between them."""
        text = TEXT_BREAK.join(text.replace(TEXT_BREAK, GAP) for text in texts)
        characters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        table = fold_table()
        if characters.max(initial=0) < len(table) and (folded := table[characters]).all():
            return folded.tobytes().decode("utf-32-le")
        return simplify(normalise(text))

    @property
    def lattice(self) -> Lattice:
        """All words of two or more ideographs."""
        return self.dictionary.lattice

    def cut(self, text: str) -> list[str]:
        """A text as its likeliest words, names among them that no dictionary has."""
        return self._cut(text)

    def costs(self, words: Sequence[str]) -> list[int]:
        """How improbable words are: -ln of each one's share of the dictionary's counts, in sixths."""
        own = self.dictionary
        numbers = own.lattice.numbers(words).tolist()
        counts = [
            own.others.get(word, 1) if at == ELSE else own.counts[at] for word, at in zip(words, numbers, strict=True)
        ]
        costs = {count: self._cost_of(count) for count in set(counts)}
        return [costs[count] for count in counts]

    def _cost_of(self, count: int) -> int:
        return self._cost_of_one - round(COST_UNIT * math.log(count))

    @property
    def rare_cost(self) -> int:
        """The cost of a character that the dictionary counted RARE_COUNT times."""
        return self._cost_of(RARE_COUNT)


@cache
def fold_table() -> npt.NDArray[np.uint32]:
    """What `normalise` and `simplify` make of each character of SAFE_RANGES alone, 0 for others.

    A text without others is folded character by character, ten times as fast. Of punctuation that becomes several
    characters the first is kept: it only separates.
    """
    table = np.zeros(SAFE_RANGES[-1][1] + 1, dtype=np.uint32)
    for first, last in SAFE_RANGES:
        folded = simplify(normalise(MARK.join(map(chr, range(first, last + 1))))).split(MARK)
        table[first : last + 1] = [ord(text[0]) for text in folded]
    return table


def _rjieba_cutter(own_counts: Mapping[str, int]) -> Cutter:
    import rjieba

    cutter = rjieba.Jieba()
    for word, count in own_counts.items():
        cutter.add_word(word, count, "n")
    return cast(Cutter, cutter.cut)


@lru_cache(maxsize=1 << 14)
def pieces(run: str) -> list[str]:
    """Every stretch of one to LONGEST_PIECE characters of a run of letters and digits, which may be a TEXT_BREAK."""
    return [
        run[start : start + size]
        for start in range(len(run))
        for size in range(1, min(LONGEST_PIECE, len(run) - start) + 1)
    ]


def cut_run(run: str, cost: Callable[[str], int | None], *, longest: int, single_cost: int) -> list[str]:
    """Cut a run into known words by the path of least cost: jieba's own algorithm, with integers.

    `cost` gives a word's cost or None if the lexicon doesn't have it; a single character is always possible, at
    `single_cost` if unknown. Among paths of equal cost the longer first word wins, as in jieba's `calc`.
    """
    best = [0] * (len(run) + 1)
    ends = [0] * len(run)
    for start in range(len(run) - 1, -1, -1):
        least: int | None = None
        for end in range(start + 1, min(len(run), start + longest) + 1):
            own = cost(run[start:end])
            if own is None:
                if end > start + 1:
                    continue
                own = single_cost
            total = own + best[end]
            if least is None or total <= least:
                least, ends[start] = total, end
        best[start] = least or 0
    words, start = [], 0
    while start < len(run):
        words.append(run[start : ends[start]])
        start = ends[start]
    return words
