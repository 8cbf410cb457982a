"""Words as numbers: those of the lattice have its numbers, all others are numbered as they come.

A batch has some 20,000 words. To make strings of them, sort these, and look each up again for the whole archive took as
long as to find them in the texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gongbao.search.lattice import Lattice

Ints = npt.NDArray[np.int64]
NO_LATTICE = Lattice.of(())


class Numbering(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def merge_terms(lattice: Lattice, known: Ints, others: Sequence[str]) -> Ints:
    """Words of a lattice, by their rising numbers, and other words, sorted, in one order.

    Gives numbers as they are, and of others -1 less their place. Of these none is longer than one character whose first
    one a word of the lattice begins with.
    """
    firsts = np.array([ord(word[0]) if word else 0 for word in others], dtype=np.int64)
    return np.insert(known, np.searchsorted(lattice.firsts[known], firsts), -1 - np.arange(len(others)))


def words_of(lattice: Lattice, terms: Ints, others: Sequence[str]) -> list[str]:
    """The words of what `merge_terms` gives."""
    known = terms >= 0
    words = iter(lattice.words(terms[known]))
    rest = iter([others[-1 - term] for term in terms[~known].tolist()])
    return [next(words) if own else next(rest) for own in known.tolist()]
