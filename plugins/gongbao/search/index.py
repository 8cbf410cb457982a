"""lunr's Builder, counting into arrays: the same fields, boosts and BM25 weights at a hundred times the size."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from lunr.builder import Builder
from lunr.index import Index
from lunr.tokenizer import Tokenizer

from gongbao.search.counts import Counts, sort_places
from gongbao.search.lattice import Lattice
from gongbao.search.merged import Merged
from gongbao.search.terms import NO_LATTICE, Numbering, merge_terms, words_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Small = npt.NDArray[np.int32]
WEIGHT_DECIMALS = 3  # as lunr rounds
# Postings weighed at once. Some 100 bytes of working space each.
PART = 160_000
STEADY_DIGITS = 2
TITLE_FIELD, PLAIN_FIELD = "title", "body"


@dataclass(frozen=True)
class Postings:
    """The whole index: term i of `terms`, in order, has the postings starts[i] to starts[i + 1] - 1.

    A weight is the term's idf times the posting's factor; `title_factors` is 0 where the title doesn't have the term.
    """

    terms: list[str]
    starts: Ints
    frequencies: Ints  # as lunr counts them for the idf: a document counts once for each field that has the term
    documents: Ints
    factors: Floats
    title_factors: Floats
    document_count: int

    @property
    def weights(self) -> Floats:
        """lunr's weight of each posting, summed over the fields."""
        idf = inverse_document_frequencies(self.frequencies, self.document_count)
        return np.repeat(idf, np.diff(self.starts)) * self.factors


def choose_words(words: Sequence[str], frequencies: Ints, tells: Callable[[str], bool], most: int) -> list[int]:
    """The places of the words that `tells` takes and that at least two and at most so many fields of documents have."""
    return [at for at in np.flatnonzero((frequencies > 1) & (frequencies <= most)).tolist() if tells(words[at])]


def inverse_document_frequencies(frequencies: Ints, documents: int) -> Floats:
    """lunr.idf of terms that so many fields of documents have."""
    return np.log1p(np.abs((documents - frequencies + 0.5) / (frequencies + 0.5)))


@dataclass(frozen=True)
class Batch:
    """The counts of one field of a batch: term numbers[i] has the postings starts[i] to starts[i + 1] - 1.

    Posting j is of document among[places[j]]: a place takes a byte, and of postings there are a thousand an article.
    """

    numbers: Small  # in the order of their words
    starts: Small
    among: Small
    places: npt.NDArray[Any]
    counts: npt.NDArray[Any]

    def documents(self, postings: slice | npt.NDArray[np.bool_] = slice(None)) -> Small:
        """The documents of some postings."""
        documents: Small = self.among[self.places[postings]]
        return documents


@dataclass(frozen=True)
class Weighable:
    """Some postings of a field: a term's weight is its idf times the factor."""

    terms: Ints
    documents: Small
    factors: Floats


# Words, sorted, the frequency of each, and their postings in shares: all those of some documents together.
Weighed = tuple[list[str], Ints, Iterator[list[Weighable]]]


class FieldColumns:
    """The counts of one field of all documents, batch by batch; `lengths` has documents and their lengths."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.lengths: list[tuple[Small, Small]] = []


@dataclass(frozen=True)
class CutBatch:
    """A batch whose terms are cut where parts begin: part i has terms cuts[i]:cuts[i + 1].

    Their places among all terms, sorted, are `ranks`; their postings are postings[i]:postings[i + 1].
    """

    batch: Batch
    ranks: Small
    cuts: Small
    postings: Small


@dataclass(frozen=True)
class Part:
    """Consecutive terms to be merged together, with what all parts share."""

    number: int
    words: list[str]
    first: int  # the rank of the first word
    fields: Mapping[str, list[CutBatch]]


class ArrayBuilder(Builder):
    """A lunr Builder whose fields are lists of words already cut, for archives of any size.

    `build()` gives the real lunr.Index, for small archives and for tests; `weigh()` gives the same weights as
    arrays. Pipelines are not supported: the segmenter has done that work. Words of `lattice` come as its numbers.
    """

    def __init__(self, lattice: Lattice = NO_LATTICE) -> None:
        super().__init__()
        self._lattice = lattice
        self._others = Numbering()  # their numbers follow those of the lattice
        self._refs: list[str] = []
        self._boosts = array("d")
        self._columns: dict[str, FieldColumns] = {}
        self._ranked: tuple[list[str], Ints, Small] | None = None
        self._norms: dict[tuple[str, bool], Floats] = {}

    def add(self, doc: Mapping[str, Any], attributes: Mapping[str, Any] | None = None) -> None:
        """Count a document; a field may be text, which lunr's tokenizer cuts, or a list of words."""
        fields = {}
        for name, field in self._fields.items():
            value = doc[name] if field.extractor is None else field.extractor(doc)
            if isinstance(value, str):
                value = [str(token) for token in Tokenizer(value)]
            counts = Counter(value)
            fields[name] = Counts(
                terms=-1 - np.arange(len(counts), dtype=np.int32),
                others=sorted(counts),
                starts=np.arange(len(counts) + 1),
                documents=np.zeros(len(counts), dtype=np.int32),
                counts=np.array([counts[word] for word in sorted(counts)], dtype=np.int32),
                lengths=np.array([counts.total()], dtype=np.int32),
            )
        self.add_refs([str(doc[self._ref])], boost=(attributes or {}).get("boost", 1))
        self.add_counts(np.array([self.document_count - 1], dtype=np.int32), fields)

    def add_refs(self, refs: Sequence[str], *, boost: float = 1) -> None:
        """More documents, numbered on, whose words are to come."""
        self._refs += refs
        self.document_count = len(self._refs)
        self._boosts.extend([boost] * len(refs))

    def add_counts(self, numbers: Small, fields: Mapping[str, Counts]) -> None:
        """Words of documents that are there already, counted: the batch's document i is numbers[i]; these rise."""
        self._ranked = None
        self.add_lengths(numbers, {name: counts.lengths for name, counts in fields.items()})
        for name, counts in fields.items():
            others = np.fromiter(map(self._others.__getitem__, counts.others), np.int32, len(counts.others))
            terms, is_other = counts.terms.copy(), counts.terms < 0
            terms[is_other] = others[-1 - terms[is_other]] + len(self._lattice)
            own = Batch(terms, counts.starts.astype(np.int32), numbers, counts.documents, counts.counts)
            self._columns[name].batches.append(own)

    def add_lengths(self, numbers: Small, fields: Mapping[str, Small]) -> None:
        """How many words each field of some documents has; part of `add_counts`, all that weights need else."""
        self._norms.clear()
        for name, lengths in fields.items():
            self._columns.setdefault(name, FieldColumns()).lengths.append((numbers, lengths))

    def forget_counts(self) -> None:
        """Let go of all words, which are most of its memory; of the documents it still knows the lengths."""
        self._ranked = None
        for column in self._columns.values():
            column.batches.clear()

    def build(self) -> Index:
        """The lunr.Index of everything added, equal to what lunr's own Builder makes of the same words."""
        plain = Builder()
        plain.ref(self._ref)
        plain.b(self._b)
        plain.k1(self._k1)
        words, numbers = self._in_order(np.arange(len(self._lattice) + len(self._others)))
        word_of = dict(zip(numbers.tolist(), words, strict=True))
        for name, field in self._fields.items():
            plain.field(name, field.boost)
        documents: list[dict[str, Any]] = [{self._ref: ref} for ref in self._refs]
        for name, column in self._columns.items():
            for document in documents:
                document[name] = []
            for batch in column.batches:
                terms = np.repeat(batch.numbers, np.diff(batch.starts)).tolist()
                for term, number, count in zip(terms, batch.documents(), batch.counts, strict=True):
                    documents[number][name] += [word_of[term]] * int(count)
        for document, boost in zip(documents, self._boosts, strict=True):
            plain.add(document, {"boost": boost})
        index: Index = plain.build()
        return index

    def weigh(self) -> Postings:
        """lunr's weights of every term in every document, terms sorted."""
        merged = self.merge()
        rows = np.zeros((len(merged.documents), len(self._fields)), dtype=np.int64)
        escaped = merged.counts == 0
        rows[escaped] = merged.escaped
        if PLAIN_FIELD in self._fields:
            rows[~escaped, self.plain_place] = merged.counts[~escaped]
        factors, title_factors = self.factors(merged.documents, rows)
        own = (merged.words, merged.starts, merged.frequencies, merged.documents)
        return Postings(*own, factors, title_factors, self.document_count)

    def merge(self) -> Merged:
        """All postings in one part."""
        (whole,) = self.parts(max(self._size(), 1))
        return self.merge_part(whole)

    def parts(self, size: int = PART) -> list[Part]:
        """All terms, sorted, in parts with about so many postings each; at least one part."""
        words, frequencies, rank = self.rank_terms()
        sums = np.cumsum(frequencies)
        ends = (np.searchsorted(sums, np.arange(size, self._size() + size, size)) + 1).clip(max=len(words))
        bounds = [0, *dict.fromkeys(ends.tolist())] if len(words) else [0, 0]
        fields = {
            name: [_cut_batch(batch, rank, bounds) for batch in column.batches]
            for name, column in self._columns.items()
        }
        return [Part(number, words[first:end], first, fields) for number, (first, end) in enumerate(pairwise(bounds))]

    def norms(self, name: str, *, steady: bool = False) -> Floats:
        """What the length of each document's field adds to its count in the divisor; see `average_length`."""
        if (name, steady) not in self._norms:
            relative = self._lengths_of(name) / max(self.average_length(name, steady=steady), 1e-9)
            self._norms[name, steady] = self._k1 * (1 - self._b + self._b * relative)
        return self._norms[name, steady]

    def average_length(self, name: str, *, steady: bool = False) -> float:
        """The words that a field has in the middle; a `steady` one is rounded, so that an edit leaves it as it is."""
        lengths = self._lengths_of(name)
        average = float(lengths.mean()) if len(lengths) else 1.0
        return float(f"{average:.{STEADY_DIGITS}g}") if steady else average

    def lengths(self) -> dict[str, Small]:
        """How many words each field of each document has."""
        return {name: self._lengths_of(name).astype(np.int32) for name in self._columns}

    def _lengths_of(self, name: str) -> Ints:
        lengths = np.zeros(len(self._refs), dtype=np.int64)
        for numbers, own in self._columns[name].lengths if name in self._columns else ():
            lengths[numbers] = own
        return lengths

    def weighable(self, tells: Callable[[str], bool], most: int) -> Weighed:
        """The words that `choose_words` chooses; of their postings, field by field, the factors are steady."""
        words, frequencies, rank = self.rank_terms()
        kept = choose_words(words, frequencies, tells, most)
        places = np.full(len(words) + 1, -1, dtype=np.int64)  # the last stands for words that no document has
        places[kept] = np.arange(len(kept))
        return [words[at] for at in kept], frequencies[kept], self._weigh_batches(places[rank])

    def _weigh_batches(self, places: Ints) -> Iterator[list[Weighable]]:
        """A batch's documents after the other's; `places` has that of each term, negative where it isn't wanted."""
        for batches in zip(*(column.batches for column in self._columns.values()), strict=True):
            columns = []
            for name, batch in zip(self._columns, batches, strict=True):
                terms = np.repeat(places[batch.numbers], np.diff(batch.starts))
                here = terms >= 0
                documents, counts = batch.documents(here), batch.counts[here]
                factors = self.weigh_field(name, documents, counts, steady=True)
                columns.append(Weighable(terms[here], documents, factors))
            yield columns

    def factor_range(self) -> tuple[float, float]:
        """Bounds of all factors: one word in the longest of the fields, any number in all of them."""
        least = [
            field.boost * (self._k1 + 1) / (self.norms(name).max(initial=1) + 1) for name, field in self._fields.items()
        ]
        return min(least), sum(field.boost for field in self._fields.values()) * (self._k1 + 1)

    @property
    def saturation(self) -> float:
        """lunr's k1."""
        return float(self._k1)

    def rank_terms(self) -> tuple[list[str], Ints, Small]:
        """The words, sorted, the frequency of each, and the place of each term in this order; worked out once."""
        if self._ranked is not None:
            return self._ranked
        frequencies = np.zeros(len(self._lattice) + len(self._others), dtype=np.int64)
        for column in self._columns.values():
            for batch in column.batches:
                frequencies[batch.numbers] += np.diff(batch.starts)
        words, numbers = self._in_order(np.flatnonzero(frequencies))
        rank = np.full(len(frequencies), -1, dtype=np.int32)
        rank[numbers] = np.arange(len(words))
        self._ranked = words, frequencies[numbers], rank
        return self._ranked

    def _in_order(self, numbers: Ints) -> tuple[list[str], Ints]:
        """The words of some terms, sorted, and their terms."""
        known, names = numbers < len(self._lattice), list(self._others)
        others = sorted(names[number - len(self._lattice)] for number in numbers[~known].tolist())
        terms = merge_terms(self._lattice, numbers[known], others)
        words = words_of(self._lattice, terms, others)
        own = np.fromiter(map(self._others.__getitem__, others), np.int64, len(others)) + len(self._lattice)
        terms[terms < 0] = own
        return words, terms

    def _size(self) -> int:
        return sum(len(batch.places) for column in self._columns.values() for batch in column.batches)

    def merge_part(self, part: Part) -> Merged:
        """The postings of a part's terms, merged over the fields."""
        documents, width = max(len(self._refs), 1), len(self._fields)
        taken = [_take_part(part.fields.get(name, ()), part) for name in self._fields] or [_take_part((), part)]
        bits = width.bit_length()
        keys = np.concatenate(
            [(term * documents + number) << bits | place for place, (term, number, _) in enumerate(taken)]
        )
        order = sort_places(keys)
        counts, keys = np.concatenate([count for _, _, count in taken])[order], keys[order]
        fields, keys = keys & ((1 << bits) - 1), keys >> bits
        begins = np.diff(keys, prepend=-1) != 0
        first = np.flatnonzero(begins)  # of the fields that have a term in a document
        is_plain = (np.diff(first, append=len(keys)) == 1) & (fields[first] == self.plain_place)
        of_posting = np.cumsum(begins) - 1
        rows = (np.cumsum(~is_plain) - 1)[of_posting]
        escaped, here = np.zeros((int(np.count_nonzero(~is_plain)), width), dtype=np.int64), ~is_plain[of_posting]
        escaped[rows[here], fields[here]] = counts[here]
        keys = keys[first]
        terms = keys // documents
        return Merged(
            words=part.words,
            starts=np.concatenate(([0], np.cumsum(np.bincount(terms, minlength=len(part.words))))).astype(np.int64),
            documents=keys - terms * documents,
            counts=np.where(is_plain, counts[first], 0).astype(np.int64),
            escaped=escaped,
        )

    def factors(self, documents: Ints, counts: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        """The factor of each posting, given how often each field has its term, and that of the title alone.

        A factor is (k1 + 1) * tf / (norm + tf) * boost with norm = k1 * (1 - b + b * length / average length), summed
        over the fields (lunr.builder.Builder._create_field_vectors); a query of n terms scores a document with the
        sum of their weights over the square root of n (lunr.vector.Vector.similarity).
        """
        whole, title, boosts = np.zeros(len(documents)), np.zeros(len(documents)), np.asarray(self._boosts)
        for place, name in enumerate(self._fields):
            here = np.flatnonzero(counts[:, place])
            there = documents[here]
            factors = self.weigh_field(name, there, counts[here, place].astype(np.int64)) * boosts[there]
            whole[here] += factors
            if name == TITLE_FIELD:
                title[here] = factors
        return whole, title

    def weigh_field(
        self, name: str, documents: npt.NDArray[Any], counts: npt.NDArray[Any], *, steady: bool = False
    ) -> Floats:
        """The factors of one field, but for what documents are boosted."""
        norms = self.norms(name, steady=steady)[documents]
        factors: Floats = (self._k1 + 1) * counts / (norms + counts) * self._fields[name].boost
        return factors

    @property
    def field_names(self) -> list[str]:
        """The fields, in the order of the columns of merged counts."""
        return list(self._fields)

    @property
    def plain_place(self) -> int:
        """The column of PLAIN_FIELD; -1 if there is no such field."""
        return self.field_names.index(PLAIN_FIELD) if PLAIN_FIELD in self._fields else -1


def _cut_batch(batch: Batch, rank: Small, bounds: Sequence[int]) -> CutBatch:
    ranks = rank[batch.numbers]
    cuts = np.searchsorted(ranks, bounds).astype(np.int32)
    return CutBatch(batch, ranks, cuts, batch.starts[cuts])


def _take_part(batches: Sequence[CutBatch], part: Part) -> tuple[Ints, Small, Small]:
    """The postings of a part in all batches: each one's term, counted from the part's first, document and count."""
    here, end = part.number, part.number + 1
    terms, documents, counts = ([np.zeros(0, dtype=np.int32)] for _ in range(3))
    for cut in batches:
        first, last = cut.cuts[here], cut.cuts[end]
        sizes = np.diff(cut.batch.starts[first : last + 1])
        terms.append(np.repeat(cut.ranks[first:last], sizes))
        postings = slice(cut.postings[here], cut.postings[end])
        documents.append(cut.batch.documents(postings))
        counts.append(cut.batch.counts[postings])
    return np.concatenate(terms).astype(np.int64) - part.first, np.concatenate(documents), np.concatenate(counts)


def make_builder(field_boosts: Mapping[str, float], lattice: Lattice = NO_LATTICE) -> ArrayBuilder:
    """A builder with the given fields, whose documents are known by `ref`."""
    builder = ArrayBuilder(lattice)
    builder.ref("ref")
    for name, boost in field_boosts.items():
        builder.field(name, boost)
    return builder
