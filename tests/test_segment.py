import json
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gongbao.article import Lists
from gongbao.search.build import make_segmenter
from gongbao.search.counts import Counts, count_batch, count_words, hash_pair, read_texts, to_characters
from gongbao.search.documents import own_words
from gongbao.search.lattice import ELSE
from gongbao.search.segment import COST_UNIT, DICTIONARY_HAN_RE, LONGEST_PIECE, Segmenter, cut_run, pieces
from gongbao.search.terms import words_of
from gongbao.search.variants import simplify
from gongbao.text import normalise, runs
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"
COMMON = "工会送温暖新疆维吾尔自治区总人民大学的是在了和职劳动者驿站安塞延市县年月日万元张莲"
han_text = st.text(alphabet=st.sampled_from(COMMON) | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))


@pytest.fixture(scope="module")
def segmenter(lists: Lists) -> Segmenter:
    return make_segmenter(frozenset(own_words(lists.vocabulary, lists.regions)))


def count(segmenter: Segmenter, *texts: str) -> Counter[str]:
    counts = count_words(read_texts(texts, segmenter))
    words: Counter[str] = Counter()
    names = words_of(segmenter.lattice, counts.terms, counts.others)
    for word, (start, end) in zip(names, pairwise(counts.starts), strict=True):
        words[word] = int(counts.counts[start:end].sum())
    return words


@pytest.mark.parametrize("case", json.loads((DATA / "cut.json").read_text("utf-8")), ids=lambda case: case["why"])
def test_cut_takes_the_cheapest_path(case: dict[str, object]) -> None:
    costs = case["costs"]
    assert isinstance(costs, dict)
    assert cut_run(str(case["run"]), costs.get, longest=4, single_cost=15000) == case["words"]


@settings(max_examples=300)
@given(text=han_text)
def test_the_lattice_is_jiebas(segmenter: Segmenter, text: str) -> None:
    graph = segmenter._jieba.get_DAG(text)
    words = (text[start : end + 1] for start, ends in graph.items() for end in ends if end > start)
    expected = Counter(word for word in words if DICTIONARY_HAN_RE.fullmatch(word))
    assert words_of_lattice(segmenter, text) == expected


def test_the_lattice_is_rjiebas() -> None:
    rjieba = pytest.importorskip("rjieba", reason="rjieba has no wheel here; jieba alone is used")
    plain = Segmenter()

    @settings(max_examples=300)
    @given(text=han_text)
    def same(text: str) -> None:
        expected = Counter(word for word in rjieba.cut_all(text) if DICTIONARY_HAN_RE.fullmatch(word))
        assert words_of_lattice(plain, text) == expected

    same()


def words_of_lattice(segmenter: Segmenter, text: str) -> Counter[str]:
    found = segmenter.lattice.find(to_characters(text))
    return Counter(word for _, numbers in found for word in segmenter.lattice.words(numbers))


@given(
    words=st.lists(han_text | st.sampled_from(["工会", "送温暖", "工会a", "a1", "𠮷林", "中华全国总工会"]), max_size=9)
)
def test_words_are_looked_up_by_their_numbers(segmenter: Segmenter, words: list[str]) -> None:
    lattice = segmenter.lattice
    for word, number in zip(words, lattice.numbers(words).tolist(), strict=True):
        assert (number != ELSE) == (
            len(word) > 1 and word in segmenter._jieba.FREQ and bool(segmenter._jieba.FREQ[word])
        )
        assert number == ELSE or lattice.words(np.array([number])) == [word]


def test_costs_are_those_of_the_dictionary(segmenter: Segmenter) -> None:
    words = ["工会", "送温暖", "的", "户外劳动者驿站", "没有这个词", "t恤"]
    frequencies = [segmenter._jieba.FREQ.get(word) or 1 for word in words]
    expected = [
        round(COST_UNIT * math.log(segmenter._jieba.total)) - round(COST_UNIT * math.log(n)) for n in frequencies
    ]
    assert segmenter.costs(words) == expected


def test_every_character_and_every_word_is_found(segmenter: Segmenter) -> None:
    words = count(segmenter, "中华全国总工会")
    assert set("中华全国总工会") <= set(words)
    assert {"中华", "全国", "总工会", "工会", "中华全国总工会"} <= set(words)


def test_the_archives_own_words_count_as_words(segmenter: Segmenter) -> None:
    assert "户外劳动者驿站" in count(segmenter, "建成户外劳动者驿站")
    assert segmenter.costs(["户外劳动者驿站"])[0] > 0


def test_a_word_occurring_twice_counts_twice(segmenter: Segmenter) -> None:
    assert count(segmenter, "工会，工会")["工会"] == 2
    assert count(segmenter, "工", "会")["工会"] == 0


@given(st.text(alphabet="0123456789abc", min_size=1, max_size=9))
def test_pieces_hold_every_short_stretch(run: str) -> None:
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + LONGEST_PIECE) + 1):
            assert run[start:end] in pieces(run)


mixed_text = st.text(alphabet=COMMON + "，。\n a2０…é〇𠮷總")


def words_in(counts: Counts, document: int, segmenter: Segmenter) -> dict[str, int]:
    names = words_of(segmenter.lattice, counts.terms, counts.others)
    places = np.flatnonzero(counts.documents == document)
    terms = np.searchsorted(counts.starts, places, side="right") - 1
    return {names[term]: int(counts.counts[place]) for term, place in zip(terms, places, strict=True)}


@settings(max_examples=200)
@given(texts=st.lists(mixed_text, min_size=1, max_size=6))
def test_texts_counted_together_count_as_each_alone(segmenter: Segmenter, texts: list[str]) -> None:
    together = count_batch({"body": texts}, segmenter)
    for number, text in enumerate(texts):
        alone = count_batch({"body": [text]}, segmenter)
        own, counts = alone.fields["body"], together.fields["body"]
        assert words_in(counts, number, segmenter) == words_in(own, 0, segmenter)
        assert counts.lengths[number] == own.lengths[0]
        assert set(together.pairs[together.holders == number]) == set(alone.pairs)


@settings(max_examples=200)
@given(texts=st.lists(mixed_text, min_size=1, max_size=6))
def test_words_counted_are_in_order(segmenter: Segmenter, texts: list[str]) -> None:
    counts = count_words(read_texts(texts, segmenter))
    names = words_of(segmenter.lattice, counts.terms, counts.others)
    assert names == sorted(set(names))


@settings(max_examples=200)
@given(text=mixed_text)
def test_folding_by_table_equals_folding_the_text(segmenter: Segmenter, text: str) -> None:
    assert runs_of(segmenter.join([text])) == runs_of(simplify(normalise(text)))


def runs_of(text: str) -> list[tuple[str, bool]]:
    return list(runs(text))


def test_adjacent_characters_are_hashed_unless_they_are_a_word(segmenter: Segmenter) -> None:
    batch = count_batch({"title": ["工会将", "将工会"], "body": ["", "会将，工"]}, segmenter)
    found = set(zip(batch.pairs.tolist(), batch.holders.tolist(), strict=True))
    assert found == {(hash_pair("会将"), 0), (hash_pair("将工"), 1), (hash_pair("会将"), 1)}
