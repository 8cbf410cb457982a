"""What an archive's index was made of, kept from build to build: an edit is patched into it.

To count an edited article takes a few milliseconds, to read what was counted of 10,000 others and to merge it anew took
four seconds.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from gongbao.cache import Cache, hash_parts
from gongbao.search.counts import shrink
from gongbao.search.index import ArrayBuilder, Ints, Small, Weighable, Weighed, choose_words
from gongbao.search.merged import GONE, Flags, Merged, Patched, are_kept, cut_at, patch
from gongbao.search.packed import Packed
from gongbao.search.pairs import Pairs
from gongbao.search.related import Comparison, Likeness, Vectors
from gongbao.search.spelling import BREAK

HEAD = "head"
COLUMNS = ("pairs", "holders", "pair-files")  # kept beside the head
COMPARISON = "comparison"  # kept there by another process
# Of more changed articles than these, and more than a quarter of all, nothing is patched.
FEW = 8
# A few edits are patched in again at the next build, which takes no longer than to keep what became of all postings.
MOST_AGAIN = 32  # documents that came or went; a changed one did both


@dataclass(frozen=True)
class Standing:
    """What is kept of each document, in their order, and of how many pieces the postings are."""

    keys: list[str]  # tells a document from all others
    lengths: dict[str, Small]  # of each field
    facets: list[tuple[str, ...]]
    records: list[bytes]  # as JSON
    pieces: int = 0

    @cached_property
    def name(self) -> str:
        """What its pieces are kept under."""
        return hash_parts(self.keys)

    def renumber(self, keys: Sequence[str]) -> Ints | None:
        """The new number of each document, or GONE; None if more changed than can be patched."""
        places = {key: number for number, key in enumerate(keys)}
        numbers = np.array([places.get(key, GONE) for key in self.keys], dtype=np.int64)
        left = numbers[numbers != GONE]
        changes = len(self.keys) + len(keys) - 2 * len(left)
        if len(places) < len(keys) or not len(left) or changes > len(keys) // 4 + FEW or (np.diff(left) < 0).any():
            return None
        return numbers


@dataclass(frozen=True)
class Kept:
    """What was kept of an index, with the new numbers of its documents."""

    standing: Standing
    pieces: list[Packed]
    numbers: Ints
    pairs: Pairs
    pair_files: Mapping[str, bytes]


@dataclass(frozen=True)
class Shelf:
    """Where a standing index is kept: below `folder` in the cache."""

    cache: Cache
    folder: str

    def load(self, keys: Sequence[str]) -> Kept | None:
        """What was kept.

        None if part of it is missing, if there is nothing in it, or if it can't be patched to have these documents.
        """
        data = self.cache.read(f"{self.folder}/{HEAD}")
        if data is None:
            return None
        standing: Standing = pickle.loads(data)
        numbers = standing.renumber(keys)
        if numbers is None:
            return None
        columns = [self.cache.read(self._name_of(standing, name)) for name in COLUMNS]
        pieces = [self.cache.read(self._name_of(standing, number)) for number in range(standing.pieces)]
        if None in columns or None in pieces:
            return None
        hashes, holders, files = (column or b"" for column in columns)
        pairs = Pairs(np.frombuffer(hashes, np.uint32), np.frombuffer(holders, np.int32))
        packed = [_unpickle(piece) for piece in pieces if piece]
        if not packed or not all(piece.merged.words for piece in packed):
            return None
        return Kept(standing, packed, numbers, pairs, pickle.loads(files))

    def keep_piece(self, standing: Standing, number: int, packed: Packed) -> None:
        """Keep some of its postings."""
        self.cache.write(self._name_of(standing, number), _pickle(packed))

    def keep(self, standing: Standing, pairs: Pairs, pair_files: Mapping[str, bytes]) -> None:
        """Keep it, now that its pieces are kept, and forget all others."""
        # As they are: pickled they would be in memory three times.
        raw = [np.ascontiguousarray(column).view(np.uint8).data for column in (pairs.hashes, pairs.holders)]
        columns = (*raw, memoryview(pickle.dumps(pair_files, pickle.HIGHEST_PROTOCOL)))
        for name, data in zip(COLUMNS, columns, strict=True):
            self.cache.write(self._name_of(standing, name), data)
        self.cache.write(f"{self.folder}/{HEAD}", pickle.dumps(standing, pickle.HIGHEST_PROTOCOL))
        for path in (self.cache.folder / self.folder).iterdir():
            # Its comparison may be being written by another process, under a name that begins so too.
            if path.name != HEAD and not path.name.startswith(standing.name):
                path.unlink(missing_ok=True)

    def keep_comparison(self, standing: Standing, comparison: Comparison, averages: Mapping[str, float]) -> None:
        """Keep how articles were compared, and the average lengths that it hangs on."""
        vectors = comparison.vectors
        columns = (shrink(vectors.terms), shrink(vectors.documents), shrink(vectors.weights))
        found = list(map(tuple, comparison.found))  # with its class each takes longer to read
        data = pickle.dumps((BREAK.join(vectors.words), columns, found, averages), pickle.HIGHEST_PROTOCOL)
        self.cache.write(self._name_of(standing, COMPARISON), data)

    def load_comparison(self, standing: Standing, averages: Mapping[str, float]) -> Comparison | None:
        """What was kept; None if nothing was, or of other average lengths."""
        data = self.cache.read(self._name_of(standing, COMPARISON))
        words, columns, found, own = pickle.loads(data) if data else ("", (), [], {})
        if not words or own != averages:
            return None
        vectors = Vectors(words.split(BREAK), *(column.astype(np.int64) for column in columns))
        return Comparison(vectors, list(map(Likeness._make, found)))

    def _name_of(self, standing: Standing, part: int | str) -> str:
        return f"{self.folder}/{standing.name}-{part}"


def _pickle(packed: Packed) -> bytes:
    """Some postings as few objects: of a hundred thousand words and lists each would be made by itself."""
    merged = packed.merged.small()
    arrays = (merged.starts, merged.documents, merged.counts, merged.escaped)
    sizes = np.fromiter(map(len, packed.lists), np.int64, len(packed.lists))
    own = (packed.levels, packed.titles, packed.costs, sizes, b"".join(packed.lists))
    return pickle.dumps((BREAK.join(merged.words), arrays, own), pickle.HIGHEST_PROTOCOL)


def _unpickle(data: bytes) -> Packed:
    words, arrays, (levels, titles, costs, sizes, lists) = pickle.loads(data)
    ends = np.append(0, np.cumsum(sizes)).tolist()
    own = [lists[first:end] for first, end in pairwise(ends)]
    return Packed(Merged(words.split(BREAK) if words else [], *arrays), levels, titles, own, costs)


@dataclass(frozen=True)
class Patches:
    """The pieces of a standing index, each patched; `renumbered` says that all lists have other documents now."""

    pieces: list[tuple[Packed, Patched]]
    renumbered: bool
    changes: int  # documents that came or went

    @property
    def are_worth_keeping(self) -> bool:
        """Whether the next build should begin with what became of the pieces, not with the pieces."""
        return self.renumbered or self.changes > MOST_AGAIN

    def weighable(
        self, builder: ArrayBuilder, tells: Callable[[str], bool], most: int, only: Flags | None = None
    ) -> Weighed:
        """As ArrayBuilder.weighable, in one share; `only` some of the documents, with the words that they have."""
        words, frequencies = list[str](), [np.zeros(0, dtype=np.int64)]
        found: list[list[tuple[Ints, Ints, Ints]]] = [[] for _ in builder.field_names]
        for _, patched in self.pieces:
            merged, places = patched.merged, np.arange(len(patched.merged.words))
            if only is not None:
                merged, places = merged.take(only[merged.documents])
            own = patched.merged.frequencies[places]
            kept = choose_words(merged.words, own, tells, most)
            terms = np.full(len(merged.words), -1, dtype=np.int64)
            terms[kept] = len(words) + np.arange(len(kept))
            words += [merged.words[at] for at in kept]
            frequencies.append(own[kept])
            for place, rows in _by_field(merged, np.repeat(terms, merged.sizes), builder.plain_place):
                found[place].append(rows)
        columns = [
            Weighable(terms, documents.astype(np.int32), builder.weigh_field(name, documents, counts, steady=True))
            for name, own_rows in zip(builder.field_names, found, strict=True)
            for terms, documents, counts in own_rows
        ]
        return words, np.concatenate(frequencies), iter([columns])

    def touched(self, documents: int, most: int) -> Flags:
        """Which of so many documents have a word that came to or left any of them.

        Words that more than `most` fields of documents have, and had, don't count.
        """
        touched = np.zeros(documents, dtype=np.bool_)
        for last, patched in self.pieces:
            changed = np.flatnonzero(patched.changed)
            if len(changed):
                merged, was = patched.merged, np.append(last.merged.frequencies, 0)  # a new word's place is the last
                few = np.minimum(merged.frequencies[changed], was[patched.origins[changed]]) <= most
                for word in changed[few].tolist():
                    touched[merged.documents[merged.starts[word] : merged.starts[word + 1]]] = True
        return touched


def _by_field(merged: Merged, terms: Ints, plain: int) -> Iterator[tuple[int, tuple[Ints, Ints, Ints]]]:
    """Field by field the terms, where they aren't negative, documents and counts of its postings."""
    is_plain, wanted = merged.counts > 0, terms >= 0
    here = np.flatnonzero(is_plain & wanted)
    yield plain, (terms[here], merged.documents[here], merged.counts[here].astype(np.int64))
    rows, escaped = np.flatnonzero(~is_plain), merged.escaped
    for place in range(escaped.shape[1]):
        own = wanted[rows] & (escaped[:, place] > 0)
        at = rows[own]
        yield place, (terms[at], merged.documents[at], escaped[own, place].astype(np.int64))


def patch_pieces(pieces: Sequence[Packed], numbers: Ints, new: Merged, documents: int) -> Patches:
    """Patch each piece with those of the new documents' postings whose words belong there; `documents` there are then.

    `numbers` has the new number of each old document.
    """
    parts = cut_at(new, [piece.merged.words[0] for piece in pieces])
    small = numbers.astype(np.int32)  # as wide as the documents of all postings are where numbers change
    patched = [(piece, patch(piece.merged, small, part)) for piece, part in zip(pieces, parts, strict=True)]
    old = np.flatnonzero(numbers != GONE)
    renumbered = documents != len(numbers) or not are_kept(numbers)
    changes = len(numbers) + documents - 2 * len(old)
    return Patches([one for one in patched if one[1].merged.words], renumbered, changes)
