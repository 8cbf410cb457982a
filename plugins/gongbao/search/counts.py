"""How often each word occurs in each of many texts: the step of indexing that runs in parallel.

Texts are counted in batches, whose words are numbered on their own, so that a batch depends on nothing but its texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.search.lattice import Lattice
from gongbao.search.segment import PIECES_RE, TEXT_BREAK, Segmenter, pieces
from gongbao.search.terms import Numbering, merge_terms
from gongbao.text import HAN_RANGES

Columns = npt.NDArray[np.int32]
# Odd numbers whose multiples are spread well (Knuth: The Art of Computer Programming 3, 6.4).
PAIR_FACTORS = (0x9E3779B1, 0x85EBCA6B)
HASH_BITS = 32
HASH_MASK = (1 << HASH_BITS) - 1

# Distinct words, and of each occurrence the place of its word among them and its document.
Numbered = tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Counts:
    """One field of some documents: term i stands in documents[starts[i]] to documents[starts[i + 1] - 1].

    Terms are in the order of their words: a number of the lattice's, or, below 0, -1 less the word's place in `others`.
    `counts` says how often a term stands in each document; `lengths` has the number of words of every document.
    Documents are numbered from 0 in the batch and rise within a term.
    """

    terms: Columns
    others: list[str]
    starts: npt.NDArray[np.int64]
    documents: npt.NDArray[Any]  # these two, which are most of an archive's memory, in as few bytes as they need
    counts: npt.NDArray[Any]
    lengths: Columns


@dataclass(frozen=True)
class Batch:
    """The counts of each field, and in `pairs` which hash of adjacent characters each of `holders` has."""

    fields: dict[str, Counts]
    pairs: npt.NDArray[np.uint32]
    holders: Columns


def count_batch(texts: Mapping[str, Sequence[str]], segmenter: Segmenter) -> Batch:
    """Count the words of every field, given one text a document."""
    read = [read_texts(own, segmenter) for own in texts.values()]
    parts = [hash_pairs(own) for own in read]
    keys = sort_unique(np.concatenate([pairs.astype(np.uint64) << HASH_BITS | holders for pairs, holders in parts]))
    return Batch(
        fields={name: count_words(own) for name, own in zip(texts, read, strict=True)},
        pairs=(keys >> HASH_BITS).astype(np.uint32),
        holders=(keys & HASH_MASK).astype(np.int32),
    )


@dataclass(frozen=True)
class Texts:
    """One field of some documents as one text: its characters, and of each the number of its document.

    `words` has where words of two ideographs begin, and which; then those of three, and so on.
    """

    text: str
    size: int  # documents
    characters: npt.NDArray[np.uint32]
    holders: npt.NDArray[np.int64]
    words: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]
    lattice: Lattice


def read_texts(texts: Sequence[str], segmenter: Segmenter) -> Texts:
    """Normalise the texts of a field and find their words."""
    text = segmenter.join(texts)
    characters = to_characters(text)
    holders = np.cumsum(characters == ord(TEXT_BREAK))
    words = list(segmenter.lattice.find(characters))
    return Texts(text, len(texts), characters, holders, words, segmenter.lattice)


def count_words(texts: Texts) -> Counts:
    """Count the words of texts: those of the lattice, every ideograph, and the pieces of what else they have."""
    known, found, in_words = _number_words(texts)
    characters, ideographs, in_ideographs = _number_ideographs(texts)
    numbers, parts, in_parts = _number_pieces(texts.text)
    names = [*characters, *numbers]
    ordered = sorted(range(len(names)), key=names.__getitem__)
    terms = merge_terms(texts.lattice, known, [names[place] for place in ordered])
    rank = np.empty(len(names), dtype=np.int64)
    rank[ordered] = np.flatnonzero(terms < 0)
    keys = [
        np.flatnonzero(terms >= 0)[found] << HASH_BITS | in_words,
        rank[ideographs] << HASH_BITS | in_ideographs,
        rank[len(characters) + parts] << HASH_BITS | in_parts,
    ]
    every = np.sort(np.concatenate(keys))
    first = np.flatnonzero(np.diff(every, prepend=-1))
    counts = shrink(np.diff(np.append(first, len(every))))
    holders = shrink(every[first] & HASH_MASK)
    return Counts(
        terms=terms.astype(np.int32),
        others=[names[place] for place in ordered],
        starts=np.searchsorted(every[first] >> HASH_BITS, np.arange(len(terms) + 1)),
        documents=holders,
        counts=counts,
        lengths=np.bincount(holders, weights=counts, minlength=texts.size).astype(np.int32),
    )


def shrink(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same numbers, none of them negative, in as few bytes as the greatest needs."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


def sort_unique(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The distinct values, sorted: what numpy.unique gives, whose hash table takes ten times as long for millions."""
    values = np.sort(values)
    distinct: npt.NDArray[Any] = values[
        np.concatenate((np.ones(min(len(values), 1), dtype=np.bool_), values[1:] != values[:-1]))
    ]
    return distinct


def sort_places(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The places of values, none of them negative, in the values' order, earlier ones first among equals.

    Value and place are sorted as one number where 63 bits hold them: that takes a fifth of the time of argsort.
    """
    bits = len(values).bit_length()
    if int(values.max(initial=0)).bit_length() + bits > 63:
        return np.argsort(values, kind="stable")
    return np.sort(values << bits | np.arange(len(values))) & ((1 << bits) - 1)


def _number_words(texts: Texts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """As Numbered, but the words by their numbers in the lattice."""
    found = np.concatenate([np.zeros(0, dtype=np.int64), *(numbers for _, numbers in texts.words)])
    places = np.concatenate([np.zeros(0, dtype=np.int64), *(places for places, _ in texts.words)])
    distinct, terms = rank_values(found)
    return distinct, terms, texts.holders[places]


def _number_ideographs(texts: Texts) -> Numbered:
    han = is_han(texts.characters)
    distinct, terms = rank_values(texts.characters[han])
    return list(map(chr, distinct.tolist())), terms, texts.holders[han]


def rank_values(values: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The distinct values, sorted, and the place of each value among them; by a table as long as the greatest."""
    ranks = np.zeros(int(values.max(initial=0)) + 1, dtype=np.int64)
    ranks[values] = 1
    distinct = np.flatnonzero(ranks)
    ranks[distinct] = np.arange(len(distinct))
    return distinct, ranks[values]


def _number_pieces(text: str) -> Numbered:
    numbers, terms, holders, holder = Numbering(), list[int](), list[int](), 0
    for match in PIECES_RE.finditer(text):
        if match[0] == TEXT_BREAK:
            holder += 1
            continue
        own = pieces(match[0])
        terms += map(numbers.__getitem__, own)
        holders += [holder] * len(own)
    return list(numbers), np.array(terms, dtype=np.int64), np.array(holders, dtype=np.int64)


def hash_pairs(texts: Texts) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint64]]:
    """Which adjacent ideographs stand in which of the texts, but for dictionary words, which are terms.

    Together with the terms they tell a passage from a text that merely has its words.
    """
    han = is_han(texts.characters)
    adjacent = han[:-1] & han[1:]
    for places, _ in texts.words[:1]:
        adjacent[places] = False
    first = np.flatnonzero(adjacent)
    characters = texts.characters.astype(np.uint64)
    one, other = PAIR_FACTORS
    mask = np.uint64(HASH_MASK)
    mixed = ((characters[first] * np.uint64(one)) + characters[first + 1]) & mask
    return ((mixed * np.uint64(other)) & mask).astype(np.uint32), texts.holders[first].astype(np.uint64)


def to_characters(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def is_han(characters: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which code points are ideographs."""
    flags: npt.NDArray[np.bool_] = np.logical_or.reduce(
        [(characters >= first) & (characters <= last) for first, last in HAN_RANGES]
    )
    return flags


def hash_pair(pair: str) -> int:
    """The hash of two characters, as `hash_pairs` makes it: 32 bits, of which an index uses the highest."""
    one, other = PAIR_FACTORS
    return (ord(pair[0]) * one + ord(pair[1])) * other & HASH_MASK
