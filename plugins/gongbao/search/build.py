"""From articles to the index on disk."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from itertools import chain, groupby, islice
from pathlib import Path

import numpy as np

from gongbao.article import Article, Lists
from gongbao.search.columns import COLUMNS_FILE, encode_columns
from gongbao.search.counts import Batch, count_batch
from gongbao.search.documents import FIELD_BOOSTS, Document, make_document, own_words
from gongbao.search.index import make_builder
from gongbao.search.segment import LONGEST_PIECE, PIECE_COST, Segmenter
from gongbao.search.slices import SliceWriter, Years, facet_postings
from gongbao.search.suggest import suggestion_files
from gongbao.search.variants import simplified_of, simplify
from gongbao.text import normalise

LUNR_JSON = "lunr.json"
BATCH_DOCUMENTS = 500
LEAST_BATCHES = 3
NO_PAIRS = np.zeros(0, dtype=np.uint32)
BATCHES_AHEAD = 4  # waiting for a process: texts are held only of these


@cache
def make_segmenter(words: frozenset[str]) -> Segmenter:
    """The segmenter with an archive's own words; a process makes it once."""
    return Segmenter(words)


def build_index(
    texts: Sequence[tuple[Article, Iterable[str]]], lists: Lists, folder: Path, *, lunr_json: bool = False
) -> str:
    """Index articles, given newest first with their paragraphs, into a folder; returns the version written.

    With `lunr_json` the whole index is written as lunr.json too, for other lunr clients.
    """
    documents = (make_document(article, paragraphs, lists.regions) for article, paragraphs in texts)
    return write_index(documents, years_of([article for article, _ in texts]), lists, folder, lunr_json=lunr_json)


def write_index(
    documents: Iterable[Document], years: Sequence[Years], lists: Lists, folder: Path, *, lunr_json: bool = False
) -> str:
    """Weigh documents as lunr does and write the slices; returns the version written."""
    rest = iter(documents)
    batches = iter(lambda: list(islice(rest, BATCH_DOCUMENTS)), [])
    first = list(islice(batches, LEAST_BATCHES))
    with make_executor(is_large=len(first) == LEAST_BATCHES) as executor:
        return _write_index(chain(first, batches), years, lists, folder, executor, lunr_json=lunr_json)


def _write_index(
    batches: Iterable[Sequence[Document]],
    years: Sequence[Years],
    lists: Lists,
    folder: Path,
    executor: Executor,
    *,
    lunr_json: bool,
) -> str:
    words = frozenset(own_words(lists.vocabulary, lists.regions))
    segmenter = make_segmenter(words)
    builder = make_builder(FIELD_BOOSTS)
    facets, records, pairs, holders = [], [], [], []
    for batch, counts in count_batches(batches, words, executor):
        pairs.append(counts.pairs)
        holders.append(counts.holders + builder.document_count)
        builder.add_counts([document.ref for document in batch], counts.fields)
        facets += [document.facets for document in batch]
        records += [document.record for document in batch]
    writer = SliceWriter(len(records), segmenter.cost)
    writer.write_terms(facet_postings(facets), builder)
    suggestions = executor.submit(_suggest, writer.frequencies, words)
    writer.write_pairs(np.concatenate(pairs or [NO_PAIRS]), np.concatenate(holders or [NO_PAIRS.astype(np.int32)]))
    writer.write_documents(records)
    writer.write_variants(simplified_of())
    writer.files[COLUMNS_FILE] = encode_columns(facets, lists)
    writer.write_root(
        years=[[row.year, row.first, row.end] for row in years],
        synonyms=[[simplify(normalise(word)) for word in group] for group in lists.vocabulary.synonyms],
        rareCost=segmenter.rare_cost,
        pieceCost=PIECE_COST,
        longestPiece=LONGEST_PIECE,
    )
    writer.files |= suggestions.result()
    version = writer.save(folder)
    if lunr_json and records:
        index = json.dumps(builder.build().serialize(), ensure_ascii=False)
        (folder / LUNR_JSON).write_text(index, encoding="utf-8")
    return version


def make_executor(*, is_large: bool) -> Executor:
    """As many processes as there are processors; for a few articles one thread, which is ready sooner."""
    return ProcessPoolExecutor(os.cpu_count()) if is_large else ThreadPoolExecutor(1)


def count_batches(
    batches: Iterable[Sequence[Document]], words: frozenset[str], executor: Executor
) -> Iterator[tuple[Sequence[Document], Batch]]:
    """Count documents batch by batch, in order."""
    waiting = deque[tuple[Sequence[Document], Future[Batch]]]()
    for batch in batches:
        waiting.append((batch, executor.submit(_count, words, _texts(batch))))
        if len(waiting) > BATCHES_AHEAD:
            counted, future = waiting.popleft()
            yield counted, future.result()
    for counted, future in waiting:
        yield counted, future.result()


def _suggest(frequencies: dict[str, int], words: frozenset[str]) -> dict[str, bytes]:
    segmenter = make_segmenter(words)
    return suggestion_files(frequencies, segmenter.own_words, segmenter.cost)


def _texts(batch: Sequence[Document]) -> dict[str, list[str]]:
    return {field: [document.texts[field] for document in batch] for field in FIELD_BOOSTS}


def _count(words: frozenset[str], texts: dict[str, list[str]]) -> Batch:
    return count_batch(texts, make_segmenter(words))


def years_of(articles: Sequence[Article]) -> list[Years]:
    """Which documents each year has, given the articles in the documents' order."""
    years, first = [], 0
    for year, group in groupby(articles, key=lambda article: article.year):
        end = first + len(list(group))
        years.append(Years(year, first, end))
        first = end
    return years
