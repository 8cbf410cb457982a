"""The demo archive itself: what readers are promised of it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from gongbao.archive import load_archive
from gongbao.article import Article

ARCHIVE = load_archive(Path(__file__).parents[1] / "content")
LONG = 400
HALF_WIDTH_RE = re.compile(r"[\u4e00-\u9fff][,;:?!()\"]|[,;:?!()\"][\u4e00-\u9fff]")


def test_no_problem_in_any_file() -> None:
    assert ARCHIVE.problems == ()
    assert len(ARCHIVE.articles) >= 37


def body_length(article: Article) -> int:
    return len(re.sub(r"\s", "", article.body))


@pytest.mark.parametrize("article", ARCHIVE.articles, ids=lambda article: article.slug)
def test_article_is_complete(article: Article) -> None:
    assert article.places
    assert article.source is not None
    assert 80 <= body_length(article) <= 1000
    assert not article.title.endswith(("。", "！"))
    assert not HALF_WIDTH_RE.search(article.body + article.title)
    assert article.body.count("“") == article.body.count("”")
    for figure in article.figures:
        assert str(figure.value) in article.body, figure


def test_long_stories_have_subheads() -> None:
    features = [article for article in ARCHIVE.articles if body_length(article) > 700]
    assert len(features) >= 4
    assert all(article.body.count("\n## ") >= 2 for article in features)


def test_titles_differ() -> None:
    titles = Counter(article.title for article in ARCHIVE.articles)
    assert titles.most_common(1)[0][1] == 1
