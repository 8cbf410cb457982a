"""Every dictionary word that occurs in a text, found for a whole batch of texts at once.

The dictionary is a trie in sorted arrays, one level a character: numpy walks it from all places of the text at the same
time. The words are those of jieba's `get_DAG`, tested against it; made as lists of strings, by jieba or by rjieba, they
cost more than all the counting after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
# The characters that jieba's dictionary parts runs by.
FIRST, LAST = 0x4E00, 0x9FA5
WORD_RE = re.compile(f"^[{chr(FIRST)}-{chr(LAST)}]{{2,}}$", re.MULTILINE)
CHARACTER_BITS = 15
PLACE_BITS = 29  # a batch has fewer characters than 2 ** 29, and the dictionary fewer beginnings than 2 ** 19
PLACE_MASK = (1 << PLACE_BITS) - 1
ELSE = -1  # in a character's place: no word goes on here; in a word's place: only the beginning of words


@dataclass(frozen=True)
class Level:
    """The beginnings of words that have so many characters, sorted.

    A key is the number of the beginning without its last character, and that character. `words` has the number of the
    word that a beginning is, or ELSE.
    """

    keys: Ints
    words: npt.NDArray[np.int32]

    def find(self, keys: Ints) -> Ints:
        """The number of the beginning that each key tells, ELSE if none has it."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, ELSE)


@dataclass(frozen=True)
class Lattice:
    """The words of two or more characters, numbered in order: word i is text[starts[i]:starts[i + 1]].

    `firsts` has the code point that it begins with.
    """

    text: str
    starts: npt.NDArray[np.int32]
    firsts: npt.NDArray[np.int32]
    levels: Sequence[Level]  # of two characters, three, and so on

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """The lattice of those words that have two or more of the characters from FIRST to LAST and no others.

        Each is given once, in any order.
        """
        # One search in all of them: to look at each word by itself takes ten times as long.
        ordered = sorted(WORD_RE.findall("\n".join(words)))
        sizes = np.fromiter(map(len, ordered), np.int64, len(ordered))
        starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
        text = "".join(ordered)
        codes, begins = _codes(text), starts[:-1].astype(np.int64)
        return cls(text, starts, (codes[begins] + FIRST).astype(np.int32), list(_make_levels(codes, begins, sizes)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def words(self, numbers: Ints) -> list[str]:
        """The words of some numbers."""
        ends = zip(self.starts[numbers].tolist(), self.starts[numbers + 1].tolist(), strict=True)
        return [self.text[start:end] for start, end in ends]

    def numbers(self, words: Sequence[str]) -> Ints:
        """The number of each of some words, ELSE of those that the lattice doesn't have."""
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        starts = np.cumsum(sizes) - sizes
        codes = _known_codes(np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32))
        numbers = np.full(len(words), ELSE)
        places = np.flatnonzero(sizes > 1)
        beginnings = codes[starts[places]]
        for depth, level in enumerate(self.levels, 1):
            longer = (beginnings != ELSE) & (sizes[places] > depth)
            places = places[longer]
            following = codes[starts[places] + depth]
            beginnings = np.where(following == ELSE, ELSE, level.find(beginnings[longer] << CHARACTER_BITS | following))
            ends = (beginnings != ELSE) & (sizes[places] == depth + 1)
            numbers[places[ends]] = level.words[beginnings[ends]]
        return numbers

    def find(self, characters: npt.NDArray[np.uint32]) -> Iterator[tuple[Ints, Ints]]:
        """Where words of two characters begin, in any order, and which; then those of three, and so on."""
        codes = np.concatenate((_known_codes(characters), [ELSE] * len(self.levels)))
        places = np.flatnonzero(codes != ELSE)
        beginnings = codes[places]
        for depth, level in enumerate(self.levels, 1):
            following = codes[places + depth]
            goes_on = following != ELSE
            keys = beginnings[goes_on] << CHARACTER_BITS | following[goes_on]
            # Sorted needles are found in half the time, their sorting included.
            needles = np.sort(keys << PLACE_BITS | places[goes_on])
            keys, places = needles >> PLACE_BITS, needles & PLACE_MASK
            beginnings = level.find(keys)
            known = beginnings != ELSE
            places, beginnings = places[known], beginnings[known]
            words = level.words[beginnings]
            ends = words != ELSE
            yield places[ends], words[ends].astype(np.int64)


def _codes(text: str) -> Ints:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64) - FIRST


def _known_codes(characters: npt.NDArray[np.uint32]) -> Ints:
    """Characters as counted from FIRST, ELSE for those beyond LAST or before."""
    codes = characters.astype(np.int64) - FIRST
    codes[(codes < 0) | (codes > LAST - FIRST)] = ELSE
    return codes


def _make_levels(codes: Ints, starts: Ints, sizes: Ints) -> Iterator[Level]:
    """Words begin at `starts` of `codes` and are in order, so that equal beginnings follow on one another."""
    numbers = np.arange(len(starts))
    beginnings = codes[starts]
    for depth in range(1, int(sizes.max(initial=0))):
        longer = sizes > depth
        numbers, starts, sizes = numbers[longer], starts[longer], sizes[longer]
        keys = beginnings[longer] << CHARACTER_BITS | codes[starts + depth]
        is_first = np.diff(keys, prepend=ELSE) != 0
        beginnings = np.cumsum(is_first) - 1
        # A word stands before all that it begins, so it is the first of its beginning, or none is.
        words = np.where(sizes == depth + 1, numbers, ELSE)[is_first]
        yield Level(keys[is_first], words.astype(np.int32))
