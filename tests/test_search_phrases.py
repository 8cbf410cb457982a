"""Headlines break between words."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongbao.article import Lists
from gongbao.cache import Cache, Known
from gongbao.search.documents import own_words
from gongbao.search.lexicon import make_segmenter
from gongbao.search.phrases import Headlines, Phrases, make_phrases


@pytest.fixture(scope="module")
def phrases(lists: Lists) -> Phrases:
    return make_phrases(make_segmenter(frozenset(own_words(lists.vocabulary, lists.regions))).cut)


@pytest.mark.parametrize(
    "parts",
    [
        "为|移民|群众|修建|公路",
        "安塞区|总工会：劳模|帮扶|贫困户",  # after marks browsers break by themselves
        "筹集|1200万元|用于|慰问",  # a number stays with its unit
        "过年的|快递小哥",
        "职工|领到“福”字",
        "工会|APP|上线",
        "字",
    ],
)
def test_headline_breaks_between_words(phrases: Phrases, parts: str) -> None:
    assert "|".join(phrases(parts.replace("|", ""))) == parts


def test_nothing_is_lost_of_what_no_dictionary_has(phrases: Phrases) -> None:
    for text in ("", " ", "…——？！", "甲 乙\u3000丙", "🏭厂", "龘龘龘的", "<b>&amp;"):
        assert "".join(phrases(text)) == text


def test_headlines_are_parted_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def part(headline: str) -> tuple[str, ...]:
        asked.append(headline)
        return tuple(headline)

    for titles in (("甲乙", "丙丁"), ("丙丁", "甲乙"), ("甲乙", "戊")):
        headlines = Headlines(Known.load(Cache(tmp_path), "phrases"), part)
        headlines.learn(titles)
        assert [headlines(title) for title in titles] == [tuple(title) for title in titles]
    assert asked == ["甲乙", "丙丁", "戊"]
    assert headlines.known.values.keys() == {"甲乙", "戊"}
