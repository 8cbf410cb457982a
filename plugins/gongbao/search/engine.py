"""The site's own search at the terminal, over the built slices; the twin of theme/static/js/search/engine.js.

tests/test_search_engines.py holds the two to the same results in the same order.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.search.documents import FACET_PREFIXES
from gongbao.search.segment import cut_run
from gongbao.search.slices import FORMAT, group_of
from gongbao.text import normalise, runs

Documents = npt.NDArray[np.int64]
SHORT_RUN = 6
SORTS = ("relevance", "newest", "oldest")


class BrokenIndexError(ValueError):
    """The index can't be read: another format, or a damaged file."""


@dataclass(frozen=True)
class Hit:
    """One result, as the browser's engine gives it."""

    url: str
    title: str
    date: str
    regions: list[dict[str, str]]
    campaigns: list[dict[str, str]]
    paper: str
    summary: str
    score: float


@dataclass(frozen=True)
class Answer:
    """`total` documents found, of which `results` are the asked-for part; `missing` words had to be left out."""

    total: int
    results: list[Hit]
    missing: list[str]


@dataclass(frozen=True)
class Entry:
    """A term of the lexicon: its cost for the cut and where its postings are."""

    cost: int
    frequency: int
    top: int  # level of the greatest weight; a byte counts the levels below it
    blocks: tuple[tuple[str, int, int], ...]  # file, offset, length
    inline: bytes


class SearchIndex:
    """An index folder opened for reading."""

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
        root = self._read("root.bin")
        head = _Reader(root)
        json_end = head.next() + head.at
        self._root: dict[str, Any] = json.loads(root[head.at : json_end])
        self._core = _decode_slice(root[json_end:], self._root["packBytes"])
        self._slices: dict[int, dict[str, Entry]] = {}

    def search(
        self,
        text: str = "",
        *,
        region: str | None = None,
        campaign: str | None = None,
        paper: str | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        sort: str = "relevance",
        offset: int = 0,
        limit: int = 10,
    ) -> Answer:
        """Find the documents that have all words of `text`, or most if none has all, within the filters."""
        units = self.cut(text)
        words = list(dict.fromkeys(word for unit in units for word in unit))
        allowed = self._filter({"region": region, "campaign": campaign, "paper": paper}, year_from, year_to)
        found, scores, missing = self._match(units, words, allowed)
        order = _order(found, scores, sort)
        page = order[offset : offset + limit]
        hits = [self._hit(int(found[at]), int(scores[at]) / 1000 / math.sqrt(max(len(words), 1))) for at in page]
        return Answer(len(found), hits, missing)

    def cut(self, text: str) -> list[tuple[str, ...]]:
        """The dictionary words of each part of a query; its parts stand between white space."""
        units = []
        for part in normalise(text).split():
            words: dict[str, None] = {}
            for run, is_han in runs(part):
                words.update(dict.fromkeys(self._cut_run(run, is_han=is_han)))
            if words:
                units.append(tuple(words))
        return list(dict.fromkeys(units))

    def _cut_run(self, run: str, *, is_han: bool) -> list[str]:
        if is_han:
            groups = self._groups_to_read(run)
            return self._cut_han(run, lambda word: self._entry(word) if group_of(word) in groups else None)
        cost = self._root["pieceCost"]
        return cut_run(run, lambda _: cost, longest=self._root["longestPiece"], single_cost=cost)

    def _cut_han(self, run: str, look_up: Callable[[str], Entry | None]) -> list[str]:
        def cost(word: str) -> int | None:
            entry = self._core.get(word) or (look_up(word) if len(word) > 1 else None)
            return entry.cost if entry else None

        return cut_run(run, cost, longest=self._root["longest"], single_cost=self._root["rareCost"])

    def _groups_to_read(self, run: str) -> set[str]:
        """Where words may begin that the core doesn't have: everywhere, or in a long run where the core has no word.

        Any cut into known words finds every document that has the run's text (DESIGN.md), so a longer word missed
        below a core word costs no result.
        """
        starts = range(len(run) - 1)
        if len(run) <= SHORT_RUN:
            return {run[start : start + 2] for start in starts}
        groups, start = set(), 0
        for word in self._cut_han(run, lambda _: None):
            if len(word) == 1 and start in starts:
                groups.add(run[start : start + 2])
            start += len(word)
        return groups

    def _match(
        self, units: Sequence[tuple[str, ...]], words: Sequence[str], allowed: Documents
    ) -> tuple[Documents, Documents, list[str]]:
        """The allowed documents that have all units, or the most; their scores; the units that not all of them have."""
        postings = {word: self._postings(word) for word in words}
        scores = np.zeros(self._root["documents"], dtype=np.int64)
        for documents, weights in postings.values():
            scores[documents] += weights
        for parts in (units, [(word,) for word in words]):
            holders = [self._holders(part, postings) for part in parts]
            matched = sum(holders, np.zeros(len(scores), dtype=np.int64))[allowed]
            most = int(matched.max(initial=0))
            if most or not parts:
                found = allowed[matched == most]
                lacking = [part for part, holder in zip(parts, holders, strict=True) if not holder[found].all()]
                return found, scores[found], ["".join(part) for part in lacking]
        return allowed[:0], scores[:0], ["".join(unit) for unit in units]

    def _holders(self, part: tuple[str, ...], postings: dict[str, tuple[Documents, Documents]]) -> Documents:
        """1 for each document that has all words of a part, else 0."""
        counts = np.zeros(self._root["documents"], dtype=np.int64)
        for word in part:
            counts[postings[word][0]] += 1
        holders: Documents = (counts == len(part)).astype(np.int64)
        return holders

    def _filter(self, facets: dict[str, str | None], year_from: int | None, year_to: int | None) -> Documents:
        first, end = self._year_range(year_from, year_to)
        allowed = np.arange(first, end)
        for name, value in facets.items():
            if value:
                allowed = np.intersect1d(allowed, self._postings(FACET_PREFIXES[name] + value)[0])
        return allowed

    def _year_range(self, year_from: int | None, year_to: int | None) -> tuple[int, int]:
        spans = [
            (first, end)
            for year, first, end in self._root["years"]
            if (year_from is None or year >= year_from) and (year_to is None or year <= year_to)
        ]
        return (spans[0][0], spans[-1][1]) if spans else (0, 0)

    def _postings(self, term: str) -> tuple[Documents, Documents]:
        """A term's documents, rising, and the weights of each in thousandths."""
        entry = self._entry(term)
        if entry is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        blocks = [self._read(file)[offset : offset + length] for file, offset, length in entry.blocks] or [entry.inline]
        left, parts = entry.frequency, []
        for block in blocks:
            count = min(left, self._root["block"])
            parts.append(_decode_block(block, count))
            left -= count
        documents = np.concatenate([documents for documents, _ in parts])
        levels = np.concatenate([levels for _, levels in parts])
        return documents, np.asarray(self._root["weights"], dtype=np.int64)[entry.top - levels]

    def _entry(self, term: str) -> Entry | None:
        if term in self._core:
            return self._core[term]
        number = _find_slice(self._root["keys"], group_of(term))
        if number < 0:
            return None
        if number not in self._slices:
            self._slices[number] = _decode_slice(self._read(f"s/{number:04d}.bin"), self._root["packBytes"])
        return self._slices[number].get(term)

    def _hit(self, number: int, score: float) -> Hit:
        chunk = json.loads(self._read(f"d/{number // self._root['chunk']:04d}.bin"))
        url, title, date, regions, campaigns, paper, summary = chunk[number % self._root["chunk"]]
        return Hit(
            url=url,
            title=title,
            date=date,
            regions=[{"code": code, "name": name} for code, name in regions],
            campaigns=[{"id": identity, "name": name} for identity, name in campaigns],
            paper=paper,
            summary=summary,
            score=round(score, 3),
        )

    def _read(self, name: str) -> bytes:
        if name not in self._files:
            try:
                self._files[name] = gzip.decompress((self._folder / name).read_bytes())
            except (OSError, EOFError) as error:
                raise BrokenIndexError(
                    f"索引文件 {self._folder / name} 读不出来（{error}），请重新运行 inv build"
                ) from error
        return self._files[name]


def _order(found: Documents, scores: Documents, sort: str) -> Documents:
    """Positions in `found`, which rises from the newest: by score with the newer first on ties, or by date."""
    if sort == "newest":
        return np.arange(len(found))
    if sort == "oldest":
        return np.arange(len(found))[::-1]
    return np.argsort(-scores, kind="stable")


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


class _Reader:
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


def _decode_slice(data: bytes, pack_bytes: int) -> dict[str, Entry]:
    reader = _Reader(data)
    text_size, numbers_size = reader.next(), reader.next()
    terms = data[reader.at : reader.at + text_size].decode().split("\n")
    numbers = _Reader(data, reader.at + text_size)
    inline_at = reader.at + text_size + numbers_size
    entries = {}
    for term in terms:
        cost, frequency, top, where = numbers.next(), numbers.next(), numbers.next(), numbers.next()
        blocks: list[tuple[str, int, int]] = []
        inline = b""
        if where & 1:
            pack, offset, count = where >> 1, numbers.next(), numbers.next()
            for _ in range(count):
                length, _first = numbers.next(), numbers.next()
                if offset + length > pack_bytes and offset:
                    pack, offset = pack + 1, 0
                blocks.append((f"p/{pack:04d}.bin", offset, length))
                offset += length
        else:
            inline = data[inline_at : inline_at + (where >> 1)]
            inline_at += where >> 1
        entries[term] = Entry(cost, frequency, top, tuple(blocks), inline)
    return entries


def _decode_block(block: bytes, count: int) -> tuple[Documents, Documents]:
    raw = np.frombuffer(block, dtype=np.uint8)
    varints, levels = raw[: len(raw) - count], raw[len(raw) - count :]
    ends = np.flatnonzero(varints < 0x80)
    starts = np.concatenate(([0], ends[:-1] + 1))
    values = np.zeros(count, dtype=np.int64)
    for place in range(int((ends - starts).max(initial=0)) + 1):
        here = starts + place <= ends
        values[here] |= (varints[starts[here] + place].astype(np.int64) & 0x7F) << (7 * place)
    return np.cumsum(values), levels.astype(np.int64)


def open_index(output: Path) -> SearchIndex:
    """The index of a built site. Raises BrokenIndexError if it has none."""
    return SearchIndex(output / "search-index")
