import json
from pathlib import Path

import pytest
from gongbao.search.query import parse_query
from gongbao.text import normalise, runs, shorten
from hypothesis import given
from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("case", json.loads((DATA / "normalise.json").read_text("utf-8")), ids=lambda case: case["why"])
def test_normalise(case: dict[str, str]) -> None:
    assert normalise(case["text"]) == case["normal"]


@pytest.mark.parametrize("case", json.loads((DATA / "runs.json").read_text("utf-8")), ids=lambda case: case["why"])
def test_runs(case: dict[str, object]) -> None:
    assert [list(run) for run in runs(str(case["text"]))] == case["runs"]


@given(st.text())
def test_normal_form_is_stable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once or not once.isascii()  # a few letters change again beyond ASCII


def test_shorten_cuts_after_a_clause() -> None:
    assert shorten("一二三四五。六七八九十", 9) == "一二三四五。"
    assert shorten("一二三四五，六七八九十", 9) == "一二三四五……"
    assert shorten("一二三", 9) == "一二三"
    assert shorten("一二三四五六七八九十", 5) == "一二三……"


@pytest.mark.parametrize("case", json.loads((DATA / "queries.json").read_text("utf-8")), ids=lambda case: case["why"])
def test_query_is_parsed(case: dict[str, object]) -> None:
    parts = parse_query(str(case["text"]))
    assert [[part.kind, part.text, part.excluded] for part in parts] == case["parts"]
