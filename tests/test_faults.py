"""Front matter that isn't YAML is explained in Chinese, where the cause stands; whatever it holds, reading it ends."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from gongbao.article import Lists, parse_article
from gongbao.check.run import check_content
from gongbao.problem import ContentError, Problem

PATH = Path("2020/song-nuan.md")
OTHERS = "date: 2020-01-15"


def refuse(text: str, lists: Lists) -> Problem:
    """The first problem of a file that can't be read."""
    with pytest.raises(ContentError) as error:
        parse_article(PATH, text, lists)
    return error.value.problems[0]


@pytest.mark.parametrize(
    ("matter", "place", "words"),
    [
        (f"title：工会上门送温暖\n{OTHERS}", (2, 6), "应写英文的“:”"),
        ("title：工会上门\ndate：2020", (2, 6), "应写英文的“:”"),
        (f"{OTHERS}\nsource:\n  paper：工人日报\n  page: 2", (4, 8), "应写英文的“:”"),
        (f"title:工会上门送温暖\n{OTHERS}", (2, 6), "冒号后面要空一格"),
        (f"{OTHERS}\nsource:\n\tpaper: 工人日报", (4, 1), "制表符"),
        (f"title: 工会: 上门送温暖\n{OTHERS}", (2, 10), "值里有英文冒号"),
        (f"title: @工会\n{OTHERS}", (2, 8), "不能以“@”开头"),
        (f"title: *工会 上门\n{OTHERS}", (2, 9), "不能以“*”或“&”开头"),
        (f'title: "送温暖"进车间\n{OTHERS}', (2, 13), "后面不能再有字"),
        (f"title: [图] 工会上门\n{OTHERS}", (2, 12), "后面不能再有字"),
        (f'title: "工会上门\n{OTHERS}', (2, 8), "英文引号少了一半"),
        (f"title: 工会\nregion: [陕西省\n{OTHERS}", (3, 9), "方括号少了一半"),
        (f"title: 工会\nsource: {{paper: 工人日报\n{OTHERS}", (3, 9), "花括号少了一半"),
        (f'title: "工会\\上门"\n{OTHERS}', (2, 11), "单引号"),
        (f"title: 工\x00会\n{OTHERS}", (2, 9), "控制字符 U+0000"),
    ],
)
def test_cause_is_said_in_chinese_where_it_stands(
    matter: str, place: tuple[int, int], words: str, lists: Lists
) -> None:
    problem = refuse(f"---\n{matter}\n---\n\n正文。\n", lists)
    assert problem.rule == "bad-yaml"
    assert words in problem.message
    assert (problem.line, problem.column) == place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: 工会上门\n\n正文。\n", "没有单独一行的 ---"),
        ("\n\n---\ntitle: 工会上门\n---\n\n正文。\n", "前面不能有空行"),
        ("———\ntitle: 工会上门\n———\n\n正文。\n", "文件开头是“———”"),
    ],
)
def test_front_matter_that_does_not_begin_or_end_is_explained(text: str, words: str, lists: Lists) -> None:
    assert words in refuse(text, lists).message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("标题: 又一个", "是否想写 title"),
        ("source: {papper: 工人日报}", "是否想写 paper"),
        ("source: {paper: 工人曰报}", "是否想写“工人日报”"),
        ("region: 安塞", "最接近的是“陕西省/延安市/安塞区”"),
        ("region: [陕西省/西安市，陕西省/延安市]", "中间用英文逗号"),
        ("campaign: 送温暖、金秋助学", "中间用英文逗号"),
        ("source: {paper: 工人日报, date: 2020年1月5日}", "是否想写 2020-01-05"),
        ("source: {paper: 工人日报, date: 20200115}", "是否想写 2020-01-15"),
        ("source: {paper: 工人日报, date: 2020年2月30日}", "应为 2020-01-15、2020-01 或 2020"),
    ],
)
def test_what_was_meant_is_offered(line: str, words: str, lists: Lists) -> None:
    assert words in refuse(f"---\ntitle: 工会上门\n{OTHERS}\n{line}\n---\n\n正文。\n", lists).message


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("region: " + "[" * 200_000, "bad-yaml"),
        ("region: " + "[" * 3_000 + "]" * 3_000, "bad-yaml"),
        ("- " * 20_000, "bad-yaml"),
        ("? [a, b]\n: c", "unknown-field"),
        ("region: &a [*a]", "bad-value"),
        (f"source: {{paper: 工人日报, page: {'9' * 5_000}}}", "bad-page"),
        (f"figures: [{{what: 款, value: {'9' * 5_000}, unit: 元}}]", "bad-number"),
    ],
)
def test_hostile_front_matter_is_refused_like_any_other(line: str, rule: str, lists: Lists) -> None:
    begun = time.process_time()
    assert refuse(f"---\ntitle: 工会上门\n{OTHERS}\n{line}\n---\n\n正文。\n", lists).rule == rule
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("body", ["`" * 20_001, "<" * 20_000, "[a](" * 10_000, '"工' * 10_000, "工 " * 10_000])
def test_no_body_keeps_check_busy(body: str, tmp_path: Path) -> None:
    """Patterns that count from each of many ticks again took a minute for the first of these."""
    path = tmp_path / "content/articles/2020/song-nuan.md"
    path.parent.mkdir(parents=True)
    path.write_text(f"---\ntitle: 工会上门\n{OTHERS}\n---\n\n{body}\n", "utf-8")
    begun = time.process_time()
    check_content(tmp_path / "content")
    assert time.process_time() - begun < 10


def test_a_problem_is_one_line_without_control_characters() -> None:
    problem = Problem(Path("a.md"), 1, "没有“ti\x1b[31mtle\n”这个字段", "unknown-field")
    assert str(problem) == "a.md:1:1: 没有“ti [31mtle ”这个字段 (unknown-field)"
    assert problem.to_json()["message"] == problem.message
