"""The file of facet values: every document's own, against the facets that the index filters by."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from gongbao.archive import load_archive
from gongbao.article import Lists
from gongbao.search.columns import COLUMNS_FILE, encode_columns
from gongbao.search.engine import open_index

ROOT = Path(__file__).parents[1]


def read_columns(site: Path) -> dict[str, Any]:
    (path,) = site.glob(f"search-index/*/{COLUMNS_FILE}")
    columns: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return columns


def count(column: dict[str, Any]) -> dict[str, int]:
    """Documents a value, the naive way: a set of values for each document, with all that hold them."""
    counts = dict.fromkeys((value[0] for value in column["values"]), 0)
    for cell in column["documents"]:
        found = set()
        for number in [cell] if isinstance(cell, int) else cell:
            while number >= 0:
                found.add(column["values"][number][0])
                number = [*column["values"][number], -1][2]  # noqa: PLW2901  from a place to the one that holds it
        for identity in found:
            counts[identity] += 1
    return counts


@pytest.mark.parametrize("facet", ["region", "campaign", "paper"])
def test_counts_are_what_the_filters_find(facet: str, site: Path) -> None:
    counts = count(read_columns(site)[facet])
    index = open_index(site)
    assert counts
    for identity, number in counts.items():
        assert index.search(**{facet: identity}).total == number > 0, identity


def test_documents_are_numbered_from_the_newest(site: Path) -> None:
    column = read_columns(site)["paper"]
    articles = sorted(load_archive(ROOT / "content").articles, key=lambda article: article.sort_key, reverse=True)
    papers = [article.source.paper.id if article.source else None for article in articles]
    cells = [column["values"][cell][0] if isinstance(cell, int) else None for cell in column["documents"]]
    assert cells == papers


def test_only_innermost_places_are_written_and_parents_come_first(lists: Lists) -> None:
    facets = [
        ("\x01r610000", "\x01r610600", "\x01r610603"),
        (),
        ("\x01r110000", "\x01r610000", "\x01r610600"),
        ("\x01csong-wennuan",),
    ]
    columns = json.loads(encode_columns(facets, lists))
    assert columns["region"] == {
        "values": [
            ["110000", "北京市", -1],
            ["610000", "陕西省", -1],
            ["610600", "延安市", 1],
            ["610603", "安塞区", 2],
        ],
        "documents": [3, [], [0, 2], []],
    }
    assert columns["campaign"] == {"values": [["song-wennuan", "送温暖"]], "documents": [[], [], [], 0]}
    assert columns["paper"] == {"values": [], "documents": [[], [], [], []]}


def test_empty_archive_has_empty_columns(lists: Lists) -> None:
    assert json.loads(encode_columns([], lists))["region"] == {"values": [], "documents": []}
