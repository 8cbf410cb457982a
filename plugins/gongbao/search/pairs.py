"""Which documents have two adjacent characters: lists by the pairs' hashes, in files of some lists each.

An edit makes those files anew whose lists say something else; the others are kept from the last index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gongbao.search.coding import Ints, encode_lists, encode_varint
from gongbao.search.counts import HASH_BITS, sort_unique
from gongbao.search.merged import GONE, Flags, are_kept

PAIRS_IN_FILE = 16
PARTS = 8  # all keys at once would take as much memory as all postings
Hashes = npt.NDArray[np.uint32]
Holders = npt.NDArray[np.int32]


def pair_bits(documents: int) -> int:
    """How many bits of a pair's hash an index keeps: about one hash value a document.

    Then a document has a given value by chance in one of some 60 (10,000 articles of 1,140 characters) to one of 500
    cases (100,000): the evidence grows with the number of documents that it has to tell apart.
    """
    return max(documents.bit_length(), 4)


@dataclass(frozen=True)
class Pairs:
    """Document holders[i] has a pair with hashes[i]; in any order."""

    hashes: Hashes
    holders: Holders

    @property
    def whole(self) -> Pairs:
        """All pairs there are."""
        return self

    @classmethod
    def join(cls, parts: Iterable[Pairs]) -> Pairs:
        """Those of several parts."""
        hashes, holders = [np.zeros(0, dtype=np.uint32)], [np.zeros(0, dtype=np.int32)]
        for part in parts:
            hashes.append(part.hashes)
            holders.append(part.holders)
        return cls(np.concatenate(hashes), np.concatenate(holders))

    def take(self, places: Flags) -> Pairs:
        """Some of them."""
        return Pairs(self.hashes[places], self.holders[places])

    def renumber(self, numbers: Ints) -> Pairs:
        """With the new number of each document; without the documents that are GONE."""
        new = numbers[self.holders].astype(np.int32)
        return Pairs(self.hashes, new).take(new != GONE)

    def values(self, bits: int) -> Hashes:
        """Those bits of the hashes that an index keeps."""
        return self.hashes >> np.uint32(HASH_BITS - bits)

    def make_files(self, documents: int) -> dict[str, bytes]:
        """All lists of an archive of so many documents."""
        files: dict[str, bytes] = {}
        bits = pair_bits(documents)
        values = self.values(bits)
        in_part = max((1 << bits) // PARTS, PAIRS_IN_FILE)
        for first in range(0, 1 << bits, in_part):
            here = (values >= first) & (values < first + in_part)
            files |= _files(values[here], self.holders[here], documents, range(first, first + in_part, PAIRS_IN_FILE))
        return files


@dataclass(frozen=True)
class PatchedPairs:
    """The last index's pairs with its files, the number that each of its documents has now, and the new documents'."""

    last: Pairs
    files: Mapping[str, bytes]
    numbers: Ints
    new: Pairs

    @cached_property
    def whole(self) -> Pairs:
        """All pairs there are."""
        return Pairs.join((self.last.renumber(self.numbers), self.new))

    def make_files(self, documents: int) -> dict[str, bytes]:
        """All lists; the last files serve again where no document has another number than it had."""
        if documents != len(self.numbers) or not are_kept(self.numbers):
            return self.whole.make_files(documents)
        bits = pair_bits(documents)
        values = self.last.values(bits)
        gone = self.numbers[self.last.holders] == GONE
        was, now = values[gone].astype(np.int64), self.new.values(bits).astype(np.int64)
        changed = np.setxor1d(was * documents + self.last.holders[gone], now * documents + self.new.holders)
        files = sort_unique(changed // documents // PAIRS_IN_FILE)
        wanted = np.zeros((1 << bits) // PAIRS_IN_FILE, dtype=np.bool_)
        wanted[files] = True
        old = self.last.take(wanted[values // PAIRS_IN_FILE]).renumber(self.numbers)
        own = Pairs.join((old, self.new.take(wanted[self.new.values(bits) // PAIRS_IN_FILE])))
        return {**self.files, **_files(own.values(bits), own.holders, documents, (files * PAIRS_IN_FILE).tolist())}


def _files(values: Hashes, holders: Holders, documents: int, firsts: Sequence[int]) -> dict[str, bytes]:
    """The files whose first values are given, in rising order; all the values belong there."""
    width = max(documents, 1)
    keys = sort_unique(values.astype(np.int64) * width + holders)
    wanted = np.array(firsts, dtype=np.int64)[:, np.newaxis] + np.arange(PAIRS_IN_FILE)
    starts = np.append(np.searchsorted(keys, wanted.ravel() * width), len(keys))
    lists = encode_lists(starts, keys % width, documents)
    sizes, files = np.diff(starts).tolist(), {}
    for number, first in enumerate(firsts):
        here = slice(number * PAIRS_IN_FILE, (number + 1) * PAIRS_IN_FILE)
        head = b"".join(
            encode_varint(value) for pair in zip(sizes[here], map(len, lists[here]), strict=True) for value in pair
        )
        files[f"q/{first // PAIRS_IN_FILE:04d}.bin"] = head + b"".join(lists[here])
    return files
