"""Queries that must go on finding what they find: tests/data/golden-queries.toml says which and why."""

import tomllib
from pathlib import Path

import pytest
from gongbao.search.engine import open_index

QUERIES = tomllib.loads((Path(__file__).parent / "data" / "golden-queries.toml").read_text("utf-8"))["query"]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["text"])
def test_article_is_among_the_first_three(query: dict[str, str], site: Path) -> None:
    answer = open_index(site).search(query["text"], limit=3)
    assert query["article"] in [hit.url for hit in answer.results], query["why"]
