"""An index folder, read file by file as a search needs it; the twin of theme/static/js/search/slices.js."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.search.coding import COUNT_PARAMETERS, ESCAPE, FLAGS, HEADER_BITS, LEVEL_BITS, gap_parameters
from gongbao.search.counts import HASH_BITS, hash_pair
from gongbao.search.slices import FORMAT, TITLE_SUFFIX, group_of

Documents = npt.NDArray[np.int64]
COLUMNS = 4  # of numbers in a slice
UNIT = 1000  # factors and inverse document frequencies are integers in thousandths


class BrokenIndexError(ValueError):
    """The index can't be read: another format, or a damaged file."""


@dataclass(frozen=True)
class Entry:
    """A term of the lexicon: its cost for the cut and where its postings are.

    How many documents have it, and how many fields beyond these, only stands here if the postings do.
    """

    cost: int
    frequency: int
    more: int
    file: str  # of the postings, or "" if they are inline
    inline: bytes


@dataclass(frozen=True)
class Postings:
    """A term's documents, rising, and the weight of each in millionths."""

    documents: Documents
    weights: Documents


NONE = Postings(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class Reader:
    """The files of one version of an index; each is read once."""

    def __init__(self, folder: Path) -> None:
        """Open search-index/. Raises BrokenIndexError if there is none or its format is another."""
        manifest_path = folder / "manifest.json"
        if not manifest_path.is_file():
            raise BrokenIndexError(f"{manifest_path} 不存在，请先运行 inv build")
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        if manifest.get("format") != FORMAT:
            raise BrokenIndexError(f"索引格式是 {manifest.get('format')}，本程序只认 {FORMAT}，请重新运行 inv build")
        self._folder = folder / manifest["version"]
        self._files: dict[str, bytes] = {}
        self._slices: dict[int, dict[str, Entry]] = {}
        self._decoded: dict[str, Postings] = {}
        try:
            data = gzip.decompress(base64.b64decode(manifest["root"]))
        except (KeyError, ValueError, OSError, EOFError, zlib.error) as error:
            raise BrokenIndexError(f"{manifest_path} 读不出来（{error}），请重新运行 inv build") from error
        head = _Varints(data)
        json_end = head.next() + head.at
        self.root: dict[str, Any] = json.loads(data[head.at : json_end])
        self.documents: int = self.root["documents"]
        norms_end = json_end + (self.documents + 1) // 2
        packed = np.frombuffer(data[json_end:norms_end], dtype=np.uint8)
        levels = np.stack([packed >> 4, packed & 15], axis=1).ravel()[: self.documents]
        self._norms = np.asarray(self.root["norms"], dtype=np.int64)[levels]
        self.core = _decode_slice(data[norms_end:])

    def entry(self, term: str) -> Entry | None:
        """What the lexicon says of a term; None if no article has it."""
        return self.core.get(term) or self.slice(group_of(term)).get(term)

    def slice(self, group: str) -> dict[str, Entry]:
        """The terms of the slice that would hold a group, the first two characters of a term."""
        number = _find_slice(self.root["keys"], group)
        if number < 0:
            return {}
        if number not in self._slices:
            self._slices[number] = _decode_slice(self._read(f"s/{number:04d}.bin"))
        return self._slices[number]

    def postings(self, term: str) -> Postings:
        """A term's postings; with TITLE_SUFFIX those of the documents whose title has the term."""
        if term not in self._decoded:
            self._decoded[term] = self._decode_postings(term)
        return self._decoded[term]

    def pair_documents(self, pair: str) -> Documents:
        """The documents that may have two adjacent characters, and surely all that have them.

        Only for pairs that are no word of the lexicon.
        """
        bucket = hash_pair(pair) >> (HASH_BITS - self.root["pairBits"])
        number, place = divmod(bucket, self.root["pairsInFile"])
        data = self._read(f"q/{number:04d}.bin")
        numbers = _Varints(data)
        lists = [(numbers.next(), numbers.next()) for _ in range(self.root["pairsInFile"])]
        start = numbers.at + sum(length for _, length in lists[:place])
        size, length = lists[place]
        return decode_list(data[start : start + length], size, self.documents)[0]

    def record(self, number: int) -> list[Any]:
        """What a result shows of a document."""
        chunk: list[list[Any]] = json.loads(self._read(f"d/{number // self.root['chunk']:04d}.bin"))
        return chunk[number % self.root["chunk"]]

    def _decode_postings(self, term: str) -> Postings:
        entry = self.entry(term.removesuffix(TITLE_SUFFIX))
        if entry is None:
            return NONE
        data, frequency, more = entry.inline, entry.frequency, entry.more
        if entry.file:
            file = self._read(entry.file)
            head = _Varints(file)
            frequency, more, data = head.next(), head.next(), file[head.at :]
        documents, codes, levels, titles = decode_list(data, frequency, self.documents)
        table = np.asarray(self.root["factors"], dtype=np.int64)
        if term.endswith(TITLE_SUFFIX):
            in_title = titles >= 0
            documents, factors = documents[in_title], table[titles[in_title]]
        else:
            counts = np.where(codes == 0, 1, codes)
            saturated = UNIT * UNIT * (self.root["k1"] + 1) * counts / (self._norms[documents] + UNIT * counts)
            factors = np.where(codes == ESCAPE, table[levels], np.floor(saturated + 0.5).astype(np.int64))
        fields = frequency + more
        idf = np.log(1 + abs((self.documents - fields + 0.5) / (fields + 0.5)))
        return Postings(documents, factors * int(np.floor(UNIT * idf + 0.5)))

    def _read(self, name: str) -> bytes:
        if name not in self._files:
            try:
                self._files[name] = gzip.decompress((self._folder / name).read_bytes())
            except (OSError, EOFError, zlib.error) as error:
                raise BrokenIndexError(
                    f"索引文件 {self._folder / name} 读不出来（{error}），请重新运行 inv build"
                ) from error
        return self._files[name]


def decode_list(data: bytes, size: int, documents: int) -> tuple[Documents, Documents, Documents, Documents]:
    """The documents of a list, and for each its code, its level and its title's level (coding.Payload).

    The text of the bits finds the end of a unary number at the speed of C.
    """
    bits = f"{int.from_bytes(data):0{len(data) * 8}b}"
    parameter = int(gap_parameters(documents, np.array([size]))[0])
    header, at = int(bits[:HEADER_BITS], 2), HEADER_BITS
    if header == FLAGS:
        shared, at = int(bits[at : at + LEVEL_BITS], 2), at + LEVEL_BITS
    rows = np.zeros((4, size), dtype=np.int64)
    rows[3] = -1
    document = -1
    for row in range(size):
        at, gap = _read_rice(bits, at, parameter)
        document += gap + 1
        rows[0, row] = document
        if header == FLAGS:
            if bits[at] == "1":
                rows[1:, row] = ESCAPE, shared, shared
            at += 1
            continue
        if header in COUNT_PARAMETERS:
            at, rows[1, row] = _read_rice(bits, at, header)
        if rows[1, row] == ESCAPE:
            rows[2, row], in_title = int(bits[at : at + LEVEL_BITS], 2), bits[at + LEVEL_BITS] == "1"
            at += LEVEL_BITS + 1
            if in_title:
                rows[3, row] = int(bits[at : at + LEVEL_BITS], 2)
                at += LEVEL_BITS
    return rows[0], rows[1], rows[2], rows[3]


def _read_rice(bits: str, at: int, parameter: int) -> tuple[int, int]:
    one = bits.index("1", at)
    end = one + 1 + parameter
    return end, (one - at) << parameter | int(bits[one:end], 2) ^ 1 << parameter


def _find_slice(keys: Sequence[str], group: str) -> int:
    """The last slice whose first group is not after this one; -1 if all are."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] <= group:
            low = middle + 1
        else:
            high = middle
    return low - 1


class _Varints:
    """Numbers in a row of LEB128 bytes."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def next(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7


def _decode_slice(data: bytes) -> dict[str, Entry]:
    head = _Varints(data)
    text_size, text_at = head.next(), head.at + COLUMNS
    terms = data[text_at : text_at + text_size].decode().split("\n") if text_size else []
    columns, at = _decode_planes(data[text_at - COLUMNS : text_at], data, text_at + text_size, len(terms))
    entries, files = {}, 0
    for term, cost, frequency, more, size in zip(terms, *columns.tolist(), strict=True):
        entries[term] = Entry(cost, frequency, more, "" if size else f"p/{files:04d}.bin", data[at : at + size])
        files += not size
        at += size
    return entries


def _decode_planes(widths: bytes, data: bytes, at: int, count: int) -> tuple[Documents, int]:
    """Columns of so many numbers each, of which each has so many planes from `at` on, and where they end."""
    columns = np.zeros((len(widths), count), dtype=np.int64)
    for column, width in enumerate(widths):
        for plane in range(width):
            columns[column] |= np.frombuffer(data, np.uint8, count, at).astype(np.int64) << 8 * plane
            at += count
    return columns, at
