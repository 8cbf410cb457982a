"""lunr's Builder, counting into arrays: the same fields, boosts and BM25 weights at a hundred times the size."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from lunr.builder import Builder
from lunr.index import Index
from lunr.tokenizer import Tokenizer

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
WEIGHT_DECIMALS = 3  # as lunr rounds


class FieldCounts:
    """How often each term stands in one field of each document: three columns of equal length."""

    def __init__(self) -> None:
        self.terms = array("i")
        self.documents = array("i")
        self.counts = array("i")
        self.lengths = array("i")  # words of the field, one entry a document


@dataclass(frozen=True)
class Postings:
    """The whole index: term i of `terms`, in order, has documents[starts[i]:starts[i + 1]] with their weights."""

    terms: list[str]
    starts: Ints
    documents: Ints
    weights: Floats
    document_count: int


class ArrayBuilder(Builder):
    """A lunr Builder whose fields are lists of words already cut, for archives of any size.

    `build()` gives the real lunr.Index, for small archives and for tests; `weigh()` gives the same weights as
    arrays. Pipelines are not supported: the segmenter has done that work.
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, int] = {}
        self._refs: list[str] = []
        self._boosts = array("d")
        self._columns: dict[str, FieldCounts] = {}

    def add(self, doc: Mapping[str, Any], attributes: Mapping[str, Any] | None = None) -> None:
        """Count a document; a field may be text, which lunr's tokenizer cuts, a list of words or a Counter of them."""
        number = len(self._refs)
        self._refs.append(str(doc[self._ref]))
        self._boosts.append((attributes or {}).get("boost", 1))
        for name, field in self._fields.items():
            value = doc[name] if field.extractor is None else field.extractor(doc)
            if isinstance(value, str):
                value = [str(token) for token in Tokenizer(value)]
            column = self._columns.setdefault(name, FieldCounts())
            counts = value if isinstance(value, Counter) else Counter(value)
            column.terms.extend(self._numbers.setdefault(word, len(self._numbers)) for word in counts)
            column.counts.extend(counts.values())
            column.documents.extend([number] * len(counts))
            column.lengths.append(counts.total())

    def build(self) -> Index:
        """The lunr.Index of everything added, equal to what lunr's own Builder makes of the same words."""
        plain = Builder()
        plain.ref(self._ref)
        plain.b(self._b)
        plain.k1(self._k1)
        words = list(self._numbers)
        for name, field in self._fields.items():
            plain.field(name, field.boost)
        documents: list[dict[str, Any]] = [{self._ref: ref} for ref in self._refs]
        for name, column in self._columns.items():
            for document in documents:
                document[name] = []
            for term, number, count in zip(column.terms, column.documents, column.counts, strict=True):
                documents[number][name] += [words[term]] * count
        for document, boost in zip(documents, self._boosts, strict=True):
            plain.add(document, {"boost": boost})
        index: Index = plain.build()
        return index

    def weigh(self, fields: Sequence[str] | None = None) -> Postings:
        """lunr's weights of every term in every document, summed over `fields` (all if None), terms sorted.

        A weight is idf * (k1 + 1) * tf / (k1 * (1 - b + b * length / average length) + tf) * boost, rounded to
        three decimals a field (lunr.builder.Builder._create_field_vectors); a query of n terms scores a document
        with the sum of their weights over the square root of n (lunr.vector.Vector.similarity).
        """
        documents = len(self._refs)
        idf = self._inverse_document_frequencies()
        words = sorted(self._numbers)
        rank = np.empty(len(words), dtype=np.int64)
        rank[[self._numbers[word] for word in words]] = np.arange(len(words))
        keys, weights = [], []
        for name in fields or list(self._columns):
            column = self._columns[name]
            term, number = _column(column.terms), _column(column.documents)
            count, length = _column(column.counts), _column(column.lengths)
            average = length.mean() if len(length) else 1.0
            norm = self._k1 * (1 - self._b + self._b * length / max(average, 1e-9))
            weight = idf[term] * (self._k1 + 1) * count / (norm[number] + count)
            weight *= self._fields[name].boost * np.asarray(self._boosts)[number]
            keys.append(rank[term] * documents + number)
            weights.append(np.round(weight, WEIGHT_DECIMALS))
        return _sum_up(words, np.concatenate(keys), np.concatenate(weights), documents)

    def _inverse_document_frequencies(self) -> Floats:
        # lunr counts a document once for each field that has the term (lunr.idf).
        frequency = np.zeros(len(self._numbers))
        for column in self._columns.values():
            frequency += np.bincount(_column(column.terms), minlength=len(self._numbers))
        return np.log1p(np.abs((len(self._refs) - frequency + 0.5) / (frequency + 0.5)))


def make_builder(field_boosts: Mapping[str, float]) -> ArrayBuilder:
    """A builder with the given fields, whose documents are known by `ref`."""
    builder = ArrayBuilder()
    builder.ref("ref")
    for name, boost in field_boosts.items():
        builder.field(name, boost)
    return builder


def _column(values: array[int]) -> Ints:
    return np.frombuffer(values, dtype=np.int32).astype(np.int64) if len(values) else np.zeros(0, dtype=np.int64)


def _sum_up(words: list[str], keys: Ints, weights: Floats, documents: int) -> Postings:
    """Add the weights of equal (term, document) keys; terms without postings are left out."""
    order = np.argsort(keys, kind="stable")
    keys, weights = keys[order], weights[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    keys = keys[first]
    summed = np.add.reduceat(weights, first) if len(first) else np.zeros(0)
    term = keys // max(documents, 1)
    counts = np.bincount(term, minlength=len(words))
    present = np.flatnonzero(counts)
    return Postings(
        terms=[words[index] for index in present],
        starts=np.concatenate(([0], np.cumsum(counts[present]))).astype(np.int64),
        documents=keys % max(documents, 1),
        weights=summed,
        document_count=documents,
    )
