"""The site's own search at the terminal, over the built slices; the twin of theme/static/js/search/engine.js.

tests/test_search_engines.py holds the two to the same results in the same order.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from gongbao.addresses import file_of
from gongbao.search.documents import FACET_PREFIXES
from gongbao.search.query import Part, parse_query
from gongbao.search.reader import UNIT, BrokenIndexError, Documents, Postings, Reader
from gongbao.search.segment import cut_run
from gongbao.search.slices import TITLE_SUFFIX, group_of
from gongbao.search.variants import simplify
from gongbao.text import normalise, runs

Slot = tuple[str, ...]  # a word and what else counts as that word
SHORT_RUN = 6  # more characters than these are taken for a passage out of an article
FEW = 10  # more documents than these are told apart by whether they may have the passage in one piece
VERIFIED = 60  # best documents whose pages are read for an exact phrase
STORY_BEGINS, STORY_ENDS = '<article class="story-body"', "</article>"
TAG_RE = re.compile(r"<[^>]*>")


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
class Unit:
    """One part of a query: a document has it if it has all slots, and of a slot any term."""

    text: str
    slots: tuple[Slot, ...]
    is_phrase: bool = False
    pairs: tuple[str, ...] = ()  # adjacent characters where its words meet, if it is a passage


class SearchIndex:
    """An index folder opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open search-index/. Raises BrokenIndexError if there is none or its format is another."""
        self._reader = Reader(folder)
        self._root = self._reader.root
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
        passages = self._find_passages(found, units) if sort == "relevance" else np.zeros(len(found), dtype=np.int64)
        ranked = found[_order(passages, scores[found], sort)]
        phrases = [unit.text for unit in units if unit.is_phrase]
        if phrases:
            ranked = np.array(
                [number for number in ranked[:VERIFIED] if self._has(int(number), phrases)], dtype=np.int64
            )
        page = ranked[offset : offset + limit]
        hits = [self._hit(int(at), int(scores[at]) / UNIT**2 / math.sqrt(max(len(slots), 1))) for at in page]
        return Answer(len(ranked), hits, missing)

    def cut(self, text: str) -> list[str]:
        """The distinct dictionary words that a text means, in order."""
        return list(dict.fromkeys(word for own, _ in self._cut_runs(text) for word in own))

    def _cut_runs(self, text: str) -> list[tuple[list[str], bool]]:
        """The words of each run, and whether it is of ideographs."""
        return [(self._cut_run(run, is_han=is_han), is_han) for run, is_han in runs(simplify(normalise(text)))]

    def _unit(self, part: Part) -> Unit:
        """What the index is asked for one part of a query."""
        if part.kind == "prefix" and (terms := self._expand(part.text)):
            return Unit(part.text, (terms,))
        cut = self._cut_runs(part.text)
        words = list(dict.fromkeys(word for own, _ in cut for word in own))
        if part.kind == "title":
            return Unit(part.text, tuple((word + TITLE_SUFFIX,) for word in words))
        pairs = tuple(before[-1] + after[0] for own, is_han in cut if is_han for before, after in pairwise(own))
        if part.kind == "phrase":
            return Unit(part.text, tuple((word,) for word in words), is_phrase=True, pairs=pairs)
        is_passage = sum(len(word) for own, is_han in cut if is_han for word in own) > SHORT_RUN
        return Unit(
            part.text,
            tuple((word, *self._synonyms.get(word, ())) for word in words),
            pairs=pairs if is_passage else (),
        )

    def _expand(self, prefix: str) -> tuple[str, ...]:
        """The words that begin with two or more characters, the prefix itself first."""
        group = group_of(prefix)
        if len(group) < 2:
            return ()
        return tuple(
            sorted(term for term in {**self._reader.core, **self._reader.slice(group)} if term.startswith(prefix))
        )

    def _cut_run(self, run: str, *, is_han: bool) -> list[str]:
        if is_han:
            return self._cut_han(run, self._read_lexicon(run))
        cost = self._root["pieceCost"]
        return cut_run(run, lambda _: cost, longest=self._root["longestPiece"], single_cost=cost)

    def _cut_han(self, run: str, lexicon: Mapping[str, int]) -> list[str]:
        def cost(word: str) -> int | None:
            entry = self._reader.core.get(word)
            return entry.cost if entry else lexicon.get(word)

        return cut_run(run, cost, longest=self._root["longest"], single_cost=self._root["rareCost"])

    def _read_lexicon(self, run: str) -> dict[str, int]:
        """The costs of the words that may begin in a run and are not in the core.

        In a long run only where no known word is, and first at every other character of what is left: most words have
        two, so that half the slices are never needed. Any cut into known words finds every document that has the
        run's text (DESIGN.md): a word that is overlooked costs no result.
        """
        lexicon: dict[str, int] = {}
        if len(run) <= SHORT_RUN:
            self._add_words(lexicon, {run[start : start + 2] for start in range(len(run) - 1)})
        else:
            for step in (2, 1):
                self._add_words(lexicon, self._find_gaps(run, lexicon, step))
        return lexicon

    def _add_words(self, lexicon: dict[str, int], groups: set[str]) -> None:
        for group in groups:
            own = self._reader.slice(group).items()
            lexicon |= {term: entry.cost for term, entry in own if group_of(term) == group and len(term) > 1}

    def _find_gaps(self, run: str, lexicon: Mapping[str, int], step: int) -> set[str]:
        """The pairs of characters with which words may begin where the run has no known word: each `step`-th one."""
        groups, start, skipped = set(), 0, 0
        for word in self._cut_han(run, lexicon):
            skipped = skipped + 1 if len(word) == 1 else 0
            if len(word) == 1 and start < len(run) - 1 and (skipped - 1) % step == 0:
                groups.add(run[start : start + 2])
            start += len(word)
        return groups

    def _match(
        self, units: Sequence[Unit], slots: Sequence[Slot], allowed: Documents
    ) -> tuple[Documents, Documents, list[str]]:
        """The allowed documents that have all units, or the most; all scores; the units that not all of them have."""
        scores = np.zeros(self._reader.documents, dtype=np.int64)
        if not units:
            return allowed, scores, []
        for slot in slots:
            postings = self._slot_postings(slot)
            scores[postings.documents] += postings.weights
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
        counts = np.zeros(self._reader.documents, dtype=np.int64)
        for slot in slots:
            counts[self._slot_postings(slot).documents] += 1
        holders: Documents = (counts == len(slots)).astype(np.int64)
        return holders

    def _slot_postings(self, slot: Slot) -> Postings:
        """The documents of any of a slot's terms with the greatest weight; other terms than the first count less."""
        if len(slot) == 1:
            return self._reader.postings(slot[0])
        best = np.full(self._reader.documents, -1, dtype=np.int64)
        for rank, term in enumerate(slot):
            postings = self._reader.postings(term)
            weights = postings.weights * 3 // 4 if rank else postings.weights
            best[postings.documents] = np.maximum(best[postings.documents], weights)
        documents = np.flatnonzero(best >= 0)
        return Postings(documents, best[documents])

    def _find_passages(self, found: Documents, units: Sequence[Unit]) -> Documents:
        """1 for each found document that may have all passages in one piece; a few documents need no telling apart."""
        holders = np.ones(self._reader.documents, dtype=np.int64)
        pairs = {pair: None for unit in units for pair in unit.pairs}
        if len(found) > FEW:
            for pair in pairs:
                is_word = self._reader.entry(pair) is not None
                documents = self._reader.postings(pair).documents if is_word else self._reader.pair_documents(pair)
                holders[np.setdiff1d(np.arange(len(holders)), documents)] = 0
        return holders[found]

    def _has(self, number: int, phrases: Sequence[str]) -> bool:
        """Whether an article's own page has all phrases, white space aside."""
        address = self._reader.record(number)[0]
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
                allowed = np.intersect1d(allowed, self._reader.postings(FACET_PREFIXES[name] + value).documents)
        return allowed

    def _year_range(self, year_from: int | None, year_to: int | None) -> tuple[int, int]:
        spans = [
            (first, end)
            for year, first, end in self._root["years"]
            if (year_from is None or year >= year_from) and (year_to is None or year <= year_to)
        ]
        return (spans[0][0], spans[-1][1]) if spans else (0, 0)

    def _hit(self, number: int, score: float) -> Hit:
        url, title, date, regions, campaigns, paper, summary = self._reader.record(number)
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


def _order(passages: Documents, scores: Documents, sort: str) -> Documents:
    """Places among what was found, which rises from the newest: passages first, by score, the newer first on ties."""
    if sort == "newest":
        return np.arange(len(scores))
    if sort == "oldest":
        return np.arange(len(scores))[::-1]
    return np.lexsort((-scores, 1 - passages))


def _squash(text: str) -> str:
    return "".join(simplify(normalise(text)).split())


def open_index(output: Path) -> SearchIndex:
    """The index of a built site. Raises BrokenIndexError if it has none."""
    return SearchIndex(output / "search-index")
