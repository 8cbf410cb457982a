"""`inv stats`: what the archive holds, and what wants a look."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gongbao.archive import load_archive
from gongbao.article import Lists
from gongbao.stats.count import Stats, count_archive

from tests.commands import run_command

ROOT = Path(__file__).parents[1]
CLIPPED = """\
---
title: 剪来的一篇
date: 2021-03
source: {paper: 工人日报, inferred: true}
status: draft
clip: {file: a.txt, sha256: 00ff, lines: [9-13], confidence: 0.55, flags: [gap, no-byline]}
---

正文。
"""


@pytest.fixture
def content(write_article: Callable[..., Path], tmp_path: Path) -> Path:
    write_article("one")
    write_article("two", region="北京市/朝阳区, 陕西省/西安市, 陕西省", campaign="送温暖, 劳模")
    write_article("three", region="没有省")
    write_article("four", text=CLIPPED, date="2021-03")
    return tmp_path / "content"


def rows(stats: Stats, name: str) -> list[tuple[str, int]]:
    return [(row.name, row.articles) for row in getattr(stats, name)]


def test_articles_are_counted_once_in_each_row(content: Path, lists: Lists) -> None:
    stats = count_archive(content, lists)
    assert (stats.files, stats.articles, stats.drafts, stats.unread) == (4, 3, 1, 1)
    assert rows(stats, "regions") == [("陕西省", 2), ("北京市", 1), ("（没有）", 1)]
    assert rows(stats, "campaigns") == [("送温暖", 2), ("劳模工匠", 1), ("（没有）", 1)]
    assert rows(stats, "years") == [("2020", 2), ("2021", 1)]
    assert rows(stats, "papers") == [("工人日报", 3)]


def test_what_wants_a_look_is_named_with_its_files(content: Path, lists: Lists) -> None:
    found = {doubt.kind: doubt.files for doubt in count_archive(content, lists).doubts}
    four = ("articles/2021/four.md",)
    assert found["unread"] == ("articles/2020/three.md",)
    assert found["inferred-paper"] == found["imprecise-date"] == found["no-region"] == found["no-campaign"] == four
    assert found["unsure-clip"] == found["flag-gap"] == found["flag-no-byline"] == four
    assert found["no-byline"] == ("articles/2020/one.md", "articles/2020/two.md", *four)
    assert "no-source" not in found


def test_the_demo_archive_adds_up(lists: Lists) -> None:
    archive = load_archive(ROOT / "content")
    stats = count_archive(ROOT / "content", lists)
    assert stats.articles == len(archive.articles) + stats.drafts
    assert sum(row.articles for row in stats.years) == stats.articles
    assert sum(row.articles for row in stats.papers) == stats.articles
    assert stats.unread == 0


def test_tables_at_the_terminal(content: Path) -> None:
    command = [sys.executable, "-m", "invoke", "--search-root", str(ROOT), "stats", "--content", str(content)]
    text = subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout
    assert "3 篇文章，其中草稿 1 份；另有 1 个文件有错误。" in text
    for words in ("按地区", "陕西省", "按活动", "送温暖", "按年份", "按报纸", "要看的", "articles/2020/three.md"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 100


def test_json_for_programs(content: Path) -> None:
    values: dict[str, Any] = json.loads(run_command("stats", "--content", str(content), "--json").stdout)
    assert values["articles"] == 3
    assert {"name": "陕西省", "id": "610000", "articles": 2} in values["regions"]
    assert {"kind": "unread", "name": "有错误，读不成", "files": ["articles/2020/three.md"]} in values["doubts"]


def test_files_lists_every_file(write_article: Callable[..., Path], tmp_path: Path) -> None:
    for number in range(5):
        write_article(f"nr-{number}")
    assert "nr-4.md" not in run_command("stats", "--content", str(tmp_path / "content")).stdout
    assert "nr-4.md" in run_command("stats", "--content", str(tmp_path / "content"), "--files").stdout


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = run_command("stats", "--content", str(tmp_path / "nowhere"))
    assert result.returncode == 2
    assert "没有内容文件夹" in result.stderr
