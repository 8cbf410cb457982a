"""lunr's own Builder and Index are the oracle: same words, same weights, same order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gongbao.search.index import make_builder
from gongbao.search.slices import (
    BLOCK,
    encode_varint,
    encode_varints,
    facet_postings,
    merge_postings,
    quantise,
    weight_table,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lunr.builder import Builder
from lunr.index import Index
from lunr.query import QueryPresence

FIELDS = {"title": 8, "body": 1}
WORDS = "abcdefgh"
documents = st.lists(
    st.fixed_dictionaries({name: st.lists(st.sampled_from(WORDS), max_size=12) for name in FIELDS}),
    min_size=1,
    max_size=12,
)


def lunr_index(docs: Sequence[dict[str, list[str]]]) -> Index:
    builder = Builder()
    builder.ref("ref")
    for name, boost in FIELDS.items():
        builder.field(name, boost)
    for number, doc in enumerate(docs):
        builder.add({"ref": number, **doc})
    return builder.build()


def ask_lunr(index: Index, words: Sequence[str]) -> dict[int, float]:
    query = index.create_query()
    for word in words:
        query.term(word, presence=QueryPresence.REQUIRED, use_pipeline=False)
    return {int(hit["ref"]): hit["score"] for hit in index.query(query)}


@settings(max_examples=150, deadline=None)
@given(docs=documents, words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
def test_weights_sum_to_lunrs_scores(docs: list[dict[str, list[str]]], words: list[str]) -> None:
    if not any(doc[name] for doc in docs for name in FIELDS) or not all(any(doc[n] for doc in docs) for n in FIELDS):
        return  # lunr divides by the average length of a field
    builder = make_builder(FIELDS)
    for number, doc in enumerate(docs):
        builder.add({"ref": number, **doc})
    postings = builder.weigh()
    spans = {term: (postings.starts[i], postings.starts[i + 1]) for i, term in enumerate(postings.terms)}
    scores: dict[int, float] = {}
    holders = [set(postings.documents[slice(*spans[word])].tolist()) if word in spans else set[int]() for word in words]
    for word in words:
        if word in spans:
            at = slice(*spans[word])
            for document, weight in zip(postings.documents[at], postings.weights[at], strict=True):
                scores[int(document)] = scores.get(int(document), 0) + weight
    ours = {document: scores[document] / math.sqrt(len(words)) for document in set.intersection(*holders)}
    assert ours == pytest.approx(ask_lunr(lunr_index(docs), words), abs=0.002)


@settings(max_examples=50, deadline=None)
@given(docs=documents, word=st.sampled_from(WORDS))
def test_build_gives_the_same_lunr_index(docs: list[dict[str, list[str]]], word: str) -> None:
    if not all(any(doc[name] for doc in docs) for name in FIELDS):
        return
    builder = make_builder(FIELDS)
    for number, doc in enumerate(docs):
        builder.add({"ref": number, **doc})
    assert ask_lunr(builder.build(), [word]) == pytest.approx(ask_lunr(lunr_index(docs), [word]))


@given(st.lists(st.integers(0, 2**28 - 1)))
def test_varints_agree_with_the_one_by_one_coder(values: list[int]) -> None:
    data, offsets = encode_varints(np.array(values, dtype=np.int64))
    assert data.tobytes() == b"".join(map(encode_varint, values))
    assert [int(offset) for offset in offsets] == [0, *np.cumsum([len(encode_varint(value)) for value in values])]


@given(st.lists(st.floats(0, 200), min_size=1))
def test_weight_byte_is_near_its_weight(weights: list[float]) -> None:
    rounded = np.round(np.array(weights), 3)
    table = weight_table(rounded)
    assert table == sorted(table)
    back = np.asarray(table)[quantise(rounded, table)] / 1000
    greatest = max(rounded.max(), 0.001)
    step = math.log(max(greatest / rounded[rounded > 0].min(), 1.001)) / 254 if (rounded > 0).any() else 0
    assert np.all(np.abs(back - rounded) <= rounded * (math.exp(step) - 1) + 0.0011)


def test_merged_postings_are_sorted_by_term() -> None:
    merged = merge_postings([facet_postings([["b"], ["a", "b"]]), facet_postings([["c"], []])])
    assert merged.terms == ["a", "b", "c"]
    assert merged.documents.tolist() == [1, 0, 1, 0]


def test_a_block_fits_a_pack() -> None:
    from gongbao.search.slices import PACK_BYTES

    assert BLOCK * 5 <= PACK_BYTES


def test_lunr_is_imported_from_one_place() -> None:
    source = Path(__file__).parents[1] / "plugins" / "gongbao"
    users = [path.name for path in source.rglob("*.py") if "from lunr" in path.read_text("utf-8")]
    assert users == ["index.py"]
