"""The index on disk: small gzipped files, of which a search fetches only those that its words need.

    search-index/manifest.json      {"format": 4, "version": V, "documents": N, "root": R}; alone changes in place
        R, as base64 of gzip        JSON: tables, slice keys, years; the lengths of texts; the core of the lexicon
    search-index/V/columns.bin      JSON: each document's facet values (columns.py)
    search-index/V/s/0000.bin       slices: terms with their costs and short postings, sorted; cut between groups
    search-index/V/p/0000.bin       the postings of one frequent term each
    search-index/V/q/0000.bin       for each of some hashes of two adjacent characters the documents that have it
    search-index/V/d/0000.bin       JSON: the records of CHUNK documents in a row

Every .bin is gzip. DESIGN.md describes each byte; engine.py and theme/static/js/search/slices.js read them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from gongbao.search.coding import Ints, encode_json, encode_planes, encode_varint, log_levels, nearest_levels
from gongbao.search.index import PLAIN_FIELD, ArrayBuilder, Floats
from gongbao.search.merged import Merged
from gongbao.search.packed import Encoded
from gongbao.search.pairs import PAIRS_IN_FILE, pair_bits
from gongbao.search.spelling import Spelling
from gongbao.search.store import ROOT, LastIndex, save_files
from gongbao.search.suggest import Frequencies

FORMAT = 4
# Sizes up to USUAL_DOCUMENTS; beyond, they grow with the square root, so that neither the files nor the list of
# slices grow as fast as the archive. In bytes before compression.
SLICE_BYTES = 4000
MAGNITUDE = 4  # steps to the double: how exactly the core knows of how many documents a file tells
TERM_BYTES = 5  # what the numbers of a term take in most slices
INLINE_BYTES = 500  # longer postings have a file of their own, so that a slice stays mostly words
CORE_TERMS = 300
USUAL_DOCUMENTS = 10_000
CHUNK = 16  # documents a chunk
NORM_LEVELS = 16  # half a byte
TITLE_SUFFIX = "\x00"  # how a query asks for a term in the title alone
FACET_MARK = "\x01"


@dataclass(frozen=True)
class Years:
    """Documents are numbered from the newest: those of `year` are first..end-1."""

    year: int
    first: int
    end: int


@dataclass(frozen=True)
class Entries:
    """Terms in order, with a row of numbers for each, and the postings that a slice itself holds.

    `numbers` has the columns cost, documents, fields beyond documents, bytes of the inline postings. Of a list in a
    file, which says both itself, they are cost, magnitude, 0, 0.
    """

    terms: list[str]
    numbers: Ints
    inline: list[bytes]

    def take(self, rows: list[int]) -> Entries:
        """Some of them."""
        terms, inline = self.terms, self.inline
        return Entries([terms[row] for row in rows], self.numbers[rows], [inline[row] for row in rows])

    def part(self, first: int, end: int) -> Entries:
        """Those from `first` to `end` - 1."""
        return Entries(self.terms[first:end], self.numbers[first:end], self.inline[first:end])

    def cuts(self, size: int) -> Iterator[int]:
        """Where slices begin: each ends with the first group after it has so many bytes."""
        spelling = Spelling.of(self.terms)
        ends = np.cumsum(spelling.bytes + TERM_BYTES + self.numbers[:, -1])
        borders = (np.flatnonzero(np.diff(spelling.heads)) + 1).tolist()
        first = 0
        while first < len(self.terms):
            yield first
            before = int(ends[first - 1]) if first else 0
            full = int(np.searchsorted(ends, before + size)) + 1
            place = bisect_left(borders, full)
            first = borders[place] if place < len(borders) else len(self.terms)

    def to_bytes(self) -> bytes:
        """A slice."""
        text = "\n".join(self.terms).encode()
        widths, planes = encode_planes(self.numbers)
        return b"".join((encode_varint(len(text)), bytes(widths), text, planes, *self.inline))


def group_of(term: str) -> str:
    """Terms of one group share a slice: those with the same first two characters, as Spelling.heads has them."""
    return term[:2]


def facet_postings(facets: Sequence[Sequence[str]]) -> Merged:
    """Postings of each document's facet terms."""
    holders = defaultdict[str, list[int]](list)
    for number, own in enumerate(facets):
        for facet in own:
            holders[facet].append(number)
    terms = sorted(holders)
    sizes = [len(holders[term]) for term in terms]
    return Merged(
        words=terms,
        starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        documents=np.array([number for term in terms for number in holders[term]], dtype=np.int64),
        counts=np.ones(sum(sizes), dtype=np.int64),
        escaped=np.zeros((0, 0), dtype=np.int64),
    )


class SliceWriter:
    """Writes one version of an index into memory, file by file, and then to disk under its content's hash."""

    def __init__(self, documents: int) -> None:
        self.files: dict[str, bytes] = {}
        self.frequencies = Frequencies.of([], np.zeros(0, dtype=np.int64))  # of each word written
        self._documents = documents
        growth = max(1.0, documents / USUAL_DOCUMENTS) ** 0.5
        self._slice_bytes, self._inline_bytes = round(SLICE_BYTES * growth), round(INLINE_BYTES * growth)
        self._core_terms = round(CORE_TERMS * growth)
        self._root: dict[str, object] = {"documents": documents, "chunk": CHUNK}
        self._core = b""
        self._norms = b""

    def write_terms(
        self, facets: Encoded, words: Sequence[Encoded], table: Sequence[int], builder: ArrayBuilder
    ) -> None:
        """Fill the core, slices and files of postings with facets and words.

        `table` says what the levels of factors stand for, `builder` what there is to say of documents' lengths.
        """
        encoded = [facets, *words]  # in order: facets begin with FACET_MARK, before any word
        lists = [own for part in encoded for own in part.lists]
        entries = self._place(encoded, lists)
        # Whoever asks for a word with a file of its own shouldn't need a slice to learn which file that is.
        is_core = np.array([not inline for inline in entries.inline], dtype=np.bool_)
        frequencies = np.concatenate([np.zeros(0, dtype=np.int64), *(part.frequencies for part in encoded[1:])])
        most = np.argsort(-frequencies, kind="stable")[: self._core_terms]
        is_core[len(facets.terms) + most] = True
        self._core = entries.take(np.flatnonzero(is_core).tolist()).to_bytes()
        rest = entries.take(np.flatnonzero(~is_core).tolist())
        cuts = list(rest.cuts(self._slice_bytes))
        for number, (first, end) in enumerate(pairwise([*cuts, len(rest.terms)])):
            self.files[f"s/{number:04d}.bin"] = rest.part(first, end).to_bytes()
        keys = [group_of(rest.terms[first]) for first in cuts]
        self._root |= {"keys": keys, "factors": table, "longest": int(self.frequencies.spelling.lengths.max(initial=1))}
        self._write_norms(builder.norms(PLAIN_FIELD), builder.saturation)

    def _place(self, encoded: Sequence[Encoded], lists: list[bytes]) -> Entries:
        """Give long lists files of their own, and say where each list is."""
        terms = [term for part in encoded for term in part.terms]
        facets = len(encoded[0].terms)
        sizes = np.concatenate([part.sizes for part in encoded])
        frequencies = np.concatenate([part.frequencies for part in encoded])
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        is_long = lengths > self._inline_bytes
        more = frequencies - sizes
        for number, row in enumerate(np.flatnonzero(is_long).tolist()):
            head = encode_varint(int(sizes[row])) + encode_varint(int(more[row]))
            self.files[f"p/{number:04d}.bin"], lists[row] = head + lists[row], b""
        magnitudes = np.rint(MAGNITUDE * np.log2(np.maximum(sizes, 1))).astype(np.int64)
        no = np.zeros_like(sizes)
        columns = np.where(is_long, (magnitudes, no, no), (sizes, more, lengths))
        numbers = np.stack([np.concatenate([part.costs for part in encoded]), *columns], axis=1)
        self.frequencies = Frequencies.of(terms[facets:], sizes[facets:])
        return Entries(terms, numbers, lists)

    def _write_norms(self, norms: Floats, k1: float) -> None:
        """The length of each document's text, as what it adds to a count in the divisor of a weight."""
        table = log_levels(norms, NORM_LEVELS)
        levels = nearest_levels(norms, table) if len(norms) else np.zeros(0, dtype=np.int64)
        even = np.append(levels, [0] * (len(levels) % 2)).astype(np.uint8)
        self._norms = (even[0::2] << 4 | even[1::2]).tobytes()
        self._root |= {"norms": table, "k1": k1}

    def write_pairs(self, files: Mapping[str, bytes]) -> None:
        """Take in the lists of pairs."""
        self.files |= files
        self._root |= {"pairBits": pair_bits(self._documents), "pairsInFile": PAIRS_IN_FILE}

    def write_documents(self, records: Sequence[bytes]) -> None:
        """Put the documents' records, each as JSON, into chunks, in order of their numbers."""
        for number, start in enumerate(range(0, len(records), CHUNK)):
            self.files[f"d/{number:04d}.bin"] = b"[" + b",".join(records[start : start + CHUNK]) + b"]"

    def write_variants(self, simplified_of: Mapping[str, str]) -> None:
        """The traditional characters that mean one of the archive's, each before its simplified one."""
        alone = np.flatnonzero(self.frequencies.spelling.lengths == 1)
        characters = {self.frequencies.words[place] for place in alone.tolist()}
        pairs = [one + other for one, other in simplified_of.items() if other in characters]
        self.files["variants.bin"] = encode_json("".join(pairs))

    def write_root(self, **values: object) -> None:
        """What a reader needs first, and so fetches with the manifest; `values` go into its JSON as they are."""
        root = encode_json({**self._root, **values})
        self.files[ROOT] = encode_varint(len(root)) + root + self._norms + self._core

    def save(self, folder: Path, last: LastIndex | None = None) -> LastIndex:
        """Write the files below `folder`/VERSION and the manifest last; returns what the next build needs of them."""
        return save_files(self.files, folder, {"format": FORMAT, "documents": self._documents}, last)
