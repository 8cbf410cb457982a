"""The index on disk: small gzipped files, of which a search fetches only those that its words need.

    search-index/manifest.json      {"format": 1, "version": V, "documents": N}; the only file that changes in place
    search-index/V/root.bin         JSON: weights table, slice keys, core lexicon, years, and what readers need first
    search-index/V/columns.bin      JSON: each document's facet values (columns.py)
    search-index/V/s/0000.bin       slices: terms with their costs and short postings, sorted; cut between groups
    search-index/V/p/0000.bin       packs: blocks of long postings
    search-index/V/d/0000.bin       JSON: the records of CHUNK documents in a row

Every .bin is gzip. DESIGN.md describes each byte; engine.py and theme/static/js/search/slices.js read them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gongbao.search.index import Postings

FORMAT = 1
# Sizes up to USUAL_DOCUMENTS; beyond, they grow with the square root, so that neither the files nor the list of
# slices grow as fast as the archive. In bytes before compression; about two thirds of them are left after it.
SLICE_BYTES = 6_000
PACK_BYTES = 8_000
CORE_TERMS = 300
USUAL_DOCUMENTS = 10_000
INLINE_BYTES = 512  # longer postings go to packs, so that a slice stays mostly words
BLOCK = 1_024  # postings a block: at most 4 bytes each for the document and 1 for the weight fit a pack
CHUNK = 16  # documents a chunk
WEIGHT_LEVELS = 128  # steps of some 7 % for a range of 1 to 10,000
TITLE_SUFFIX = "\x00"  # a term with this suffix has the postings of the title field alone
FACET_MARK = "\x01"

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Years:
    """Documents are numbered from the newest: those of `year` are first..end-1."""

    year: int
    first: int
    end: int


def group_of(term: str) -> str:
    """Terms of one group share a slice: those with the same first two characters."""
    return term[:2]


def encode_varints(values: npt.NDArray[np.int64]) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """LEB128 of unsigned numbers below 2^28: seven bits a byte, the lowest first, the high bit if more follow.

    Returns the bytes and, for each value and the end, the offset where it begins.
    """
    sizes = 1 + (values >= 1 << 7).astype(np.int64) + (values >= 1 << 14) + (values >= 1 << 21)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    out = np.zeros(offsets[-1], dtype=np.uint8)
    for place in range(4):
        here = sizes > place
        more = (sizes > place + 1)[here]
        out[offsets[:-1][here] + place] = ((values[here] >> (7 * place)) & 0x7F) | (more.astype(np.int64) << 7)
    return out, offsets


def encode_varint(value: int) -> bytes:
    """LEB128 of one number of any size."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def weight_table(weights: npt.NDArray[np.float64]) -> list[int]:
    """What the levels of weight stand for, in thousandths: 0, then even steps of the logarithm up to the greatest."""
    positive = weights[weights > 0]
    if not len(positive):
        return [0] * WEIGHT_LEVELS
    least, greatest = float(positive.min()), float(positive.max())
    levels = np.exp(np.linspace(np.log(least), np.log(max(greatest, least * 1.001)), WEIGHT_LEVELS - 1))
    return [0, *(round(float(level) * 1000) for level in levels)]


def quantise(weights: npt.NDArray[np.float64], table: Sequence[int]) -> Bytes:
    """The level whose value is nearest to each weight."""
    levels = np.asarray(table) / 1000
    upper = np.clip(np.searchsorted(levels, weights), 1, WEIGHT_LEVELS - 1)
    nearer_below = weights - levels[upper - 1] < levels[upper] - weights
    return (upper - nearer_below).astype(np.uint8)


def merge_postings(parts: Iterable[Postings]) -> Postings:
    """Several sets of postings with different terms as one, sorted by term."""
    parts = list(parts)
    rows = sorted((term, part, row) for part, postings in enumerate(parts) for row, term in enumerate(postings.terms))
    spans = [(part, parts[part].starts[row], parts[part].starts[row + 1]) for _, part, row in rows]
    return Postings(
        terms=[term for term, _, _ in rows],
        starts=np.concatenate(([0], np.cumsum([end - start for _, start, end in spans], dtype=np.int64))),
        documents=np.concatenate(
            [parts[part].documents[start:end] for part, start, end in spans] or [np.zeros(0, np.int64)]
        ),
        weights=np.concatenate([parts[part].weights[start:end] for part, start, end in spans] or [np.zeros(0)]),
        document_count=parts[0].document_count,
    )


def facet_postings(facets: Sequence[Sequence[str]]) -> Postings:
    """Postings of each document's facet terms, all of weight 0."""
    pairs = sorted((facet, number) for number, own in enumerate(facets) for facet in own)
    terms = sorted({facet for facet, _ in pairs})
    numbers = {term: row for row, term in enumerate(terms)}
    counts = np.bincount([numbers[facet] for facet, _ in pairs], minlength=len(terms)) if pairs else np.zeros(0)
    return Postings(
        terms=terms,
        starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        documents=np.array([number for _, number in pairs], dtype=np.int64),
        weights=np.zeros(len(pairs)),
        document_count=len(facets),
    )


class SliceWriter:
    """Writes one version of an index into memory, file by file, and then to disk under its content's hash."""

    def __init__(self, postings: Postings, cost: Callable[[str], int]) -> None:
        self.files: dict[str, bytes] = {}
        self._postings = postings
        self._cost = cost
        self._table = weight_table(postings.weights)
        self._packs: list[bytearray] = [bytearray()]
        growth = max(1.0, postings.document_count / USUAL_DOCUMENTS) ** 0.5
        self._slice_bytes, self._pack_bytes = round(SLICE_BYTES * growth), round(PACK_BYTES * growth)
        self._core_terms = round(CORE_TERMS * growth)
        self._encode_postings()

    def _encode_postings(self) -> None:
        # Documents as differences, counted anew at the head of every term and of every block.
        starts, documents = self._postings.starts, self._postings.documents.astype(np.int64)
        deltas = np.diff(documents, prepend=0)
        heads = np.concatenate(
            [starts[:-1], *(np.arange(start + BLOCK, end, BLOCK) for start, end in self._long_spans())]
        ).astype(np.int64)
        deltas[heads] = documents[heads]
        self._bytes, self._offsets = encode_varints(deltas)
        # A byte says how many levels a weight lies below the term's greatest: small numbers pack better.
        levels = quantise(self._postings.weights, self._table)
        self._tops = np.maximum.reduceat(levels, starts[:-1]) if len(levels) else levels
        self._weights = np.repeat(self._tops, np.diff(starts)) - levels

    def _long_spans(self) -> Iterable[tuple[int, int]]:
        starts = self._postings.starts
        return ((int(starts[row]), int(starts[row + 1])) for row in np.flatnonzero(np.diff(starts) > BLOCK))

    def _block(self, start: int, end: int) -> bytes:
        documents = self._bytes[self._offsets[start] : self._offsets[end]].tobytes()
        return documents + self._weights[start:end].tobytes()

    def _locate(self, start: int, end: int) -> tuple[bytes, bytes]:
        """Where a term's postings are, as the slice says it, and the bytes that the slice itself holds."""
        if self._offsets[end] - self._offsets[start] + end - start <= INLINE_BYTES:
            block = self._block(start, end)
            return encode_varint(len(block) << 1), block
        blocks = [(at, self._block(at, min(at + BLOCK, end))) for at in range(start, end, BLOCK)]
        where = b""
        for index, (at, block) in enumerate(blocks):
            if len(self._packs[-1]) + len(block) > self._pack_bytes and self._packs[-1]:
                self._packs.append(bytearray())
            if index == 0:
                where = b"".join(
                    map(encode_varint, ((len(self._packs) - 1) << 1 | 1, len(self._packs[-1]), len(blocks)))
                )
            where += encode_varint(len(block)) + encode_varint(int(self._postings.documents[at]))
            self._packs[-1] += block
        return where, b""

    def write_terms(self) -> None:
        """Fill the core, slices and packs with all terms."""
        self.keys: list[str] = []
        core, entries = [], list[tuple[str, bytes, bytes]]()
        core_rows = self._choose_core()
        size = 0
        for row, term in enumerate(self._postings.terms):
            entry = self._entry(row)
            if row in core_rows:
                core.append(entry)
                continue
            if size >= self._slice_bytes and group_of(term) != group_of(entries[-1][0]):
                self._write_slice(entries)
                entries, size = [], 0
            if not entries:
                self.keys.append(group_of(term))
            entries.append(entry)
            size += len(entry[1]) + len(entry[2]) + 3 * len(term)
        if entries:
            self._write_slice(entries)
        self._core = _slice_bytes(core)
        self.files |= {f"p/{number:04d}.bin": bytes(pack) for number, pack in enumerate(self._packs) if pack}

    def _entry(self, row: int) -> tuple[str, bytes, bytes]:
        """A term with its numbers and the postings that the slice itself holds."""
        term = self._postings.terms[row]
        start, end = int(self._postings.starts[row]), int(self._postings.starts[row + 1])
        where, inline = self._locate(start, end)
        cost = 0 if term[0] == FACET_MARK or term[-1] == TITLE_SUFFIX else self._cost(term)
        return term, b"".join(map(encode_varint, (cost, end - start, int(self._tops[row])))) + where, inline

    def _choose_core(self) -> frozenset[int]:
        """The rows of the terms that most documents have: every reader knows them from the start."""
        sizes = np.diff(self._postings.starts)
        plain = [
            row for row, term in enumerate(self._postings.terms) if term[0] != FACET_MARK and term[-1] != TITLE_SUFFIX
        ]
        return frozenset(sorted(plain, key=lambda row: (-sizes[row], row))[: self._core_terms])

    def _write_slice(self, entries: list[tuple[str, bytes, bytes]]) -> None:
        self.files[f"s/{len(self.keys) - 1:04d}.bin"] = _slice_bytes(entries)

    def write_documents(self, records: Sequence[Sequence[object]]) -> None:
        """Put the documents' records into chunks, in order of their numbers."""
        for number, start in enumerate(range(0, len(records), CHUNK)):
            self.files[f"d/{number:04d}.bin"] = _json_bytes(records[start : start + CHUNK])

    def write_root(
        self,
        years: Sequence[Years],
        synonyms: Sequence[Sequence[str]],
        *,
        rare_cost: int,
        piece_cost: int,
        longest_piece: int,
    ) -> None:
        """What a reader fetches first."""
        root = _json_bytes(
            {
                "documents": self._postings.document_count,
                "chunk": CHUNK,
                "packBytes": self._pack_bytes,
                "block": BLOCK,
                "weights": self._table,
                "keys": self.keys,
                "longest": max((len(term) for term in self._postings.terms if term[0] != FACET_MARK), default=1),
                "rareCost": rare_cost,
                "pieceCost": piece_cost,
                "longestPiece": longest_piece,
                "synonyms": synonyms,
                "years": [[row.year, row.first, row.end] for row in years],
            }
        )
        self.files["root.bin"] = encode_varint(len(root)) + root + self._core

    def write_variants(self, simplified_of: Mapping[str, str]) -> None:
        """The traditional characters that mean one of the archive's, each before its simplified one."""
        characters = {term for term in self._postings.terms if len(term) == 1}
        pairs = [one + other for one, other in simplified_of.items() if other in characters]
        self.files["variants.bin"] = _json_bytes("".join(pairs))

    def save(self, folder: Path) -> str:
        """Write the files below `folder`/VERSION and the manifest last; returns the version."""
        packed = {name: gzip.compress(data, 9, mtime=0) for name, data in sorted(self.files.items())}
        version = hashlib.sha256(b"".join(name.encode() + data for name, data in packed.items())).hexdigest()[:12]
        for name, data in packed.items():
            path = folder / version / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        manifest = {"format": FORMAT, "version": version, "documents": self._postings.document_count}
        (folder / "manifest.json").write_text(json.dumps(manifest) + "\n", encoding="utf-8")
        return version


def _slice_bytes(entries: Sequence[tuple[str, bytes, bytes]]) -> bytes:
    text = "\n".join(term for term, _, _ in entries).encode()
    numbers = b"".join(numbers for _, numbers, _ in entries)
    head = encode_varint(len(text)) + encode_varint(len(numbers))
    return head + text + numbers + b"".join(inline for _, _, inline in entries)


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
