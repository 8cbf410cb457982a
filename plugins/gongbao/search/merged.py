"""Postings merged over the fields, word by word: what an index is encoded from, and what an edit is patched into."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.search.counts import shrink

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.signedinteger[Any]]
GONE = -1  # in the place of a document's new number


@dataclass(frozen=True)
class Merged:
    """Word i of `words`, which are sorted, has the postings starts[i] to starts[i + 1] - 1, and at least one.

    `counts` says how often the word stands in the plain field where it stands in no other one, else 0. `escaped` has a
    row for each posting with 0: how often the word stands in each field.
    """

    words: list[str]
    starts: Ints
    documents: npt.NDArray[Any]  # rising within a word
    counts: npt.NDArray[Any]
    escaped: npt.NDArray[Any]

    @property
    def sizes(self) -> Ints:
        """How many documents have each word."""
        return np.diff(self.starts)

    @cached_property
    def frequencies(self) -> Ints:
        """How many fields of documents have each word, as lunr counts them for the idf."""
        more = np.count_nonzero(self.escaped, axis=1) - 1
        summed: Ints = self.sizes + np.bincount(self.words_at(self.escapes), more, len(self.words)).astype(np.int64)
        return summed

    @property
    def escapes(self) -> Ints:
        """Which postings have a row in `escaped`."""
        return np.flatnonzero(self.counts == 0)

    def words_at(self, postings: Ints) -> Ints:
        """The places of the words that some postings belong to."""
        return np.searchsorted(self.starts, postings, side="right") - 1

    def part(self, first: int, end: int) -> Merged:
        """Words `first` to `end` - 1."""
        begin, stop = int(self.starts[first]), int(self.starts[end])
        before, after = np.searchsorted(self.escapes, (begin, stop)).tolist()
        return Merged(
            self.words[first:end],
            self.starts[first : end + 1] - begin,
            self.documents[begin:stop],
            self.counts[begin:stop],
            self.escaped[before:after],
        )

    def take(self, postings: Flags) -> tuple[Merged, Ints]:
        """Some of the postings, with the words that they are of, and these words' places."""
        sizes = np.diff(np.concatenate(([0], np.cumsum(postings)))[self.starts])
        left = np.flatnonzero(sizes)
        few = Merged(
            [self.words[place] for place in left.tolist()],
            np.concatenate(([0], np.cumsum(sizes[left]))).astype(np.int64),
            self.documents[postings],
            self.counts[postings],
            self.escaped[postings[self.counts == 0]],
        )
        return few, left

    def small(self) -> Merged:
        """The same in as few bytes as its numbers need."""
        return Merged(self.words, self.starts, *(shrink(own) for own in (self.documents, self.counts, self.escaped)))


@dataclass(frozen=True)
class Patched:
    """What became of merged postings.

    Word i was word origins[i] before, or none of them if that is negative. `changed` words have lost or got a document.
    Row i of the escaped ones was row escapes[i], or is new.
    """

    merged: Merged
    origins: Ints
    changed: Flags
    escapes: Ints


def are_kept(numbers: Numbers) -> bool:
    """Whether each document that isn't GONE has the number that it had."""
    return bool(((numbers == GONE) | (numbers == np.arange(len(numbers)))).all())


def patch(old: Merged, numbers: Numbers, new: Merged) -> Patched:
    """Take out the documents that are GONE, give the others their numbers, which must rise as they did, and add some.

    `numbers` has the new number of each old document; none of `new` is among them. Of an article that was edited most
    postings are as they were; where the others keep their numbers, these are left as they are.
    """
    documents, kept = old.documents, (numbers != GONE)[old.documents]
    if are_kept(numbers):
        again, is_again = _find_again(old, np.flatnonzero(~kept), new)
        kept[again] = True
        new, _ = new.take(~is_again)
    else:
        documents = numbers[documents]
    if not new.words and kept.all():
        every, rows = np.arange(len(old.words)), np.arange(len(old.escaped))
        return Patched(replace(old, documents=documents), every, np.zeros(len(every), dtype=np.bool_), rows)
    words, old_ranks, new_ranks = merge_words(old.words, new.words)
    at = _places_of(new, old, words, old_ranks, new_ranks, documents)
    changed, sizes = np.zeros(len(words), dtype=np.bool_), np.zeros(len(words), dtype=np.int64)
    lost = old_ranks[old.words_at(np.flatnonzero(~kept))]
    changed[lost] = changed[new_ranks] = True
    sizes[old_ranks] = old.sizes
    sizes[new_ranks] += new.sizes
    sizes -= np.bincount(lost, minlength=len(words))
    left = np.flatnonzero(sizes)  # words that some document still has
    origins = np.full(len(words), -1, dtype=np.int64)
    origins[old_ranks] = np.arange(len(old.words))
    stays = np.insert(kept, at, True)
    # Where rows are put in, and which are taken out, of those that are escaped.
    old_escapes = old.escapes
    before = np.searchsorted(old_escapes, at[new.counts == 0])
    escapes = np.insert(np.arange(len(old_escapes)), before, -1)
    escaped_stays = np.insert(kept[old_escapes], before, True)
    merged = Merged(
        words=[words[place] for place in left.tolist()],
        starts=np.concatenate(([0], np.cumsum(sizes[left]))).astype(np.int64),
        documents=_insert(documents, at, new.documents)[stays],
        counts=_insert(old.counts, at, new.counts)[stays],
        escaped=_insert(old.escaped, before, new.escaped)[escaped_stays],
    )
    return Patched(merged, origins[left], changed[left], escapes[escaped_stays])


def _find_again(old: Merged, postings: Ints, new: Merged) -> tuple[Ints, Flags]:
    """Those of some postings that `new` has too, document, counts and all, and which of its own they are."""
    found = [bisect_left(old.words, word) for word in new.words]
    is_known = [old.words[at : at + 1] == [word] for at, word in zip(found, new.words, strict=True)]
    words = np.where(is_known, found, -1 - np.arange(len(found))).astype(np.int64)  # an unknown one is like no other
    width = 1 + max(int(own.documents.max(initial=0)) for own in (old, new))
    ours = old.words_at(postings) * width + old.documents[postings]
    theirs = np.repeat(words, new.sizes) * width + new.documents
    _, here, there = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    at = postings[here]
    same = old.counts[at] == new.counts[there]
    both = np.flatnonzero(same & (new.counts[there] == 0))
    rows = [np.searchsorted(own.escapes, places[both]) for own, places in ((old, at), (new, there))]
    same[both] = (old.escaped[rows[0]] == new.escaped[rows[1]]).all(axis=1)
    is_again = np.zeros(len(new.documents), dtype=np.bool_)
    is_again[there[same]] = True
    return at[same], is_again


def _places_of(
    new: Merged, old: Merged, words: Sequence[str], old_ranks: Ints, new_ranks: Ints, documents: Ints
) -> Ints:
    """Before which old posting each new one belongs; `documents` are the old ones' new numbers."""
    bounds = np.full(len(words) + 1, len(old.documents))
    bounds[old_ranks] = old.starts[:-1]
    bounds = np.minimum.accumulate(bounds[::-1])[::-1]  # of a new word, where the next old one begins
    ends = np.zeros(len(words), dtype=np.int64)
    ends[old_ranks] = old.starts[1:]
    places = []
    for word, first, end in zip(new_ranks.tolist(), new.starts[:-1].tolist(), new.starts[1:].tolist(), strict=True):
        begin = int(bounds[word])
        there = documents[begin : max(int(ends[word]), begin)]
        there = np.maximum.accumulate(there)  # those that are gone, in line with the others
        places.append(begin + np.searchsorted(there, new.documents[first:end]))
    return np.concatenate([np.zeros(0, dtype=np.int64), *places])


def _insert(old: npt.NDArray[Any], at: Ints, new: npt.NDArray[Any]) -> npt.NDArray[Any]:
    wide = np.promote_types(old.dtype, shrink(new).dtype)
    return np.insert(old.astype(wide, copy=False), at, new, axis=0)


def merge_words(old: list[str], new: list[str]) -> tuple[list[str], Ints, Ints]:
    """Two sorted lists as one, and the places of each one's words in it. Few of many words are new."""
    places = np.array([bisect_left(old, word) for word in new], dtype=np.int64)
    is_extra = np.array([old[at : at + 1] != [word] for at, word in zip(places, new, strict=True)], dtype=np.bool_)
    extra = places[is_extra]
    words = list(old)
    for shift, place in enumerate(np.flatnonzero(is_extra).tolist()):
        words.insert(int(places[place]) + shift, new[place])
    olds = np.arange(len(old))
    return words, olds + np.searchsorted(extra, olds, side="right"), places + np.cumsum(is_extra) - is_extra


def cut_at(merged: Merged, firsts: Sequence[str]) -> list[Merged]:
    """Cut where words are not before some: the first part begins with the first word, whatever firsts[0] is."""
    bounds = [0, *(bisect_left(merged.words, first) for first in firsts[1:])]
    ends = [*bounds[1:], len(merged.words)]
    return [merged.part(first, end) for first, end in zip(bounds, ends, strict=True)]
