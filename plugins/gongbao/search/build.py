"""From articles to the index on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from gongbao.article import Article, Lists
from gongbao.search.columns import COLUMNS_FILE, encode_columns
from gongbao.search.documents import FIELD_BOOSTS, Document, make_document, own_words
from gongbao.search.index import ArrayBuilder, Postings, make_builder
from gongbao.search.segment import LONGEST_PIECE, PIECE_COST, Segmenter
from gongbao.search.slices import TITLE_SUFFIX, SliceWriter, Years, facet_postings, merge_postings
from gongbao.search.suggest import suggestion_files
from gongbao.search.variants import simplified_of, simplify
from gongbao.text import normalise

LUNR_JSON = "lunr.json"


@cache
def make_segmenter(lists: Lists) -> Segmenter:
    """The segmenter with an archive's own words."""
    return Segmenter(own_words(lists.vocabulary, lists.regions))


def build_index(
    texts: Sequence[tuple[Article, Iterable[str]]], lists: Lists, folder: Path, *, lunr_json: bool = False
) -> str:
    """Index articles, given newest first with their paragraphs, into a folder; returns the version written.

    With `lunr_json` the whole index is written as lunr.json too, for other lunr clients.
    """
    segmenter = make_segmenter(lists)
    documents = (make_document(article, paragraphs, segmenter, lists.regions) for article, paragraphs in texts)
    return write_index(documents, years_of([article for article, _ in texts]), lists, folder, lunr_json=lunr_json)


def write_index(
    documents: Iterable[Document], years: Sequence[Years], lists: Lists, folder: Path, *, lunr_json: bool = False
) -> str:
    """Weigh documents as lunr does and write the slices; returns the version written."""
    segmenter = make_segmenter(lists)
    builder = make_builder(FIELD_BOOSTS)
    facets, records = [], []
    for document in documents:  # one at a time: the words of all would be ten times the arrays
        builder.add({"ref": document.ref, **document.fields})
        facets.append(document.facets)
        records.append(document.record)
    parts = [facet_postings(facets)]
    if records:
        parts += [builder.weigh(), _title_postings(builder)]
    postings = merge_postings(parts)
    writer = SliceWriter(postings, segmenter.cost)
    writer.write_terms()
    writer.write_documents(records)
    writer.files[COLUMNS_FILE] = encode_columns(facets, lists)
    writer.write_variants(simplified_of())
    writer.files |= suggestion_files(postings, segmenter.own_words, segmenter.cost)
    writer.write_root(
        years,
        [[simplify(normalise(word)) for word in group] for group in lists.vocabulary.synonyms],
        rare_cost=segmenter.rare_cost,
        piece_cost=PIECE_COST,
        longest_piece=LONGEST_PIECE,
    )
    version = writer.save(folder)
    if lunr_json and records:
        index = json.dumps(builder.build().serialize(), ensure_ascii=False)
        (folder / LUNR_JSON).write_text(index, encoding="utf-8")
    return version


def years_of(articles: Sequence[Article]) -> list[Years]:
    """Which documents each year has, given the articles in the documents' order."""
    years, first = [], 0
    for year, group in groupby(articles, key=lambda article: article.year):
        end = first + len(list(group))
        years.append(Years(year, first, end))
        first = end
    return years


def _title_postings(builder: ArrayBuilder) -> Postings:
    postings = builder.weigh(["title"])
    terms = [term + TITLE_SUFFIX for term in postings.terms]
    return Postings(terms, postings.starts, postings.documents, postings.weights, postings.document_count)
