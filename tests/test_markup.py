import bs4
import pytest
from gongbao import markup
from gongbao.markup import html_links, html_paragraphs, render_markdown
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "[点](javascript:alert(1))",
        '<a href="#" onclick="alert(1)">点</a>',
        '<p style="position:fixed">盖住</p>',
        '<iframe src="https://example.org"></iframe>',
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_that_runs_or_restyles_survives(source: str) -> None:
    html = render_markdown(f"正文。\n\n{source}")
    for word in ("script", "onerror", "onclick", "javascript:", "style", "iframe"):
        assert word not in html


def test_news_markup_survives() -> None:
    html = render_markdown("## 小标题\n\n正文[^1]。\n\n| 年 | 人 |\n|---|---|\n| 2020 | 3 |\n\n[^1]: 注。\n")
    for tag in ("<h2>", "<table>", "<td>", "<sup", "<li"):
        assert tag in html


def test_paragraphs_are_the_text_a_reader_sees() -> None:
    html = render_markdown("## 小标题\n\n第一段\n换行。\n\n- 甲\n- 乙\n")
    assert html_paragraphs(html) == ["小标题", "第一段 换行。", "甲", "乙"]


def test_no_text_of_a_nested_list_is_lost() -> None:
    html = render_markdown("- 外层\n    - 内层\n\n    外层的第二段\n")
    assert "".join(html_paragraphs(html)) == "外层内层外层的第二段"


def test_links_of_every_kind() -> None:
    html = '<link href="/a.css"><a href="/b/">x</a><img src="/c.png">'
    html += '<form action="/d/"></form><script src="/e.js"></script>'
    assert set(html_links(html)) == {"/a.css", "/b/", "/c.png", "/d/", "/e.js"}


def test_pictures_come_from_the_archive_only() -> None:
    assert "example.org" not in render_markdown("![图](https://example.org/a.png) ![图](//example.org/b.png)")
    assert 'src="/images/a.png"' in render_markdown("![图](/images/a.png)")


LINES = st.text(alphabet="工会 送温暖“”，。；:-+=#~.)(1!？/@%'\"$^\u3000\ta\U0002000b", max_size=12)


@given(st.lists(LINES, max_size=6).map("\n".join))
@example("第一段。\n\n第二段（一）：\n5. 不是列表")
@example("标题\n----\n正文")
@example("1995年的事\n\n1. 列表")
@example("\n\n前后有空行\n\n\n\n")
def test_plain_bodies_need_no_parser_and_read_the_same(source: str) -> None:
    assert render_markdown(source) == markup._convert(source)


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_text_of_plain_html_is_what_the_parser_finds(source: str) -> None:
    html = render_markdown(source)
    soup = bs4.BeautifulSoup(html, "html.parser")
    assert html_paragraphs(html) == html_paragraphs(f"{html}<hr>")
    assert "".join(html_paragraphs(html)).replace(" ", "") == "".join(soup.get_text().split())
