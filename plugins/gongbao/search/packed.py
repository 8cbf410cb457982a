"""Merged postings as lists of bytes; of those that were patched only lists that say something else are encoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.search.coding import ESCAPE, LEVELS, Ints, Payload, encode_lists, log_levels, nearest_levels
from gongbao.search.index import ArrayBuilder, Part
from gongbao.search.merged import Flags, Merged, Patched

# A word that more documents than these have, and more than half of all, says little about any of them: its idf is below
# 0.7 where a rare word's is 10. Of it the index only says where it stands in the title.
LEAN_FROM = 20_000
Levels = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Encoded:
    """Terms with how many documents, and how many fields of documents, have each, and its postings as bytes.

    `costs` say how improbable each is, in the units of Segmenter.costs.
    """

    terms: list[str]
    costs: Ints
    sizes: Ints
    frequencies: Ints
    lists: list[bytes]


@dataclass(frozen=True)
class Packed:
    """Merged postings with their lists, and the levels of the factors in these.

    A row for each escaped posting, as in `merged`; of `titles` it is -1 where the title doesn't have the word.
    """

    merged: Merged
    levels: Levels
    titles: Levels
    lists: list[bytes]
    costs: npt.NDArray[np.int16]  # of the words

    @property
    def encoded(self) -> Encoded:
        """What goes into the index."""
        return Encoded(
            self.merged.words, self.costs.astype(np.int64), self.merged.sizes, self.merged.frequencies, self.lists
        )


class Packer:
    """Encodes the postings of an archive, whose lengths and weights a builder knows, and costs of words a dictionary.

    These come in the units of Segmenter.costs.
    """

    def __init__(self, builder: ArrayBuilder, costs_of: Callable[[Sequence[str]], Sequence[int]]) -> None:
        self._costs_of = costs_of
        self._builder = builder
        self._documents = builder.document_count
        self.table = log_levels(np.array(builder.factor_range()), LEVELS)

    def pack_part(self, part: Part) -> Packed:
        """Merge the builder's own counts and encode all lists."""
        return self.pack(self._builder.merge_part(part))

    def pack(self, merged: Merged) -> Packed:
        """Encode all lists."""
        levels, titles = self._find_levels(merged)
        every = np.ones(len(merged.words), dtype=np.bool_)
        return Packed(merged, levels, titles, self._encode(merged, levels, titles, every), self._costs(merged.words))

    def repack(self, last: Packed, patched: Patched) -> Packed:
        """Encode the lists that differ from the last ones; there are as many documents, with the same numbers."""
        merged = patched.merged
        levels, titles = self._find_levels(merged)
        was = np.maximum(patched.escapes, 0)
        same = patched.escapes >= 0
        if len(last.levels):
            same &= (last.levels[was] == levels) & (last.titles[was] == titles)
        wanted = patched.changed.copy()
        wanted[merged.words_at(merged.escapes[~same])] = True
        if not wanted.any() and len(wanted) == len(last.lists):
            return Packed(merged, levels, titles, last.lists, last.costs)
        made = iter(self._encode(merged, levels, titles, wanted))
        rows = zip(wanted.tolist(), patched.origins.tolist(), strict=True)
        lists = [next(made) if new else last.lists[origin] for new, origin in rows]
        costs, extra = last.costs[np.maximum(patched.origins, 0)], np.flatnonzero(patched.origins < 0)
        costs[extra] = self._costs([merged.words[place] for place in extra.tolist()])
        return Packed(merged, levels, titles, lists, costs)

    def _costs(self, words: Sequence[str]) -> npt.NDArray[np.int16]:
        return np.array(self._costs_of(words), dtype=np.int16)

    def _find_levels(self, merged: Merged) -> tuple[Levels, Levels]:
        documents = merged.documents[merged.counts == 0].astype(np.int64)
        factors, title_factors = self._builder.factors(documents, merged.escaped)
        titles = np.where(title_factors > 0, nearest_levels(title_factors, self.table), -1)
        return nearest_levels(factors, self.table).astype(np.int8), titles.astype(np.int8)

    def _encode(self, merged: Merged, levels: Levels, titles: Levels, wanted: Flags) -> list[bytes]:
        sizes = merged.sizes
        own = np.repeat(wanted, sizes)
        counts = merged.counts[own].astype(np.int64)
        of_escaped = own[merged.counts == 0]
        payload = Payload(
            codes=np.where(counts == 0, ESCAPE, np.where(counts == 1, 0, counts)),
            levels=_spread(levels[of_escaped], counts == 0, 0),
            titles=_spread(titles[of_escaped], counts == 0, -1),
            lean_from=max(LEAN_FROM, self._documents // 2),
        )
        starts = np.concatenate(([0], np.cumsum(sizes[wanted])))
        return encode_lists(starts, merged.documents[own].astype(np.int64), self._documents, payload)


def encode_plain(merged: Merged, documents: int) -> Encoded:
    """Lists that say nothing but their documents."""
    lists = encode_lists(merged.starts, merged.documents.astype(np.int64), documents)
    return Encoded(merged.words, np.zeros_like(merged.sizes), merged.sizes, merged.frequencies, lists)


def _spread(values: npt.NDArray[Any], places: Flags, otherwise: int) -> Ints:
    spread = np.full(len(places), otherwise, dtype=np.int64)
    spread[places] = values
    return spread
