import json
from pathlib import Path

import pytest
from gongbao.article import Lists
from gongbao.search.build import make_segmenter
from gongbao.search.segment import LONGEST_PIECE, Segmenter, cut_run, pieces
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"
COMMON = "工会送温暖新疆维吾尔自治区总人民大学的是在了和职劳动者驿站安塞延市县年月日万元张莲"
han_text = st.text(alphabet=st.sampled_from(COMMON) | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))


@pytest.fixture(scope="module")
def segmenter(lists: Lists) -> Segmenter:
    return make_segmenter(lists)


@pytest.mark.parametrize("case", json.loads((DATA / "cut.json").read_text("utf-8")), ids=lambda case: case["why"])
def test_cut_takes_the_cheapest_path(case: dict[str, object]) -> None:
    costs = case["costs"]
    assert isinstance(costs, dict)
    assert cut_run(str(case["run"]), costs.get, longest=4, single_cost=15000) == case["words"]


def test_rjieba_and_jieba_give_the_same_lattice() -> None:
    pytest.importorskip("rjieba", reason="rjieba has no wheel here; jieba alone is used")
    own = ["安塞区", "送万福进万家", "延安市安塞区"]
    fast, plain = Segmenter(own, use_rjieba=True), Segmenter(own, use_rjieba=False)

    @settings(max_examples=300, deadline=None)
    @given(han_text)
    def same(text: str) -> None:
        assert fast.count([text]) == plain.count([text])

    same()


def test_every_character_and_every_word_is_found(segmenter: Segmenter) -> None:
    words = segmenter.count(["中华全国总工会"])
    assert set("中华全国总工会") <= set(words)
    assert {"中华", "全国", "总工会", "工会", "中华全国总工会"} <= set(words)


def test_the_archives_own_words_count_as_words(segmenter: Segmenter) -> None:
    assert "户外劳动者驿站" in segmenter.count(["建成户外劳动者驿站"])
    assert segmenter.cost("户外劳动者驿站") > 0


def test_a_word_occurring_twice_counts_twice(segmenter: Segmenter) -> None:
    assert segmenter.count(["工会，工会"])["工会"] == 2
    assert segmenter.count(["工", "会"])["工会"] == 0


@given(st.text(alphabet="0123456789abc", min_size=1, max_size=9))
def test_pieces_hold_every_short_stretch(run: str) -> None:
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + LONGEST_PIECE) + 1):
            assert run[start:end] in pieces(run)
