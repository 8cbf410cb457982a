"""Many words at once as arrays of their characters: how long they are, how they begin, what they are written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gongbao.search.counts import is_han, to_characters

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
BREAK = "\n"  # in no word
LAST_OF_BYTES = (0x7F, 0x7FF, 0xFFFF)  # the last characters that UTF-8 writes in one byte, in two, in three


@dataclass(frozen=True)
class Spelling:
    """Word i has characters[starts[i]] to characters[starts[i + 1] - 2]; a BREAK follows each."""

    characters: npt.NDArray[np.uint32]
    starts: Ints

    @classmethod
    def of(cls, words: Sequence[str]) -> Spelling:
        """The characters of words, none of which is empty."""
        characters = to_characters(BREAK.join([*words, ""]))
        return cls(characters, np.append(0, np.flatnonzero(characters == ord(BREAK)) + 1))

    @property
    def lengths(self) -> Ints:
        """How many characters each word has."""
        return np.diff(self.starts) - 1

    @property
    def bytes(self) -> Ints:
        """How many bytes each word has in UTF-8."""
        return self._sum(np.searchsorted(LAST_OF_BYTES, self.characters) + 1) - 1

    @property
    def are_han(self) -> Flags:
        """Which words are ideographs throughout."""
        are_han: Flags = self._sum(is_han(self.characters).astype(np.int64)) == self.lengths
        return are_han

    @property
    def heads(self) -> Ints:
        """A number that tells a word's first two characters from all others; a word may have just one."""
        first = self.characters[self.starts[:-1]].astype(np.int64)
        return first << 32 | self.characters[self.starts[:-1] + 1]

    def _sum(self, values: Ints) -> Ints:
        """The sum over each word and its BREAK."""
        return np.diff(np.append(0, np.cumsum(values))[self.starts])
