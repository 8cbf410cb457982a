"""The site's own search at the terminal, over the built slices; the twin of theme/static/js/search/engine.js.

tests/test_search_engines.py holds the two to the same results in the same order.
"""

from __future__ import annotations

import gzip
import html
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gongbao.addresses import file_of
from gongbao.search.documents import FACET_PREFIXES
from gongbao.search.query import Part, parse_query
from gongbao.search.segment import cut_run
from gongbao.search.slices import FORMAT, TITLE_SUFFIX, group_of
from gongbao.search.variants import simplify
from gongbao.text import normalise, runs

Documents = npt.NDArray[np.int64]
Slot = tuple[str, ...]  # a word and what else counts as that word
SHORT_RUN = 6
VERIFIED = 60  # best documents whose pages are read for an exact phrase
STORY_BEGINS, STORY_ENDS = '<article class="story-body"', "</article>"
TAG_RE = re.compile(r"<[^>]*>")


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


@dataclass(frozen=True)
class Unit:
    """One part of a query: a document has it if it has all slots, and of a slot any term."""

    text: str
    slots: tuple[Slot, ...]
    is_phrase: bool = False


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
        self._decoded: dict[str, tuple[Documents, Documents]] = {}
        self._site = folder.parent
        self._synonyms: dict[str, list[str]] = {
            word: [other for other in group if other != word] for group in self._root["synonyms"] for word in group
        }

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
        parts = parse_query(simplify(text))
        units = [unit for part in parts if not part.excluded and (unit := self._unit(part)).slots]
        slots = list({slot: None for unit in units for slot in unit.slots})
        allowed = self._filter({"region": region, "campaign": campaign, "paper": paper}, year_from, year_to)
        for part in parts:
            if part.excluded and (unit := self._unit(part)).slots:
                allowed = allowed[self._holders(unit.slots)[allowed] == 0]
        found, scores, missing = self._match(units, slots, allowed)
        ranked = found[_order(found, scores[found], sort)]
        phrases = [unit.text for unit in units if unit.is_phrase]
        if phrases:
            ranked = np.array(
                [number for number in ranked[:VERIFIED] if self._has(int(number), phrases)], dtype=np.int64
            )
        page = ranked[offset : offset + limit]
        hits = [self._hit(int(at), int(scores[at]) / 1000 / math.sqrt(max(len(slots), 1))) for at in page]
        return Answer(len(ranked), hits, missing)

    def cut(self, text: str) -> list[str]:
        """The distinct dictionary words that a text means, in order."""
        words: dict[str, None] = {}
        for run, is_han in runs(simplify(normalise(text))):
            words.update(dict.fromkeys(self._cut_run(run, is_han=is_han)))
        return list(words)

    def _unit(self, part: Part) -> Unit:
        """What the index is asked for one part of a query."""
        if part.kind == "prefix" and (terms := self._expand(part.text)):
            return Unit(part.text, (terms,))
        words = self.cut(part.text)
        if part.kind == "title":
            return Unit(part.text, tuple((word + TITLE_SUFFIX,) for word in words))
        if part.kind == "phrase":
            return Unit(part.text, tuple((word,) for word in words), is_phrase=True)
        return Unit(part.text, tuple((word, *self._synonyms.get(word, ())) for word in words))

    def _expand(self, prefix: str) -> tuple[str, ...]:
        """The words that begin with two or more characters, the prefix itself first."""
        group = group_of(prefix)
        if len(group) < 2:
            return ()
        number = _find_slice(self._root["keys"], group)
        lexicon = {**self._core, **(self._slice(number) if number >= 0 else {})}
        terms = sorted(term for term in lexicon if term.startswith(prefix) and term[-1] != TITLE_SUFFIX)
        return tuple(terms)

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
        self, units: Sequence[Unit], slots: Sequence[Slot], allowed: Documents
    ) -> tuple[Documents, Documents, list[str]]:
        """The allowed documents that have all units, or the most; all scores; the units that not all of them have."""
        scores = np.zeros(self._root["documents"], dtype=np.int64)
        if not units:
            return allowed, scores, []
        for slot in slots:
            documents, weights = self._slot_postings(slot)
            scores[documents] += weights
        for parts in (units, [Unit(slot[0].rstrip(TITLE_SUFFIX), (slot,)) for slot in slots]):
            holders = [self._holders(part.slots) for part in parts]
            matched = sum(holders, np.zeros(len(scores), dtype=np.int64))[allowed]
            most = int(matched.max(initial=0))
            if most:
                found = allowed[matched == most]
                lacking = [part.text for part, holder in zip(parts, holders, strict=True) if not holder[found].all()]
                return found, scores, lacking
        return allowed[:0], scores, [unit.text for unit in units]

    def _holders(self, slots: Sequence[Slot]) -> Documents:
        """1 for each document that has all slots, else 0."""
        counts = np.zeros(self._root["documents"], dtype=np.int64)
        for slot in slots:
            counts[self._slot_postings(slot)[0]] += 1
        holders: Documents = (counts == len(slots)).astype(np.int64)
        return holders

    def _slot_postings(self, slot: Slot) -> tuple[Documents, Documents]:
        """The documents of any of a slot's terms with the greatest weight; other terms than the first count less."""
        if len(slot) == 1:
            return self._postings(slot[0])
        best = np.full(self._root["documents"], -1, dtype=np.int64)
        for rank, term in enumerate(slot):
            documents, weights = self._postings(term)
            best[documents] = np.maximum(best[documents], weights * 3 // 4 if rank else weights)
        documents = np.flatnonzero(best >= 0)
        return documents, best[documents]

    def _has(self, number: int, phrases: Sequence[str]) -> bool:
        """Whether an article's own page has all phrases, white space aside."""
        address = self._record(number)[0]
        try:
            page = (self._site / file_of(str(address))).read_text(encoding="utf-8")
        except OSError as error:
            raise BrokenIndexError(f"文章页面 {address} 读不出来（{error}），请重新运行 inv build") from error
        story = page[page.find(STORY_BEGINS) : page.find(STORY_ENDS)]
        text = _squash(html.unescape(TAG_RE.sub("", story)))
        return all(_squash(phrase) in text for phrase in phrases)

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
        """A term's documents, rising, and the weights of each in thousandths; decoded once."""
        if term not in self._decoded:
            self._decoded[term] = self._decode_postings(term)
        return self._decoded[term]

    def _decode_postings(self, term: str) -> tuple[Documents, Documents]:
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
        return self._slice(number).get(term)

    def _slice(self, number: int) -> dict[str, Entry]:
        if number not in self._slices:
            self._slices[number] = _decode_slice(self._read(f"s/{number:04d}.bin"), self._root["packBytes"])
        return self._slices[number]

    def _hit(self, number: int, score: float) -> Hit:
        url, title, date, regions, campaigns, paper, summary = self._record(number)
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

    def _record(self, number: int) -> list[Any]:
        chunk: list[list[Any]] = json.loads(self._read(f"d/{number // self._root['chunk']:04d}.bin"))
        return chunk[number % self._root["chunk"]]

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


def _squash(text: str) -> str:
    return "".join(simplify(normalise(text)).split())


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
