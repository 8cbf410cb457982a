"""From stories to the index on disk.

Documents are counted in groups, side by side, and a group's counts are kept by the hash of its texts. What was merged
and encoded of all of them is kept too, and a few changed articles are patched into it (standing.py). Weights depend on
all documents; those that are written are computed at each build.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import numpy as np

from gongbao.article import Article, Lists
from gongbao.cache import Cache, hash_parts
from gongbao.chunks import cut_chunks
from gongbao.folding import traditional_forms
from gongbao.regions import RegionTable, load_regions
from gongbao.search.coding import encode_json
from gongbao.search.columns import COLUMNS_FILE, encode_columns
from gongbao.search.counts import Batch, count_batch
from gongbao.search.documents import FIELD_BOOSTS, Text, make_document, own_words
from gongbao.search.index import ArrayBuilder, Weighed, make_builder
from gongbao.search.lexicon import Lexicon, find_syllables, make_segmenter
from gongbao.search.merged import GONE
from gongbao.search.packed import Encoded, Packed, Packer, encode_plain
from gongbao.search.pairs import Pairs, PatchedPairs
from gongbao.search.related import (
    Comparison,
    Likeness,
    compare,
    compare_again,
    most_holders,
    patch_vectors,
    weightiest_words,
)
from gongbao.search.segment import LONGEST_PIECE, PIECE_COST
from gongbao.search.slices import SliceWriter, Years, facet_postings
from gongbao.search.standing import Kept, Patches, Shelf, Standing, patch_pieces
from gongbao.search.store import LastIndex
from gongbao.search.suggest import Frequencies, choose_characters, choose_words, suggestion_files
from gongbao.search.variants import simplify
from gongbao.text import normalise
from gongbao.workers import MapParts, map_beside, map_here, map_ordered, release_memory, run_beside

LUNR_JSON = "lunr.json"
Part = TypeVar("Part")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Group:
    """Some texts, with their numbers among all documents, in rising order."""

    numbers: Sequence[int]
    texts: Sequence[Text]


@dataclass(frozen=True)
class Counted:
    """What the index needs of a group: for each document its facets and its record, and the counts of all."""

    facets: list[tuple[str, ...]]
    records: list[bytes]  # as JSON
    batch: Batch


@dataclass
class Workshop:
    """Where an index is built: what was counted before, and what counts the rest."""

    kept: Cache | None = None
    counting: str = ""  # the hash of all that counts depend on besides the texts
    make_executor: Callable[[], Executor] | None = None  # of a cluster; without one, processes of this machine
    last: Path | None = None  # the folder of the last index

    @property
    def shelf(self) -> Shelf | None:
        """Where it is kept what an index was made of."""
        return Shelf(self.kept, self._name("standing")) if self.kept else None

    @property
    def index_name(self) -> str:
        """Under which it is kept what files the last index has."""
        return self._name("index")

    def names_of(self, texts: Sequence[Text]) -> set[str]:
        """All that is kept of an archive of these texts."""
        own = {self._name("standing"), self.index_name, self.lexicon_name, self.phrases_name}
        return own | {self.name_of(group) for group in group_texts(texts)}

    @property
    def phrases_name(self) -> str:
        """The name of the parted headlines."""
        return self._name("phrases")

    @property
    def lexicon_name(self) -> str:
        """What dictionaries say depends on their versions and the archive's own words, which `counting` has."""
        return self._name("lexicon")

    def _name(self, kind: str) -> str:
        return f"{kind}/{self.counting or 'none'}"

    def map_parts(self, function: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
        """What a function makes of each part, in order; processes of this machine have the parts already."""
        if self.make_executor is None:
            yield from map_beside(lambda number: function(parts[number]), len(parts))
            return
        with self.make_executor() as executor:
            yield from (result for _, result in map_ordered(executor, function, parts))

    def name_of(self, group: Group) -> str:
        """A group's name in the cache."""
        return f"counts/{hash_parts((self.counting, *(text.digest for text in group.texts)))}"

    def has(self, group: Group) -> bool:
        """Whether it was counted before."""
        return self.kept is not None and self.kept.has(self.name_of(group))

    def load(self, group: Group) -> Counted | None:
        """What was counted before, if it was."""
        data = self.kept.read(self.name_of(group)) if self.kept else None
        return pickle.loads(data) if data else None


@dataclass(frozen=True)
class Counting:
    """All texts counted, each word by word or by patching the last index: `builder` knows all lengths in both cases."""

    articles: Sequence[Article]
    builder: ArrayBuilder
    standing: Standing  # what to keep of it
    pairs: Pairs | PatchedPairs
    patches: Patches | None = None
    last: Standing | None = None  # what is patched

    @property
    def document_count(self) -> int:
        """How many texts there are."""
        return len(self.articles)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether the next build should patch this and not what this one patched."""
        return self.patches is None or self.patches.are_worth_keeping

    def weighable(self, tells: Callable[[str], bool], most: int) -> Weighed:
        """As ArrayBuilder.weighable."""
        if self.patches is None:
            return self.builder.weighable(tells, most)
        return self.patches.weighable(self.builder, tells, most)

    def relate(self, shelf: Shelf | None, map_parts: MapParts = map_here) -> list[Likeness]:
        """The documents most like each document; what they are compared by is kept on a shelf, if there is one.

        `map_parts` is called where all have to be compared.
        """
        if not self.articles:
            return []
        averages = {name: self.builder.average_length(name, steady=True) for name in self.builder.field_names}
        comparison = self._patch_comparison(shelf, averages) or self._compare_all(map_parts)
        if shelf and self.is_worth_keeping:
            shelf.keep_comparison(self.standing, comparison, averages)
        return comparison.found

    def _compare_all(self, map_parts: MapParts) -> Comparison:
        vectors = weightiest_words(self.weighable, self.document_count)
        return Comparison(vectors, list(compare(vectors, np.arange(self.document_count), map_parts)))

    def _patch_comparison(self, shelf: Shelf | None, averages: Mapping[str, float]) -> Comparison | None:
        """The last one, but for documents that are new or have one of the words that changed."""
        if not (shelf and self.last and self.patches) or self.patches.renumbered:
            return None
        last = shelf.load_comparison(self.last, averages)
        if last is None:
            return None
        touched = self.patches.touched(self.document_count, most_holders(self.document_count))
        touched |= np.array([old != new for old, new in zip(self.last.keys, self.standing.keys, strict=True)])
        weigh = partial(self.patches.weighable, self.builder, only=touched)
        vectors, again = patch_vectors(last.vectors, touched, weightiest_words(weigh, self.document_count))
        return compare_again(last, vectors, again)

    def encode(self, packer: Packer, shelf: Shelf | None) -> Iterator[Encoded]:
        """The postings of all words, piece by piece; the pieces are kept on a shelf, if there is one."""
        pieces = self._pieces(packer)

        def encode(number: int) -> Encoded:
            packed = pieces[number]()
            if shelf:
                shelf.keep_piece(self.standing, number, packed)
            return packed.encoded

        if self.patches and not self.patches.renumbered:  # sooner done than sent from process to process
            yield from map(encode, range(len(pieces)))
        else:
            yield from map_beside(encode, len(pieces))

    def _pieces(self, packer: Packer) -> list[Callable[[], Packed]]:
        """What makes each piece."""
        if self.patches is None:
            return [partial(packer.pack_part, part) for part in self.builder.parts()]
        if self.patches.renumbered:
            return [partial(packer.pack, patched.merged) for _, patched in self.patches.pieces]
        return [partial(packer.repack, last, patched) for last, patched in self.patches.pieces]


def build_index(
    texts: Sequence[Text], lists: Lists, folder: Path, *, workshop: Workshop | None = None, lunr_json: bool = False
) -> str:
    """Index texts, given newest first, into a folder; returns the version written.

    With `lunr_json` the whole index is written as lunr.json too, for other lunr clients.
    """
    workshop = workshop or Workshop()
    counting = count_texts(texts, lists, workshop, whole=lunr_json)
    return write_index(counting, lists, folder, workshop, lunr_json=lunr_json)


def count_texts(texts: Sequence[Text], lists: Lists, workshop: Workshop, *, whole: bool = False) -> Counting:
    """Count texts, given newest first: a few that changed since the last index, or those groups that nobody counted.

    `whole` is for who needs more of the words than an index does.
    """
    words = frozenset(own_words(lists.vocabulary, lists.regions))
    builder = make_builder(FIELD_BOOSTS, make_segmenter(words).lattice)
    builder.add_refs([text.article.address for text in texts])
    keys = [text.digest for text in texts]  # which its address goes into
    last = workshop.shelf.load(keys) if workshop.shelf and not whole else None
    if last is None:
        return _count_all(texts, keys, builder, words, workshop)
    return _count_new(texts, keys, builder, words, last)


def _count_all(
    texts: Sequence[Text], keys: list[str], builder: ArrayBuilder, words: frozenset[str], workshop: Workshop
) -> Counting:
    facets: list[tuple[str, ...]] = [()] * len(texts)
    records = [b""] * len(texts)
    pairs: list[Pairs] = []
    for group, counted in count_groups(list(group_texts(texts)), words, workshop):
        numbers = np.array(group.numbers, dtype=np.int32)
        builder.add_counts(numbers, counted.batch.fields)
        pairs.append(Pairs(counted.batch.pairs, numbers[counted.batch.holders]))
        for number, own, record in zip(group.numbers, counted.facets, counted.records, strict=True):
            facets[number], records[number] = own, record
    builder.rank_terms()  # once, for all processes that begin from here
    release_memory()
    standing = Standing(keys, builder.lengths(), facets, records)
    return Counting([text.article for text in texts], builder, standing, Pairs.join(pairs))


def _count_new(
    texts: Sequence[Text],
    keys: list[str],
    builder: ArrayBuilder,
    words: frozenset[str],
    last: Kept,
) -> Counting:
    """Count those texts that the last index doesn't have, and patch its postings."""
    standing, numbers = last.standing, last.numbers
    old = np.flatnonzero(numbers != GONE)
    left = numbers[old]
    new = np.setdiff1d(np.arange(len(texts)), left)
    counted = count_group([texts[number] for number in new.tolist()], words)
    facets: list[tuple[str, ...]] = [()] * len(texts)
    records = [b""] * len(texts)
    for places, own, said in (
        (left, [standing.facets[place] for place in old], [standing.records[place] for place in old]),
        (new, counted.facets, counted.records),
    ):
        for number, facet, record in zip(places.tolist(), own, said, strict=True):
            facets[number], records[number] = facet, record
    builder.add_counts(new.astype(np.int32), counted.batch.fields)
    patches = patch_pieces(last.pieces, numbers, builder.merge(), len(texts))
    builder.add_lengths(left.astype(np.int32), {name: lengths[old] for name, lengths in standing.lengths.items()})
    pairs = Pairs(counted.batch.pairs, new[counted.batch.holders].astype(np.int32))
    return Counting(
        [text.article for text in texts],
        builder,
        Standing(keys, builder.lengths(), facets, records),
        PatchedPairs(last.pairs, last.pair_files, numbers, pairs),
        patches,
        standing,
    )


def write_index(counting: Counting, lists: Lists, folder: Path, workshop: Workshop, *, lunr_json: bool = False) -> str:
    """Weigh what was counted and write it into a folder; returns the version written."""
    return encode_index(counting, lists, workshop, lunr_json=lunr_json).save(folder)


@dataclass(frozen=True)
class EncodedIndex:
    """An index whose postings are encoded, with what the rest of it is made of."""

    writer: SliceWriter
    lexicon: Lexicon
    counting: Counting
    lists: Lists
    workshop: Workshop
    lunr_json: bool

    def save(self, folder: Path) -> str:
        """Encode what else there is and write all of it into a folder; returns the version written."""
        writer, lexicon, workshop, counting = self.writer, self.lexicon, self.workshop, self.counting
        facets = counting.standing.facets
        writer.files |= _suggest(writer.frequencies, lexicon, workshop)
        writer.write_documents(counting.standing.records)
        _write_rest(writer, facets, years_of(counting.articles), self.lists, lexicon)
        last = LastIndex.load(workshop.kept, workshop.index_name, workshop.last) if workshop.last else None
        made = writer.save(folder, last)
        lexicon.save(workshop.kept, workshop.lexicon_name)
        made.save(workshop.kept, workshop.index_name)
        if self.lunr_json and counting.articles:
            _write_lunr(counting.builder, folder)
        return made.version


def encode_index(counting: Counting, lists: Lists, workshop: Workshop, *, lunr_json: bool = False) -> EncodedIndex:
    """Weigh what was counted, and encode the postings of words and of pairs: what takes most memory of all."""
    words = frozenset(own_words(lists.vocabulary, lists.regions))
    lexicon = Lexicon.load(workshop.kept, workshop.lexicon_name, words)
    own, count = counting.standing, len(counting.articles)
    writer, packer = SliceWriter(count), Packer(counting.builder, lexicon.costs_of)
    shelf = workshop.shelf if counting.is_worth_keeping else None
    encoded = list(counting.encode(packer, shelf))
    if not lunr_json:
        counting.builder.forget_counts()
        release_memory()
    kept = replace(own, pieces=len(encoded))
    # The rest is done by one process each, so that both processors have something to do.
    make_pairs = partial(_make_pairs, counting.pairs, kept, shelf)
    pairs = run_beside(make_pairs) if counting.is_worth_keeping else make_pairs
    facets = encode_plain(facet_postings(own.facets), count)
    writer.write_terms(facets, encoded, packer.table, counting.builder)
    writer.write_pairs(pairs())  # before others begin: at this moment an archive takes its most memory
    return EncodedIndex(writer, lexicon, counting, lists, workshop, lunr_json)


def _make_pairs(pairs: Pairs | PatchedPairs, standing: Standing, shelf: Shelf | None) -> dict[str, bytes]:
    """The files of pairs; and keep what the index is made of."""
    files = pairs.make_files(len(standing.keys))
    if shelf:
        shelf.keep(standing, pairs.whole, files)
    return files


def _suggest(frequencies: Frequencies, lexicon: Lexicon, workshop: Workshop) -> dict[str, bytes]:
    words = choose_words(frequencies, lexicon.own_words)
    characters = choose_characters(frequencies, lexicon.costs_of)
    lexicon.learn_syllables([*words, *characters], lambda parts: list(workshop.map_parts(find_syllables, parts)))
    return suggestion_files(words, characters, lexicon.syllables)


def _write_rest(
    writer: SliceWriter, facets: Sequence[Sequence[str]], years: Sequence[Years], lists: Lists, lexicon: Lexicon
) -> None:
    writer.write_variants(traditional_forms())
    writer.files[COLUMNS_FILE] = encode_columns(facets, lists)
    writer.write_root(
        years=[[row.year, row.first, row.end] for row in years],
        synonyms=[[simplify(normalise(word)) for word in group] for group in lists.vocabulary.synonyms],
        rareCost=lexicon.rare_cost,
        pieceCost=PIECE_COST,
        longestPiece=LONGEST_PIECE,
    )


def _write_lunr(builder: ArrayBuilder, folder: Path) -> None:
    index = json.dumps(builder.build().serialize(), ensure_ascii=False)
    (folder / LUNR_JSON).write_text(index, encoding="utf-8")


def group_texts(texts: Sequence[Text]) -> Iterator[Group]:
    """Cut the texts into groups by their addresses, so that a new one changes one group."""
    addresses = [text.article.address for text in texts]
    for own in cut_chunks(sorted(range(len(texts)), key=addresses.__getitem__), addresses.__getitem__):
        numbers = sorted(own)
        yield Group(numbers, [texts[number] for number in numbers])


def count_groups(groups: Sequence[Group], words: frozenset[str], workshop: Workshop) -> Iterator[tuple[Group, Counted]]:
    """Each group with its counts, those first that somebody kept."""
    kept = [workshop.has(group) for group in groups]
    missing = [group for group, known in zip(groups, kept, strict=True) if not known]
    make_segmenter(words)  # for the processes too, which begin with all that is here
    named = [(workshop.name_of(one), one) for one in missing]
    for group, known in zip(groups, kept, strict=True):
        if known:
            yield group, workshop.load(group) or count_group(group.texts, words)
    for group, data in zip(missing, workshop.map_parts(_Count(words, workshop.kept), named), strict=True):
        yield group, pickle.loads(data)


@dataclass(frozen=True)
class _Count:
    """Counts a group and keeps the counts, in whatever process; returns them as the bytes that were kept."""

    words: frozenset[str]
    kept: Cache | None

    def __call__(self, named: tuple[str, Group]) -> bytes:
        name, group = named
        data = pickle.dumps(count_group(group.texts, self.words), pickle.HIGHEST_PROTOCOL)
        if self.kept:
            self.kept.write(name, data)
        return data


def count_group(texts: Iterable[Text], words: frozenset[str], regions: RegionTable | None = None) -> Counted:
    """Count the words of some texts."""
    table = regions or load_regions()
    documents = [make_document(text.article, text.paragraphs, table) for text in texts]
    fields: Mapping[str, list[str]] = {name: [document.texts[name] for document in documents] for name in FIELD_BOOSTS}
    return Counted(
        facets=[document.facets for document in documents],
        records=[encode_json(document.record) for document in documents],
        batch=count_batch(fields, make_segmenter(words)),
    )


def years_of(articles: Sequence[Article]) -> list[Years]:
    """Which documents each year has, given the articles in the documents' order."""
    years, first = [], 0
    for year, group in groupby(articles, key=lambda article: article.year):
        end = first + len(list(group))
        years.append(Years(year, first, end))
        first = end
    return years
