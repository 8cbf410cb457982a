"""Suggestions: what the build writes, and what the browser's module makes of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gongbao.addresses import SEARCH_INDEX
from gongbao.pinyin import to_syllables
from gongbao.search import suggest
from gongbao.search.suggest import Frequencies, choose_characters, choose_words, group_words, suggestion_files


def read_json(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


@pytest.fixture(scope="module")
def version(site: Path) -> Path:
    folder = site / SEARCH_INDEX.strip("/")
    return folder / str(json.loads((folder / "manifest.json").read_text())["version"])


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("工会", ("gong", "hui")),
        ("重庆", ("chong", "qing")),  # the reading that the character has in this word
        ("重要", ("zhong", "yao")),
        ("绿色", ("lv", "se")),  # ü as keyboards have it
        ("𠮷野", ()),  # no reading is known
    ],
)
def test_pinyin_has_no_tones_and_knows_the_word(word: str, syllables: tuple[str, ...]) -> None:
    assert to_syllables(word) == syllables


def in_order(documents: dict[str, int]) -> Frequencies:
    words = sorted(documents)
    return Frequencies.of(words, np.array([documents[word] for word in words], dtype=np.int64))


def test_words_of_one_article_are_left_out_unless_they_are_the_archives_own() -> None:
    frequencies = {"工会": 9, "安塞": 1, "偶尔": 1, "职工": 3, "会": 9, "app": 9, "工会\x00": 4, "\x01r610000": 9}
    assert choose_words(in_order(frequencies), ["安塞", "安塞区", "没有的地方"]) == ["工会", "职工", "安塞"]


def test_own_words_stay_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "MOST_WORDS", 2)
    assert choose_words(in_order({"工会": 9, "职工": 5, "安塞": 1}), {"安塞"}) == ["工会", "安塞"]


def suggest_from(frequencies: dict[str, int]) -> dict[str, bytes]:
    words = choose_words(in_order(frequencies), set())
    characters = choose_characters(in_order(frequencies), lambda some: [1] * len(some))
    return suggestion_files(words, characters, {word: to_syllables(word) for word in (*words, *characters)})


def test_words_stand_under_their_pinyin_and_their_initials_the_most_frequent_first() -> None:
    files = suggest_from({"工会": 9, "国会": 2, "共和": 3, "工": 9})
    assert list(json.loads(files["y/go.bin"]).items()) == [("工会", "gong hui"), ("共和", "gong he")]
    assert list(json.loads(files["y/gh.bin"])) == ["工会", "共和", "国会"]
    assert json.loads(files["y/keys.bin"]) == "gh go gu"


def test_no_file_holds_more_words_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "MOST_IN_FILE", 1)
    assert group_words({"工会": ("gong", "hui"), "共和": ("gong", "he")})["go"] == {"工会": "gong hui"}


def test_sounds_of_common_characters_are_told_even_where_the_archive_lacks_them() -> None:
    words = in_order({"塞": 2, "会": 9, "工会": 9})
    chosen = choose_characters(words, lambda some: [0 if one == "赛" else 1 for one in some])
    assert chosen[:3] == ["会", "塞", "赛"]
    assert len(chosen) == suggest.MOST_CHARACTERS


def test_empty_archive_has_nothing_to_suggest() -> None:
    assert json.loads(suggest_from({})["y/keys.bin"]) == ""


def test_built_site_lists_its_files_and_none_is_large(version: Path) -> None:
    names = set(read_json(version / "y" / "keys.bin").split())
    assert names == {path.stem for path in (version / "y").iterdir()} - {"keys"}
    assert read_json(version / "y" / "an.bin")["安塞"] == "an sai"
    assert "赛" in read_json(version / "pinyin.bin")["sai"]
    assert max(path.stat().st_size for path in [*(version / "y").iterdir(), version / "pinyin.bin"]) <= 8_500


@pytest.fixture(scope="module")
def ask(site: Path) -> Callable[..., dict[str, Any]]:
    def ask(run_node: Callable[..., str], *texts: str) -> dict[str, Any]:
        answers: dict[str, Any] = json.loads(
            run_node("suggest.mjs", str(site / SEARCH_INDEX.strip("/")), text=json.dumps(texts))
        )
        return answers

    return ask


def test_pinyin_in_full_begun_or_by_initials_finds_the_word(
    ask: Callable[..., dict[str, Any]], run_node: Callable[..., str]
) -> None:
    typed = {"gonghui": "工会", "gongh": "工会", "gh": "工会", "ghui": "工会", "GongHui": "工会", "ansai": "安塞"}
    for text, answer in ask(run_node, *typed).items():
        assert answer["suggest"][0] == {"text": typed[text], "kind": "word"}, text
        assert len(answer["suggest"]) <= 8


def test_titles_come_first_and_the_last_part_is_completed(
    ask: Callable[..., dict[str, Any]], run_node: Callable[..., str]
) -> None:
    answers = ask(run_node, "工会", "安塞 gongh", "党畔村", "", " ", "-", '"工会"')
    kinds = [suggestion["kind"] for suggestion in answers["工会"]["suggest"]]
    assert kinds[:3] == ["title"] * 3
    assert set(kinds[3:]) == {"word"}
    for suggestion in answers["工会"]["suggest"]:
        assert "工会" in suggestion["text"]
    assert answers["安塞 gongh"]["suggest"][0]["text"] == "安塞 工会"
    assert "/articles/" in answers["党畔村"]["suggest"][0]["url"]
    for text in ("", " ", "-", '"工会"'):
        assert answers[text]["suggest"] == []


def test_only_what_is_needed_is_fetched(ask: Callable[..., dict[str, Any]], run_node: Callable[..., str]) -> None:
    answers = ask(run_node, "gongh", "uuuu", "工会")
    assert [name for name in answers["gongh"]["fetched"] if name.startswith("y/")] == ["y/keys.bin", "y/go.bin"]
    for answer in answers.values():
        assert not [name for name in answer["fetched"] if name.endswith("pinyin.bin")]
    assert "y/uu.bin" not in answers["uuuu"]["fetched"]  # the list of files says that there is none


def test_homophones_and_slips_of_pinyin_are_understood(
    ask: Callable[..., dict[str, Any]], run_node: Callable[..., str]
) -> None:
    meant = {
        "公会": "工会",
        "安赛": "安塞",
        "安赛区总工会": "安塞区总工会",
        "送文暖": "送温暖",
        "困男职工 安塞": "困难职工 安塞",
        "gonghui": "工会",
        "gonghhui": "工会",
        "gonghiu": "工会",
        "ognghui": "工会",
    }
    assert {text: answer["meant"] for text, answer in ask(run_node, *meant).items()} == meant


def test_what_the_archive_has_is_left_alone(ask: Callable[..., dict[str, Any]], run_node: Callable[..., str]) -> None:
    texts = ["", "工会", "张莲莲", "党畔村", "火星 送温暖", "總工會", "APP", "2020", "送温暖 -公会", '"公会"', "qwzx"]
    assert {text: answer["meant"] for text, answer in ask(run_node, *texts).items()} == dict.fromkeys(texts)
