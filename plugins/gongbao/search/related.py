"""Which articles tell of the same: those whose weightiest words, by the index's own weights, are the same.

An article is taken as its few weightiest words, each weighing what a search for it would add to the article's score
(lunr's BM25; but average lengths are rounded, so that an edit changes the vectors only of articles that have one of its
words). How much two articles have in common is the cosine of these vectors. Whole numbers throughout, so that every
machine comes to the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gongbao.search.counts import sort_places
from gongbao.search.index import Floats, Weighable, Weighed, inverse_document_frequencies
from gongbao.search.merged import Flags, merge_words
from gongbao.workers import MapParts, map_here

Ints = npt.NDArray[np.int64]
WORDS = 24  # the weightiest of an article: more change little and cost their square
MOST_HOLDERS = 200  # a word that more articles have says little of what one is about; bounds the work
UNIT = 1000  # the length of an article's vector
LEAST_LIKENESS = UNIT * UNIT // 8  # cosine 0.125: below, the words in common are chance
MOST_RELATED = 4
LEAST_SHOWN, MOST_SHOWN = 2, 3  # words: one alone, such as 县总工会, is no common subject
DOCUMENTS_AT_ONCE = 500


class Likeness(NamedTuple):
    """Document `number` and another one like it, the most alike first; `words` are those that weigh most in both."""

    number: int
    other: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Vectors:
    """Each row is a word of a document: `weights[i]` of `terms[i]` in `documents[i]`, ordered by document."""

    words: list[str]
    terms: Ints
    documents: Ints
    weights: Ints


@dataclass(frozen=True)
class Comparison:
    """What documents were compared by, and the likenesses that they were found to have, in the documents' order."""

    vectors: Vectors
    found: list[Likeness]


def compare(vectors: Vectors, documents: Ints, map_parts: MapParts = map_here) -> Iterator[Likeness]:
    """The documents most like each of some documents, whose numbers rise; `map_parts` compares some after the other."""
    by_term = np.argsort(vectors.terms, kind="stable")
    starts = np.searchsorted(vectors.terms[by_term], np.arange(len(vectors.words) + 1))
    firsts = np.searchsorted(vectors.documents, documents)
    ends = np.searchsorted(vectors.documents, documents, side="right")

    def compare_part(number: int) -> list[Likeness]:
        few = slice(number * DOCUMENTS_AT_ONCE, (number + 1) * DOCUMENTS_AT_ONCE)
        return list(_compare(vectors, expand(firsts[few], ends[few] - firsts[few]), by_term, starts))

    for own in map_parts(compare_part, -(-len(documents) // DOCUMENTS_AT_ONCE)):
        yield from own


def compare_again(last: Comparison, vectors: Vectors, again: Flags) -> Comparison:
    """The same of all documents, of which those that aren't flagged are like the same ones as they were last."""
    found = [one for one in last.found if not again[one.number]]
    found += compare(vectors, np.flatnonzero(again))
    return Comparison(vectors, sorted(found, key=attrgetter("number")))


def expand(firsts: Ints, sizes: Ints) -> Ints:
    """The numbers of ranges one after another, given where each begins and how long it is."""
    shifts = firsts - np.cumsum(sizes) + sizes
    return np.arange(sizes.sum()) + np.repeat(shifts, sizes)


def weightiest_words(weigh: Callable[[Callable[[str], bool], int], Weighed], documents: int) -> Vectors:
    """The vectors, each of length UNIT, of those documents that `weigh`, as ArrayBuilder.weighable, gives.

    There are so many documents in all.
    """
    words, frequencies, shares = weigh(tells, most_holders(documents))
    idf = inverse_document_frequencies(frequencies, documents)
    no = np.zeros(0, dtype=np.int64)
    parts = [(no, no), *(_weightiest(columns, idf) for columns in shares)]
    keys, weights = (np.concatenate(own) for own in zip(*parts, strict=True))
    order = sort_places(keys)
    holders, terms = np.divmod(keys[order], max(len(words), 1))
    return Vectors(words, terms, holders, weights[order])


def _weightiest(columns: list[Weighable], idf: Floats) -> tuple[Ints, Ints]:
    """The vectors of some documents: keys, a document's number times that of all words, plus the word's; and weights.

    All postings of these documents are in the columns.
    """
    keys = np.concatenate([column.documents.astype(np.int64) * len(idf) + column.terms for column in columns])
    weights = np.concatenate([idf[column.terms] * column.factors for column in columns])
    order = sort_places(keys)
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    summed, keys = np.add.reduceat(weights[order], first) if len(first) else weights, keys[first]
    documents = keys // max(len(idf), 1)
    kept = _first_of_each(documents, np.round(summed * UNIT).astype(np.int64), WORDS)
    keys, summed = keys[kept], summed[kept]
    rows = np.cumsum(np.diff(documents[kept], prepend=-1) != 0) - 1
    lengths = np.sqrt(np.bincount(rows, summed**2))
    return keys, np.round(summed / lengths[rows] * UNIT).astype(np.int64)


def _first_of_each(groups: Ints, values: Ints, most: int) -> Ints:
    """The places of the greatest values of each group, the earlier first among equals; groups rise, so do places."""
    order = sort_places(groups * (int(values.max(initial=0)) + 1) + values.max(initial=0) - values)
    rank = np.arange(len(order)) - np.searchsorted(groups, groups)
    return np.sort(order[rank < most])


def most_holders(documents: int) -> int:
    """Of how many fields of documents a word may be and still tell what one of so many documents is about."""
    return min(MOST_HOLDERS, max(2, documents // 4))


def patch_vectors(last: Vectors, documents: Flags, new: Vectors) -> tuple[Vectors, Flags]:
    """Vectors with those of some `documents` taken out and `new` ones put in their place.

    Flagged are the documents whose likenesses may be other ones now: whose vectors changed, or have a word in which
    another one did.
    """
    words, old_ranks, new_ranks = merge_words(last.words, new.words)
    went, old_terms, new_terms = documents[last.documents], old_ranks[last.terms], new_ranks[new.terms]
    old_keys = last.documents * max(len(words), 1) + old_terms
    new_keys = new.documents * max(len(words), 1) + new_terms
    # No weight is greater than UNIT.
    old, now = old_keys[went] * (UNIT + 1) + last.weights[went], new_keys * (UNIT + 1) + new.weights
    holders, changed = np.divmod(np.setxor1d(old, now, assume_unique=True) // (UNIT + 1), max(len(words), 1))
    order = sort_places(keys := np.concatenate((old_keys[~went], new_keys)))
    own, terms = np.divmod(keys[order], max(len(words), 1))
    again, is_changed = np.zeros(len(documents), dtype=np.bool_), np.zeros(len(words), dtype=np.bool_)
    again[holders], is_changed[changed] = True, True
    again[own[is_changed[terms]]] = True
    return Vectors(words, terms, own, np.concatenate((last.weights[~went], new.weights))[order]), again


def tells(word: str) -> bool:
    """Whether a word says what a text is about: single ideographs and bare numbers don't."""
    return len(word) > 1 and not word.isnumeric()


def _compare(vectors: Vectors, rows: Ints, by_term: Ints, starts: Ints) -> Iterator[Likeness]:
    """The likenesses of the documents of some rows."""
    terms, documents, weights = vectors.terms[rows], vectors.documents[rows], vectors.weights[rows]
    sizes = starts[terms + 1] - starts[terms]
    row = np.repeat(np.arange(len(terms)), sizes)
    meeting = by_term[expand(starts[terms], sizes)]
    others = vectors.documents[meeting]
    apart = others != documents[row]
    row, meeting, others = row[apart], meeting[apart], others[apart]
    products = weights[row] * vectors.weights[meeting]
    count = max(int(vectors.documents.max(initial=0)) + 1, 1)
    pairs = documents[row] * count + others
    by_pair = sort_places(pairs)
    first = np.flatnonzero(np.diff(pairs[by_pair], prepend=-1))
    ends = np.append(first[1:], len(by_pair))
    likeness = np.add.reduceat(products[by_pair], first) if len(first) else products
    own, other = np.divmod(pairs[by_pair][first], count)
    order = np.lexsort((other, -likeness, own))
    rank = np.arange(len(order)) - np.searchsorted(own, own)
    tells = (likeness >= LEAST_LIKENESS) & (ends - first >= LEAST_SHOWN)
    chosen = order[(rank < MOST_RELATED) & tells[order]]
    sizes = ends[chosen] - first[chosen]
    shared = by_pair[expand(first[chosen], sizes)]
    shared_terms = terms[row[shared]]
    weightiest = np.lexsort((shared_terms, -products[shared], np.repeat(np.arange(len(chosen)), sizes)))
    said = iter(shared_terms[weightiest].tolist())
    for number, like, size in zip(own[chosen].tolist(), other[chosen].tolist(), sizes.tolist(), strict=True):
        words = _longest([vectors.words[term] for term in islice(said, size)])
        if len(words) >= LEAST_SHOWN:
            yield Likeness(number, like, tuple(words))


def _longest(words: Iterable[str]) -> list[str]:
    """The first few words; of those that lie in one another the longest, as the index has 工会 and 总工会 both."""
    shown: list[str] = []
    for word in words:
        if any(word in other for other in shown):
            continue
        within = [place for place, other in enumerate(shown) if other in word]
        if within:
            shown[within[0]] = word
        elif len(shown) < MOST_SHOWN:
            shown.append(word)
    return list(dict.fromkeys(shown))
