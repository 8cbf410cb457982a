"""Citations: the forms of the standards, and that no title or name can break them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from gongbao.article import Article, Credit, Lists, parse_article
from gongbao.read.citation import Citation, cite, escape_tex, escape_url, group_byline, one_line
from hypothesis import given
from hypothesis import strategies as st

ADDRESS = "https://archive.example/articles/2020/song-nuan/"
RIS_LINE_RE = re.compile(r"[A-Z][A-Z0-9]  - (.*)")
TITLE = "工会送温暖"


def article(lists: Lists, front: str, date: str = "2020-01-15") -> Article:
    text = f"---\ntitle: {TITLE}\ndate: {date}\n{front}\n---\n正文"
    return parse_article(Path("2020/song-nuan.md"), text, lists)[0]


def made(one: Article) -> Citation:
    return cite(one, ADDRESS, "工报", "zh-CN")


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (
            "byline: [{role: 记者, name: 甲乙, org: 本报}]\nsource: {paper: 工人日报, date: 2020-01-16, page: 3}",
            "甲乙. 工会送温暖[N]. 工人日报, 2020-01-16(3).",
        ),
        ("source: {paper: 工人日报, date: 2020-01-16}", "工会送温暖[N]. 工人日报, 2020-01-16."),
        ("source: {paper: 工人日报, date: 2020-01, inferred: true}", "工会送温暖[N]. [工人日报], 2020-01."),
        ("source: {paper: 工人日报, page: 2}", "工会送温暖[N]. 工人日报, [2020](2)."),
        ("subtitle: 市总一年记事\nsource: {paper: 工人日报}", "工会送温暖:市总一年记事[N]. 工人日报, [2020]."),
        ("", ""),
    ],
    ids=["whole", "no author or page", "inferred paper", "no date of the issue", "subtitle", "no paper"],
)
def test_newspaper_form(front: str, expected: str, lists: Lists) -> None:
    assert made(article(lists, front)).printed == expected


def test_of_more_than_three_authors_three_are_named(lists: Lists) -> None:
    names = ", ".join(f"{{role: 记者, name: {name}}}" for name in ("甲甲", "乙乙", "丙丙", "丁丁"))
    one = article(lists, f"byline: [{names}]\nsource: {{paper: 工人日报}}")
    assert made(one).printed.startswith("甲甲, 乙乙, 丙丙, 等. 工会送温暖")


def test_photographer_and_editor_are_no_authors(lists: Lists) -> None:
    one = article(lists, "byline: [{role: 摄影, name: 甲甲}, {role: 编辑, name: 乙乙}]\nsource: {paper: 工人日报}")
    assert made(one).printed.startswith(TITLE)
    assert "author" not in made(one).bibtex
    assert "AU  - " not in made(one).ris


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (
            "source: {paper: 工人日报, date: 2020-01-16, page: 3}",
            f"{TITLE}[N/OL]. 工人日报, 2020-01-16(3)[引用日期]. {ADDRESS}.",
        ),
        ("", f"{TITLE}[EB/OL]. (2020-01-15)[引用日期]. {ADDRESS}."),
    ],
)
def test_online_form_has_address_and_room_for_the_date_of_access(front: str, expected: str, lists: Lists) -> None:
    assert made(article(lists, front)).online == expected


def test_bibtex(lists: Lists) -> None:
    front = "byline: [{role: 记者, name: 甲乙}, {role: 通讯员, name: 丙丁}]"
    one = article(lists, f"{front}\nsource: {{paper: 工人日报, date: 2020-01-16, page: 3}}")
    assert made(one).bibtex == (
        "@article{song-nuan-2020,\n  author = {{甲乙} and {丙丁}},\n  title = {{工会送温暖}},\n"
        "  journal = {工人日报},\n"
        "  date = {2020-01-16},\n  year = {2020},\n  month = jan,\n  pages = {3},\n"
        f"  url = {{{ADDRESS}}},\n  entrysubtype = {{newspaper}},\n  langid = {{chinese}},\n}}"
    )
    assert made(article(lists, "")).bibtex.startswith("@misc{")


def test_ris(lists: Lists) -> None:
    front = "byline: [{role: 记者, name: 甲乙}]\ncampaign: [送温暖]"
    one = article(lists, f"{front}\nsource: {{paper: 工人日报, date: 2020-01, page: 3, inferred: true}}")
    assert made(one).ris.splitlines() == [
        *("TY  - NEWS", "AU  - 甲乙", "TI  - 工会送温暖", "T2  - 工人日报", "PY  - 2020", "DA  - 2020/01//", "SP  - 3"),
        *("KW  - 送温暖", "N1  - 报纸名据署名推定", "LA  - zh-CN", f"UR  - {ADDRESS}", "ER  - "),
    ]
    assert made(article(lists, "")).ris.startswith("TY  - ELEC\n")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("100% 达标", r"100\% 达标"),
        ("甲 & 乙 #1_$", r"甲 \& 乙 \#1\_\$"),
        ("}{", r"\textbraceright{}\textbraceleft{}"),
        ("a\\b~^", r"a\textbackslash{}b\textasciitilde{}\textasciicircum{}"),
        ("两行\n成一行", "两行 成一行"),
    ],
)
def test_tex_escapes(text: str, escaped: str) -> None:
    assert escape_tex(text) == escaped


def test_address_keeps_what_addresses_have() -> None:
    assert escape_url("https://a.example/~b/%E5?x=1&y_z#p3") == "https://a.example/~b/%E5?x=1&y_z#p3"
    assert escape_url("https://a.example/{b}") == "https://a.example/%7Bb%7D"


def test_names_that_share_a_role_stand_behind_it_together() -> None:
    byline = (Credit("记者", "甲甲", "本报"), Credit("记者", "乙乙", "本报"), Credit("通讯员", "丙丙"))
    assert group_byline(byline) == (("本报记者", ("甲甲", "乙乙")), ("通讯员", ("丙丙",)))


def bibtex_fields(entry: str) -> dict[str, str]:
    """As BibTeX reads: a brace counts with or without a backslash before it. Fails on anything left over."""
    head = re.match(r"@[a-z]+\{[a-z0-9-]+,", entry)
    assert head
    fields, place = {}, head.end()
    while field := re.compile(r"\s*([a-z]+) = ").match(entry, place):
        start = place = field.end()
        depth = 0
        while entry[place] != "," or depth:
            depth += {"{": 1, "}": -1}.get(entry[place], 0)
            assert depth >= 0
            place += 1
        fields[field[1]] = entry[start:place]
        place += 1
    assert entry[place:] == "\n}"
    return fields


ANY = st.text(st.one_of(st.sampled_from('{}\\%&#$_^~@"*,=-\n\r\t\u2028\x85\x00 '), st.characters()), max_size=30)


@given(title=ANY, subtitle=ANY, name=ANY, archive=ANY)
def test_no_value_breaks_bibtex(lists: Lists, title: str, subtitle: str, name: str, archive: str) -> None:
    front = "byline: [{role: 记者, name: 甲}]\nsource: {paper: 工人日报, date: 2020-01-16, page: 3}"
    plain = article(lists, front)
    odd = replace(plain, title=title, subtitle=subtitle, byline=(Credit("记者", name), Credit("作者", "乙")))
    entry = cite(odd, ADDRESS, archive, "zh-CN").bibtex
    assert {"title", *bibtex_fields(made(plain).bibtex)} == set(bibtex_fields(entry))
    bibtex_fields(cite(replace(odd, source=None), ADDRESS, archive, "zh-CN").bibtex)


@given(title=ANY, subtitle=ANY, name=ANY, archive=ANY)
def test_no_value_breaks_ris(lists: Lists, title: str, subtitle: str, name: str, archive: str) -> None:
    plain = article(lists, "byline: [{role: 记者, name: 甲}]")
    odd = replace(plain, title=title, subtitle=subtitle, byline=(Credit("记者", name),))
    lines = cite(odd, ADDRESS, archive or "工报", "zh-CN").ris.splitlines()
    assert all(RIS_LINE_RE.fullmatch(line) for line in lines)
    assert (lines[0], lines[-1]) == ("TY  - ELEC", "ER  - ")
    assert [line[:2] for line in lines].count("TY") == 1
    assert [line[:2] for line in lines].count("ER") == 1


@given(text=ANY)
def test_one_line_has_no_break_and_no_control_character(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
