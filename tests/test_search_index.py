"""lunr's own Builder and Index are the oracle: same words, same weights, same order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gongbao.search.coding import (
    ESCAPE,
    Ints,
    Payload,
    encode_lists,
    gap_parameters,
    log_levels,
    nearest_levels,
)
from gongbao.search.index import make_builder
from gongbao.search.reader import decode_list
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


@settings(max_examples=150)
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


@settings(max_examples=50)
@given(docs=documents, word=st.sampled_from(WORDS))
def test_build_gives_the_same_lunr_index(docs: list[dict[str, list[str]]], word: str) -> None:
    if not all(any(doc[name] for doc in docs) for name in FIELDS):
        return
    builder = make_builder(FIELDS)
    for number, doc in enumerate(docs):
        builder.add({"ref": number, **doc})
    assert ask_lunr(builder.build(), [word]) == pytest.approx(ask_lunr(lunr_index(docs), [word]))


lists_of_documents = st.lists(st.sets(st.integers(0, 499), min_size=1, max_size=60), max_size=8)


@settings(max_examples=150)
@given(lists=lists_of_documents, data=st.data())
def test_lists_are_decoded_to_what_was_encoded(lists: list[set[int]], data: st.DataObject) -> None:
    documents = np.array([number for own in lists for number in sorted(own)], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum([len(own) for own in lists]))).astype(np.int64)

    def draw(values: st.SearchStrategy[int]) -> Ints:
        return np.array(data.draw(st.lists(values, min_size=len(documents), max_size=len(documents))), dtype=np.int64)

    codes = draw(st.sampled_from([0, 0, 0, 1, 2, 3, 40]))
    levels, titles = draw(st.integers(0, 63)), draw(st.integers(-1, 63))
    encoded = encode_lists(starts, documents, 500, Payload(codes, levels, titles))
    assert len(encoded) == len(lists)
    escaped = codes == ESCAPE
    for row, item in enumerate(encoded):
        span = slice(starts[row], starts[row + 1])
        back = decode_list(item, len(lists[row]), 500)
        expected = (documents, codes, np.where(escaped, levels, 0), np.where(escaped, titles, -1))
        for got, wanted in zip(back, expected, strict=True):
            assert got.tolist() == wanted[span].tolist()


def test_long_lists_only_say_what_the_title_has() -> None:
    documents, codes = np.array([0, 2, 3, 7, 1]), np.array([0, 1, 9, 1, 9])
    payload = Payload(codes, np.array([0, 5, 0, 6, 0]), np.array([-1, 30, -1, 32, -1]), lean_from=3)
    long, short = encode_lists(np.array([0, 4, 5]), documents, 8, payload)
    back = decode_list(long, 4, 8)
    assert [column.tolist() for column in back] == [[0, 2, 3, 7], [0, 1, 0, 1], [0, 31, 0, 31], [-1, 31, -1, 31]]
    assert decode_list(short, 1, 8)[1].tolist() == [9]


def test_lists_are_the_same_in_batches_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    starts, documents = np.array([0, 3, 3, 7, 9]), np.array([1, 5, 9, 0, 2, 3, 8, 4, 5])
    whole = encode_lists(starts, documents, 10)
    monkeypatch.setattr("gongbao.search.coding.BATCH", 4)
    assert encode_lists(starts, documents, 10) == whole


@given(st.integers(1, 10**7), st.integers(1, 10**6))
def test_gap_parameter_is_the_integer_part_of_a_logarithm(documents: int, frequency: int) -> None:
    parameter = int(gap_parameters(documents, np.array([frequency]))[0])
    assert 2**parameter <= max(documents * 69 // (frequency * 100), 1) < 2 ** (parameter + 1)


@given(st.lists(st.floats(0.01, 200), min_size=1))
def test_level_is_near_its_value(values: list[float]) -> None:
    array = np.array(values)
    table = log_levels(array, 64)
    assert table == sorted(table)
    back = np.asarray(table)[nearest_levels(array, table)] / 1000
    step = math.log(array.max() / array.min()) / 63
    assert np.all(np.abs(back - array) <= array * (math.exp(step) - 1) + 0.0011)


@settings(max_examples=40)
@given(docs=documents, part=st.integers(1, 30))
def test_parts_follow_one_another_as_the_whole(docs: list[dict[str, list[str]]], part: int) -> None:
    builder = make_builder(FIELDS)
    for number, doc in enumerate(docs):
        builder.add({"ref": number, **doc})
    whole, parts = builder.merge(), [builder.merge_part(one) for one in builder.parts(part)]
    assert [word for one in parts for word in one.words] == whole.words
    for name in ("documents", "counts", "escaped", "sizes", "frequencies"):
        joined = np.concatenate([getattr(one, name) for one in parts])
        assert joined.tolist() == getattr(whole, name).tolist()


def test_counts_are_told_only_where_no_other_field_has_the_word() -> None:
    builder = make_builder(FIELDS)
    builder.add({"ref": 0, "title": ["a"], "body": ["a", "b", "b"]})
    merged, postings = builder.merge(), builder.weigh()
    assert (merged.words, merged.counts.tolist(), merged.escaped.tolist()) == (["a", "b"], [0, 2], [[1, 1]])
    assert postings.title_factors[0] > 0
    assert postings.title_factors[1] == 0


def test_lunr_is_imported_from_one_place() -> None:
    source = Path(__file__).parents[1] / "plugins" / "gongbao"
    users = [path.name for path in source.rglob("*.py") if "from lunr" in path.read_text("utf-8")]
    assert users == ["index.py"]
