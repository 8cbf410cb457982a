"""Every character of a dump stands in exactly one place of the result, whatever the dump is."""

from __future__ import annotations

from collections import Counter

import pytest
from gongbao.article import Lists
from gongbao.clip.drafts import escape_markdown, render_draft, unescape_markdown
from gongbao.clip.leftovers import read_leftovers, render_leftovers
from gongbao.clip.review import render_review
from gongbao.markup import html_paragraphs, render_markdown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clipping import PAGES, cut_text, printed_text, visible

HOSTILE = (
    *(
        "---",
        "# 标题",
        "## ",
        "> 引文",
        "- 项",
        "1. 一",
        "1) 二",
        "* * *",
        "```",
        "~~~",
        "===",
        "| a | b |",
        "    缩进四格",
    ),
    *("title: [x", "{a: b}", "&anchor", "*alias", "!!python/object:os.system", "'", '"', "%TAG", "@x", "key: |", "? x"),
    *(
        "**",
        "**粗体**",
        "**没有合上",
        "__x__",
        "\\",
        "\\*",
        "<script>alert(1)</script>",
        "<!-- 注 -->",
        "&amp;",
        "&lt;b>",
    ),
    *(
        "\0",
        "a\0b",
        "\x0b\x0c",
        "\u2028",
        "\x85",
        "\ufeff",
        "𠀀𪛖",
        "👨‍👩‍👧",
        "〇",
        "é",
        "e\u0301",
        "\u200b",
        "\t制表\t",
    ),
    *(
        "[链接](javascript:x)",
        "![图](x)",
        "[^1]: 注",
        "{: #id}",
        "……",
        "——",
        "。",
        "，，，",
        "”",
        "“",
        "（",
        "●",
        "□ 张三",
    ),
)
NEWS = (
    *(
        "本报讯（记者张三 通讯员李四）3月5日，某地工会",
        "举办了一场招聘会。",
        "工会送岗位",
        "——记某厂女工",
        "本报记者 王五 摄",
    ),
    *(
        "阅读提示",
        "新闻特写",
        "今日导读",
        "一碗面的故事……2版",
        "责任编辑：赵六",
        "图为现场。",
        "●河北省邢台市平乡县总工会",
        "两百",
    ),
)
LINES = st.one_of(
    st.sampled_from(HOSTILE), st.sampled_from(NEWS), st.text(max_size=60), st.sampled_from(NEWS).map(lambda x: x * 20)
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join)


def assert_nothing_lost(text: str, lists: Lists) -> None:
    cut = cut_text(text, lists)
    lines = text.split("\n")
    covered: Counter[tuple[int, int]] = Counter()
    for piece in cut.pieces():
        assert lines[piece.line - 1][piece.start : piece.end] == piece.text
        covered.update((piece.line, at) for at in range(piece.start, piece.end))
    assert set(covered.values()) <= {1}
    visible_places = {(n, at) for n, line in enumerate(lines, 1) for at, char in enumerate(line) if not char.isspace()}
    assert visible_places <= set(covered)
    leftovers = read_leftovers(render_leftovers(cut))
    drafts = "".join(printed_text(render_draft(clipping, cut)) for clipping in cut.clippings)
    assert visible(drafts) + visible("".join(part for _, part in leftovers)) == visible(text)
    assert all(visible(part) <= visible(lines[number - 1]) for number, part in leftovers)
    assert render_review(cut)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_nothing_is_lost(lists: Lists, text: str) -> None:
    assert_nothing_lost(text, lists)


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.txt")))
def test_nothing_of_a_page_is_lost(name: str, lists: Lists) -> None:
    assert_nothing_lost((PAGES / f"{name}.txt").read_text("utf-8"), lists)


def test_a_hostile_page_is_kept_whole(lists: Lists) -> None:
    assert_nothing_lost("\n".join(HOSTILE), lists)
    assert_nothing_lost("\n\n".join(HOSTILE), lists)


@given(text=st.text())
def test_escaped_text_comes_back(text: str) -> None:
    assert unescape_markdown(escape_markdown(text)) == text


WORDS = st.text(alphabet=st.sampled_from([*"#>*_`[]{}()!<&-+=|:.1工会 "]), min_size=1, max_size=12)


@given(text=WORDS)
def test_markdown_shows_escaped_text_as_it_was(text: str) -> None:
    text = " ".join(text.split())
    shown = html_paragraphs(render_markdown(escape_markdown(text)))
    assert shown == ([text] if text else [])
