"""How often each word occurs in each of many texts: the step of indexing that runs in parallel.

Texts are counted in batches, whose words are numbered on their own, so that a batch depends on nothing but its texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.search.segment import GAP, TEXT_BREAK, Segmenter
from gongbao.text import HAN_RANGES

Columns = npt.NDArray[np.int32]
# Odd numbers whose multiples are spread well (Knuth: The Art of Computer Programming 3, 6.4).
PAIR_FACTORS = (0x9E3779B1, 0x85EBCA6B)
HASH_BITS = 32
HASH_MASK = (1 << HASH_BITS) - 1
SEPARATOR = "\0"  # in no text: control characters aren't words
CHARACTER_BITS = 21
PACKED_CHARACTERS = 3


# Distinct words, and of each occurrence the place of its word among them and its document.
Numbered = tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]


class Numbering(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True)
class Counts:
    """One field of some documents: words[i], sorted, stands in documents[starts[i]] to documents[starts[i + 1] - 1].

    `counts` says how often in each; `lengths` has the number of words of every document. Documents are numbered from
    0 in the batch and rise within a word.
    """

    words: list[str]
    starts: npt.NDArray[np.int64]
    documents: Columns
    counts: Columns
    lengths: Columns


@dataclass(frozen=True)
class Batch:
    """The counts of each field, and in `pairs` which hash of adjacent characters each of `holders` has."""

    fields: dict[str, Counts]
    pairs: npt.NDArray[np.uint32]
    holders: Columns


def count_batch(texts: Mapping[str, Sequence[str]], segmenter: Segmenter) -> Batch:
    """Count the words of every field, given one text a document."""
    normal = {name: segmenter.join(own) for name, own in texts.items()}
    parts = [hash_pairs(text, segmenter) for text in normal.values()]
    keys = sort_unique(np.concatenate([pairs.astype(np.uint64) << HASH_BITS | holders for pairs, holders in parts]))
    return Batch(
        fields={name: count_words(text, len(texts[name]), segmenter) for name, text in normal.items()},
        pairs=(keys >> HASH_BITS).astype(np.uint32),
        holders=(keys & HASH_MASK).astype(np.int32),
    )


def count_words(text: str, documents: int, segmenter: Segmenter) -> Counts:
    """Count the words of `documents` texts, joined by `Segmenter.join`: those of the lattice, and every ideograph."""
    words, others = segmenter.lattice(text)
    parts = [_number_tokens(words, least=2), _number_tokens(others, least=1), _number_ideographs(text)]
    names = [word for own, _, _ in parts for word in own]
    places = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    rank = np.empty(len(names), dtype=np.int64)
    rank[places] = np.arange(len(names))
    firsts = np.cumsum([0, *(len(own) for own, _, _ in parts)])
    keys = [
        rank[terms + first] << HASH_BITS | holders for first, (_, terms, holders) in zip(firsts, parts, strict=False)
    ]
    every = np.sort(np.concatenate(keys))
    first = np.flatnonzero(np.diff(every, prepend=-1))
    counts = np.diff(np.append(first, len(every))).astype(np.int32)
    holders = (every[first] & HASH_MASK).astype(np.int32)
    return Counts(
        words=[names[place] for place in places.tolist()],
        starts=np.searchsorted(every[first] >> HASH_BITS, np.arange(len(names) + 1)),
        documents=holders,
        counts=counts,
        lengths=np.bincount(holders, weights=counts, minlength=documents).astype(np.int32),
    )


def sort_unique(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The distinct values, sorted: what numpy.unique gives, whose hash table takes ten times as long for millions."""
    values = np.sort(values)
    distinct: npt.NDArray[Any] = values[
        np.concatenate((np.ones(min(len(values), 1), dtype=np.bool_), values[1:] != values[:-1]))
    ]
    return distinct


def _number_ideographs(text: str) -> Numbered:
    characters = to_characters(text)
    han = is_han(characters)
    names, terms = np.unique(characters[han], return_inverse=True)
    holders = np.cumsum(characters == ord(TEXT_BREAK))[han]
    return [chr(code) for code in names.tolist()], terms, holders


def _number_tokens(tokens: Sequence[str], least: int) -> Numbered:
    """The words of at least so many characters among tokens.

    Short words are told apart by their characters packed into a number: asking a dictionary for each token takes
    three times as long.
    """
    data = to_characters(SEPARATOR.join([*tokens, ""])).astype(np.int64)
    ends = np.flatnonzero(data == ord(SEPARATOR))
    starts = np.concatenate((np.zeros(min(len(tokens), 1), dtype=np.int64), ends[:-1] + 1))
    sizes = ends - starts
    packed = np.zeros(len(ends), dtype=np.int64)
    for place in range(PACKED_CHARACTERS):
        here = sizes > place
        packed[here] = packed[here] << CHARACTER_BITS | data[starts[here] + place]
    long = np.flatnonzero(sizes > PACKED_CHARACTERS)
    long_words = Numbering()
    packed[long] = [-1 - long_words[tokens[at]] for at in long.tolist()]
    heads = data[starts]
    documents = np.cumsum(np.where(heads == ord(TEXT_BREAK), sizes, 0))
    is_word = (heads > ord(GAP)) & (sizes >= least)
    _, places, terms = np.unique(packed[is_word], return_index=True, return_inverse=True)
    return [tokens[at] for at in np.flatnonzero(is_word)[places].tolist()], terms, documents[is_word]


def hash_pairs(text: str, segmenter: Segmenter) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint64]]:
    """Which adjacent ideographs stand in which of the joined texts, but for dictionary words, which are terms.

    Together with the terms they tell a passage from a text that merely has its words.
    """
    characters = to_characters(text).astype(np.uint64)
    han = is_han(characters)
    first = np.flatnonzero(han[:-1] & han[1:])
    first = first[~segmenter.is_word_of_two(characters[first], characters[first + 1])]
    holders = np.cumsum(characters == ord(TEXT_BREAK)).astype(np.uint64)[first]
    one, other = PAIR_FACTORS
    mask = np.uint64(HASH_MASK)
    mixed = ((characters[first] * np.uint64(one)) + characters[first + 1]) & mask
    return ((mixed * np.uint64(other)) & mask).astype(np.uint32), holders


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
