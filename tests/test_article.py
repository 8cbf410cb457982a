import re
from pathlib import Path

import pytest
from gongbao.article import Article, Figure, Lists, parse_article
from gongbao.problem import ContentError

INVALID = sorted((Path(__file__).parent / "data" / "invalid").glob("*.md"))
EXPECT_RE = re.compile(r"# expect: (?P<line>\d+): (?P<message>.*) \((?P<rule>[a-z-]+)\)")

FULL = """\
---
title: 做实事的区总工会
kicker: 年终盘点
subtitle: ——一个区的工会怎样做事
date: 2001-05
region: [陕西省/延安市/安塞县, 陕西省]
campaign: [冬送温暖, song-wennuan, 劳模]
year: 2001
source: {paper: gongren-ribao, date: 2001-05-04, page: 2}
byline: [{role: 记者, name: 甲乙, org: 本报}, {role: 通讯员, name: 丙丁}]
figures: [{what: 慰问金, value: 73.6, unit: 万元}]
note: 原文缺末段。
---

正文第一段。
"""


def parse(text: str, lists: Lists, name: str = "shi-shi.md") -> Article:
    return parse_article(Path("content/articles/2001") / name, text, lists)[0]


def test_every_field_is_read(lists: Lists) -> None:
    article = parse(FULL, lists)
    assert article.address == "/articles/2001/shi-shi/"
    assert str(article.date) == "2001-05"
    assert [place.full_name for place in article.places] == ["陕西省延安市安塞县", "陕西省"]
    assert article.places[0].region.code == "610603"
    assert [campaign.id for campaign in article.campaigns] == ["song-wennuan", "laomo-gongjiang"]
    assert article.source is not None
    assert article.source.issue_address == "/papers/gongren-ribao/2001-05-04/"
    assert [credit.title for credit in article.byline] == ["本报记者", "通讯员"]
    assert article.figures == (Figure("慰问金", 73.6, "万元"),)
    assert article.note == "原文缺末段。"
    assert article.body.strip() == "正文第一段。"
    assert FULL.splitlines()[article.body_line] == "正文第一段。"


def test_carriage_returns_change_nothing(lists: Lists) -> None:
    assert parse(FULL.replace("\n", "\r\n"), lists) == parse(FULL, lists)


def test_numbers_and_words_of_yaml_stay_text(lists: Lists) -> None:
    """YAML would make a number of 2020 and false of no; a title is what is written."""
    for title in ("2020", "no", "1e3", "2020-01-15"):
        assert parse(f"---\ntitle: {title}\ndate: 2020\n---\n正文", lists).title == title


def test_name_of_another_year_is_a_warning(lists: Lists) -> None:
    text = "---\ntitle: 题\ndate: 2019\nregion: [陕西省/延安市/安塞县]\n---\n正文"
    article, warnings = parse_article(Path("a.md"), text, lists)
    assert article.places[0].region.code == "610603"
    (warning,) = warnings
    assert warning.severity == "warning"
    assert (warning.line, warning.rule) == (4, "region-of-another-year")
    assert "陕西省/延安市/安塞区" in warning.message


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_is_refused_as_it_expects(path: Path, lists: Lists) -> None:
    text = path.read_text(encoding="utf-8")
    expected = EXPECT_RE.search(text)
    assert expected, "a fixture must say what it expects"
    with pytest.raises(ContentError) as caught:
        parse_article(path, text, lists)
    (problem,) = caught.value.problems
    assert (problem.line, problem.rule) == (int(expected["line"]), expected["rule"])
    assert expected["message"] in problem.message
    assert str(problem).startswith(f"{path}:{problem.line}:{problem.column}: ")


def test_all_problems_are_told_at_once(lists: Lists) -> None:
    text = "---\ndate: 2020-13\nregion: [没有省]\ncampaign: [没有]\n---\n"
    with pytest.raises(ContentError) as caught:
        parse_article(Path("a.md"), text, lists)
    rules = {problem.rule for problem in caught.value.problems}
    assert rules == {"missing-title", "bad-date", "unknown-region", "unknown-campaign", "missing-body"}


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure("助学金", 20, "万元", "近"), "近20万元"),
        (Figure("慰问金", 170, "万元", "余"), "170余万元"),
        (Figure("资金", 3.3, "亿元", "余"), "3.3亿余元"),
        (Figure("捐款", 3, "万元", "多"), "3万多元"),
        (Figure("职工", 200, "人", "余"), "200余人"),
        (Figure("理赔", 29.9412, "万元"), "29.9412万元"),
    ],
)
def test_figure_reads_as_newspapers_write_it(figure: Figure, text: str) -> None:
    assert figure.text == text
