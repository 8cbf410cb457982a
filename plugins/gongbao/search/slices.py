"""The index on disk: small gzipped files, of which a search fetches only those that its words need.

    search-index/manifest.json      {"format": 3, "version": V, "documents": N, "root": R}; alone changes in place
        R, as base64 of gzip        JSON: tables, slice keys, years; the lengths of texts; the core of the lexicon
    search-index/V/columns.bin      JSON: each document's facet values (columns.py)
    search-index/V/s/0000.bin       slices: terms with their costs and short postings, sorted; cut between groups
    search-index/V/p/0000.bin       the postings of one frequent term each
    search-index/V/q/0000.bin       for each of some hashes of two adjacent characters the documents that have it
    search-index/V/d/0000.bin       JSON: the records of CHUNK documents in a row

Every .bin is gzip. DESIGN.md describes each byte; engine.py and theme/static/js/search/slices.js read them.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gongbao.search.coding import (
    ESCAPE,
    LEVELS,
    Ints,
    Payload,
    encode_lists,
    encode_varint,
    encode_varints,
    log_levels,
    nearest_levels,
)
from gongbao.search.counts import HASH_BITS, sort_unique
from gongbao.search.index import PLAIN_FIELD, ArrayBuilder, Floats, Postings
from gongbao.search.packed import PackedLists, Prints
from gongbao.search.store import ROOT, LastIndex, save_files
from gongbao.workers import map_beside

FORMAT = 3
# Sizes up to USUAL_DOCUMENTS; beyond, they grow with the square root, so that neither the files nor the list of
# slices grow as fast as the archive. In bytes before compression.
SLICE_BYTES = 4000
INLINE_BYTES = 500  # longer postings have a file of their own, so that a slice stays mostly words
CORE_TERMS = 300
USUAL_DOCUMENTS = 10_000
# A word that more documents than these have, and more than half of all, says little about any of them: its idf is below
# 0.7 where a rare word's is 10. Of it the index only says where it stands in the title.
LEAN_FROM = 20_000
CHUNK = 16  # documents a chunk
PAIRS_IN_FILE = 16
NORM_LEVELS = 16  # half a byte
TITLE_SUFFIX = "\x00"  # how a query asks for a term in the title alone
FACET_MARK = "\x01"


@dataclass(frozen=True)
class Years:
    """Documents are numbered from the newest: those of `year` are first..end-1."""

    year: int
    first: int
    end: int


class Entry(NamedTuple):
    """A term with its numbers and the postings that the slice itself holds."""

    term: str
    numbers: bytes
    inline: bytes


@dataclass(frozen=True)
class Encoded:
    """Terms with how many documents, and how many fields of documents, have each, and its postings as bytes."""

    terms: list[str]
    sizes: Ints
    frequencies: Ints
    prints: Prints
    lists: list[bytes]


def group_of(term: str) -> str:
    """Terms of one group share a slice: those with the same first two characters."""
    return term[:2]


def facet_postings(facets: Sequence[Sequence[str]]) -> Postings:
    """Postings of each document's facet terms, all without weight."""
    pairs = sorted((facet, number) for number, own in enumerate(facets) for facet in own)
    terms = sorted({facet for facet, _ in pairs})
    numbers = {term: row for row, term in enumerate(terms)}
    counts = np.bincount([numbers[facet] for facet, _ in pairs], minlength=len(terms)) if pairs else np.zeros(0, int)
    return Postings(
        terms=terms,
        starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        frequencies=counts.astype(np.int64),
        documents=np.array([number for _, number in pairs], dtype=np.int64),
        counts=np.ones(len(pairs), dtype=np.int64),
        factors=np.zeros(len(pairs)),
        title_factors=np.zeros(len(pairs)),
        document_count=len(facets),
    )


def pair_bits(documents: int) -> int:
    """How many bits of a pair's hash an index keeps: about one hash value a document.

    Then a document has a given value by chance in one of some 60 (10,000 articles of 1,140 characters) to one of 500
    cases (100,000): the evidence grows with the number of documents that it has to tell apart.
    """
    return max(documents.bit_length(), 4)


class SliceWriter:
    """Writes one version of an index into memory, file by file, and then to disk under its content's hash."""

    def __init__(self, documents: int, cost: Callable[[str], int], kept: PackedLists | None = None) -> None:
        """`cost` tells how improbable a word is; `kept` has lists that the last build packed."""
        self.files: dict[str, bytes] = {}
        self.packed = kept or PackedLists()  # in the end those of this build
        self.frequencies: dict[str, int] = {}  # documents of each term written
        self._documents = documents
        self._cost = cost
        growth = max(1.0, documents / USUAL_DOCUMENTS) ** 0.5
        self._slice_bytes, self._inline_bytes = round(SLICE_BYTES * growth), round(INLINE_BYTES * growth)
        self._core_terms = round(CORE_TERMS * growth)
        self._root: dict[str, object] = {"documents": documents, "chunk": CHUNK}
        self._keys: list[str] = []
        self._core = list[Entry]()
        self._norms = b""
        self._long = 0  # terms with a file of their own

    def write_terms(self, facets: Postings, builder: ArrayBuilder) -> None:
        """Fill the core, slices and files of postings with facets and words."""
        table = log_levels(np.array(builder.factor_range()), LEVELS)
        frequencies = builder.frequencies()
        ordered = heapq.nsmallest(self._core_terms, frequencies.items(), key=lambda item: (-item[1], item[0]))
        core = {term for term, _ in ordered}
        waiting = list[Entry]()
        size = 0
        for entry in self._entries(facets, builder, table):
            # Whoever asks for a word with a file of its own shouldn't need a slice to learn which file that is.
            if entry.term in core or not entry.inline:
                self._core.append(entry)
                continue
            if size >= self._slice_bytes and group_of(entry.term) != group_of(waiting[-1].term):
                self._write_slice(waiting)
                waiting, size = [], 0
            waiting.append(entry)
            size += len(entry.numbers) + len(entry.inline) + len(entry.term.encode())
        if waiting:
            self._write_slice(waiting)
        self._root |= {"keys": self._keys, "factors": table, "longest": max(map(len, self.frequencies), default=1)}
        self._write_norms(builder.norms(PLAIN_FIELD), builder.saturation)

    def _entries(self, facets: Postings, builder: ArrayBuilder, table: list[int]) -> Iterator[Entry]:
        """All terms in order: facets begin with FACET_MARK, before any word."""
        prints, lists, kept = list[Prints](), list[bytes](), self.packed
        parts = builder.parts()

        def encode(number: int) -> Encoded:
            postings = facets if number == 0 else builder.weigh_part(parts[number - 1], plain=False)
            return _encode(postings, table, kept)

        for encoded in map_beside(encode, len(parts) + 1):
            prints.append(encoded.prints)
            lists += encoded.lists
            yield from self._place(encoded)
        self.packed = PackedLists.of(np.concatenate(prints), lists)

    def _place(self, encoded: Encoded) -> Iterable[Entry]:
        """Give long lists files of their own, and say where each list is."""
        lists = encoded.lists
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        is_long = lengths > self._inline_bytes
        files = self._long + np.cumsum(is_long) - 1
        for number, row in zip(files[is_long].tolist(), np.flatnonzero(is_long).tolist(), strict=True):
            self.files[f"p/{number:04d}.bin"], lists[row] = lists[row], b""
        self._long += int(is_long.sum())
        costs = [0 if term[0] == FACET_MARK else self._cost(term) for term in encoded.terms]
        where = np.where(is_long, files << 1 | 1, lengths << 1)
        more = encoded.frequencies - encoded.sizes
        numbers = encode_varints(np.stack([np.array(costs, dtype=np.int64), encoded.sizes, more, where], axis=1))
        words = zip(encoded.terms, encoded.sizes.tolist(), strict=True)
        self.frequencies |= {term: size for term, size in words if term[0] != FACET_MARK}
        return map(Entry, encoded.terms, numbers, lists)

    def _write_slice(self, entries: Sequence[Entry]) -> None:
        self.files[f"s/{len(self._keys):04d}.bin"] = _slice_bytes(entries)
        self._keys.append(group_of(entries[0].term))

    def _write_norms(self, norms: Floats, k1: float) -> None:
        """The length of each document's text, as what it adds to a count in the divisor of a weight."""
        table = log_levels(norms, NORM_LEVELS)
        levels = nearest_levels(norms, table) if len(norms) else np.zeros(0, dtype=np.int64)
        even = np.append(levels, [0] * (len(levels) % 2)).astype(np.uint8)
        self._norms = (even[0::2] << 4 | even[1::2]).tobytes()
        self._root |= {"norms": table, "k1": k1}

    def write_pairs(self, hashes: npt.NDArray[np.uint32], holders: Ints) -> None:
        """Which documents have a pair of adjacent characters with each value of the hash."""
        bits = pair_bits(self._documents)
        keys = sort_unique((hashes >> np.uint32(HASH_BITS - bits)).astype(np.int64) * max(self._documents, 1) + holders)
        documents = keys % max(self._documents, 1)
        starts = np.searchsorted(keys, np.arange((1 << bits) + 1) * max(self._documents, 1))
        lists = encode_lists(starts, documents, self._documents)
        sizes = np.diff(starts).tolist()
        for number, first in enumerate(range(0, 1 << bits, PAIRS_IN_FILE)):
            here = slice(first, first + PAIRS_IN_FILE)
            head = b"".join(
                encode_varint(value) for pair in zip(sizes[here], map(len, lists[here]), strict=True) for value in pair
            )
            self.files[f"q/{number:04d}.bin"] = head + b"".join(lists[here])
        self._root |= {"pairBits": bits, "pairsInFile": PAIRS_IN_FILE}

    def write_documents(self, records: Sequence[Sequence[object]]) -> None:
        """Put the documents' records into chunks, in order of their numbers."""
        for number, start in enumerate(range(0, len(records), CHUNK)):
            self.files[f"d/{number:04d}.bin"] = _json_bytes(records[start : start + CHUNK])

    def write_variants(self, simplified_of: Mapping[str, str]) -> None:
        """The traditional characters that mean one of the archive's, each before its simplified one."""
        pairs = [one + other for one, other in simplified_of.items() if other in self.frequencies]
        self.files["variants.bin"] = _json_bytes("".join(pairs))

    def write_root(self, **values: object) -> None:
        """What a reader needs first, and so fetches with the manifest; `values` go into its JSON as they are."""
        root = _json_bytes({**self._root, **values})
        self.files[ROOT] = encode_varint(len(root)) + root + self._norms + _slice_bytes(self._core)

    def save(self, folder: Path, last: LastIndex | None = None) -> LastIndex:
        """Write the files below `folder`/VERSION and the manifest last; returns what the next build needs of them."""
        return save_files(self.files, folder, {"format": FORMAT, "documents": self._documents}, last)


def _encode(postings: Postings, table: list[int], kept: PackedLists) -> Encoded:
    escaped, titled = np.flatnonzero(postings.counts == 0), np.flatnonzero(postings.title_factors > 0)
    levels, titles = np.zeros(len(postings.counts), dtype=np.int64), np.full(len(postings.counts), -1)
    levels[escaped] = nearest_levels(postings.factors[escaped], table)
    titles[titled] = nearest_levels(postings.title_factors[titled], table)
    codes = np.where(postings.counts == 0, ESCAPE, np.where(postings.counts == 1, 0, postings.counts))
    payload = Payload(codes, levels, titles, lean_from=max(LEAN_FROM, postings.document_count // 2))
    prints, lists = kept.encode(postings.starts, postings.documents, postings.document_count, payload)
    return Encoded(postings.terms, np.diff(postings.starts), postings.frequencies, prints, lists)


def _slice_bytes(entries: Sequence[Entry]) -> bytes:
    text = "\n".join(entry.term for entry in entries).encode()
    numbers = b"".join(entry.numbers for entry in entries)
    head = encode_varint(len(text)) + encode_varint(len(numbers))
    return head + text + numbers + b"".join(entry.inline for entry in entries)


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
