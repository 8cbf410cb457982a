"""Lists of postings as bytes, kept from build to build by what they say.

An edited article changes some 600 of 190,000 lists, and to encode all of them takes longer than to weigh them. What a
list says is told by the sum of its postings' hashes; once in a billion builds two lists of an archive would have the
same one.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from gongbao.cache import Cache
from gongbao.search.coding import LEVEL_BITS, LEVELS, Ints, Payload, encode_lists

Prints = npt.NDArray[np.uint64]
DOCUMENT_BITS = 27
# SplitMix64 (Steele, Lea, Flood 2014): each bit of a number has a say in each bit of its hash, and 0 doesn't become 0.
GAMMA = 0x9E3779B97F4A7C15
MIXERS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
LAST_SHIFT = 31


@dataclass(frozen=True)
class PackedLists:
    """Lists in the order of their prints: list i is data[starts[i]:starts[i + 1]]."""

    prints: Prints = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    starts: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    data: bytes = b""

    @classmethod
    def of(cls, prints: Prints, lists: Sequence[bytes]) -> Self:
        """Lists with their prints, in any order."""
        order = np.argsort(prints)
        ordered = [lists[place] for place in order.tolist()]
        starts = np.cumsum([0, *map(len, ordered)]).astype(np.int64)
        return cls(prints[order], starts, b"".join(ordered))

    @classmethod
    def load(cls, cache: Cache | None, name: str) -> Self:
        """What was kept under a name; none if nothing was."""
        data = cache.read(name) if cache else None
        return cls(*pickle.loads(data)) if data else cls()

    def save(self, cache: Cache | None, name: str) -> None:
        """Keep them for the next build."""
        if cache:
            cache.write(name, pickle.dumps((self.prints, self.starts, self.data), pickle.HIGHEST_PROTOCOL))

    def encode(self, starts: Ints, documents: Ints, count: int, payload: Payload) -> tuple[Prints, list[bytes]]:
        """As `encode_lists`, but what is here already is taken from here; with the prints of all lists."""
        prints = hash_lists(starts, documents, count, payload)
        if not len(self.prints):
            return prints, encode_lists(starts, documents, count, payload)
        at = np.minimum(np.searchsorted(self.prints, prints), len(self.prints) - 1)
        known = self.prints[at] == prints
        sizes = np.diff(starts)
        own = np.repeat(~known, sizes)
        part = Payload(payload.codes[own], payload.levels[own], payload.titles[own], payload.lean_from)
        made = iter(encode_lists(np.concatenate(([0], np.cumsum(sizes[~known]))), documents[own], count, part))
        begins, ends = self.starts[at].tolist(), self.starts[at + 1].tolist()
        rows = zip(known.tolist(), begins, ends, strict=True)
        return prints, [self.data[begin:end] if taken else next(made) for taken, begin, end in rows]


def hash_lists(starts: Ints, documents: Ints, count: int, payload: Payload) -> Prints:
    """A number of 64 bits for each list: the sum of its postings' hashes, and of that of the number of documents."""
    said = ((payload.codes * LEVELS + payload.levels) << (LEVEL_BITS + 1)) + payload.titles + 1
    hashes = _mix((said << DOCUMENT_BITS | documents).astype(np.uint64))
    seed = _mix(np.array([count], dtype=np.uint64))
    prints = np.zeros(len(starts) - 1, dtype=np.uint64)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        prints[filled] = np.add.reduceat(hashes, starts[filled])
    summed: Prints = prints + seed
    return summed


def _mix(values: Prints) -> Prints:
    values = values + np.uint64(GAMMA)
    for shift, factor in MIXERS:
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    mixed: Prints = values ^ (values >> np.uint64(LAST_SHIFT))
    return mixed
