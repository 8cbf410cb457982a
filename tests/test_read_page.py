"""What stands around an article: neighbours, anchors, metadata, the address for errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from gongbao.addresses import file_of
from gongbao.archive import load_archive
from gongbao.article import Article, Lists, parse_article
from gongbao.build.run import build_site
from gongbao.markup import html_paragraphs, render_markdown
from gongbao.read.anchors import number_paragraphs
from gongbao.read.metadata import Subject, citation_tags, news_article, open_graph
from gongbao.read.neighbours import Series
from gongbao.read.report import check_report, report_address
from gongbao.settings import Settings
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
ADDRESS = "https://archive.example/articles/2020/one/"


def article(lists: Lists, slug: str, date: str = "2020", front: str = "region: [陕西省/延安市/安塞区]") -> Article:
    text = f"---\ntitle: {slug}\ndate: {date}\n{front}\n---\n正文"
    return parse_article(Path(f"{slug}.md"), text, lists)[0]


def around(lists: Lists, one: Article, *others: Article) -> list[tuple[str, str, str]]:
    found = Series([one, *others], lists.regions).around(one)
    return [(own.name, *(other.title if other else "" for other in (own.before, own.after))) for own in found]


def test_neighbours_of_the_same_place_in_the_order_of_time(lists: Lists) -> None:
    early, one, late = (article(lists, name, year) for name, year in (("a", "2001"), ("b", "2019"), ("c", "2020")))
    assert around(lists, one, late, early) == [("安塞区", "a", "c")]
    assert around(lists, early, late, one) == [("安塞县", "", "b")]  # as it was called then


def test_place_of_one_article_gives_way_to_what_holds_it(lists: Lists) -> None:
    one = article(lists, "one")
    city = article(lists, "city", "2019", "region: [陕西省/延安市]")
    province = article(lists, "province", "2021", "region: [陕西省/西安市]")
    assert around(lists, one, city, province) == [("延安市", "city", "")]
    assert around(lists, one, province) == [("陕西省", "", "province")]
    assert around(lists, one) == []


def test_first_campaign_that_has_others(lists: Lists) -> None:
    one = article(lists, "one", "2020", "campaign: [金秋助学, 送温暖]")
    other = article(lists, "other", "2021", "campaign: [送温暖]")
    assert around(lists, one, other) == [("送温暖", "", "other")]


def test_article_of_two_places_is_no_neighbour_of_itself(lists: Lists) -> None:
    one = article(lists, "one", "2020", "region: [陕西省/延安市/安塞区, 陕西省/西安市]")
    assert around(lists, one, article(lists, "other", "2019")) == [("安塞区", "other", "")]


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("一\n\n## 题\n\n二\n", ["p1", "p2"]),
        ("一\n\n- 甲\n\n- 乙\n\n二\n", ["p1", "p2"]),
        ("> 引文\n\n二\n", ["p1", "p2"]),
        ("一[^1]\n\n二\n\n[^1]: 注。\n", ["p1", "p2"]),
        ("一\n\n二\n{: #own }\n\n三\n", ["p1", "own", "p3"]),
        ("## 题 {: #p1 }\n\n一\n\n二\n", ["p2"]),
        ("代码 `<p>` 是文字\n", ["p1"]),
    ],
    ids=["subhead", "list", "quotation", "footnote", "own id", "taken id", "code"],
)
def test_paragraphs_have_anchors(source: str, ids: list[str]) -> None:
    html = number_paragraphs(render_markdown(source))
    assert re.findall(r'<p id="([^"]+)"', html) == ids
    assert re.findall(r'class="anchor" href="#([^"]+)"', html) == ids
    every = re.findall(r'\sid="([^"]+)"', html)
    assert len(every) == len(set(every))


@given(st.text(st.sampled_from("一二<>pli/ \n-#>*{}:1.|"), max_size=80))
def test_anchors_change_no_text(source: str) -> None:
    html = render_markdown(source)
    assert html_paragraphs(number_paragraphs(html)) == html_paragraphs(html)


def subject(one: Article) -> Subject:
    return Subject(one, ADDRESS, "摘要", Settings(licence_url="https://licence.example/"))


def test_news_article_says_where_it_stood(lists: Lists) -> None:
    source = "source: {paper: 工人日报, date: 2020-01-16, page: 3}\nbyline: [{role: 记者, name: 甲, org: 新华社}]"
    document = news_article(subject(article(lists, "one", "2020-01", f"campaign: [送温暖]\n{source}")))
    assert document["@type"] == "NewsArticle"
    assert (document["printEdition"], document["printPage"]) == ("2020-01-16", "3")
    assert (document["datePublished"], document["temporalCoverage"]) == ("2020-01-16", "2020-01")
    assert document["isPartOf"]["isPartOf"] == {"@type": "Newspaper", "name": "工人日报"}
    assert document["author"][0]["affiliation"]["name"] == "新华社"
    assert document["keywords"] == ["送温暖"]
    assert "image" not in document


def test_metadata_claims_no_more_than_is_known(lists: Lists) -> None:
    one = subject(article(lists, "one", "2020-01-15", "source: {paper: 工人日报}"))
    assert news_article(one)["datePublished"] == "2020"
    assert "printPage" not in news_article(one)
    tags = dict(citation_tags(one))
    assert tags["citation_publication_date"] == "2020"
    assert "article:published_time" not in dict(open_graph(one))


def test_zotero_is_told_that_it_is_a_newspaper(lists: Lists) -> None:
    byline = "byline: [{role: 记者, name: 甲}, {role: 通讯员, name: 乙}]"
    front = f"source: {{paper: 工人日报, date: 2020-01-16, page: 3}}\n{byline}"
    tags = citation_tags(subject(article(lists, "one", "2020-01-16", front)))
    assert ("z:itemType", "newspaperArticle") in tags
    assert [content for name, content in tags if name == "citation_author"] == ["甲", "乙"]
    assert ("citation_publication_date", "2020/01/16") in tags
    assert ("citation_journal_title", "工人日报") in tags
    assert dict(citation_tags(subject(article(lists, "two"))))["z:itemType"] == "webpage"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("javascript:alert(1)", "应以"),
        ("editor@example.org", "应以"),
        ("https://a.example/?t={titel}", "没有“titel”"),
        ("https://a.example/?t={title", "花括号"),
        ("https://a.example/?t={}", "没有“”"),
    ],
)
def test_wrong_address_for_errors_is_refused(template: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_report(template)


def test_address_for_errors_is_filled_in(lists: Lists) -> None:
    template = "https://a.example/issues/new?title={title}&body={body}"
    check_report(template)
    query = parse_qs(urlsplit(report_address(template, replace(article(lists, "a"), title="a&b=c#d"), ADDRESS)).query)
    assert query["title"] == ["指错：a&b=c#d"]
    assert ADDRESS in query["body"][0]
    assert report_address("", article(lists, "a"), ADDRESS) == ""


def test_no_title_leaves_its_place(write_article: Callable[..., Path], tmp_path: Path) -> None:
    title = "</script><script>alert(1)</script> & {{ 7 * 7 }} \\\\ 100%"
    write_article(title=f'"{title}"')
    build_site(tmp_path / "content", tmp_path / "output", ROOT / "pelicanconf.py")
    html = (tmp_path / "output/articles/2020/song-nuan/index.html").read_text("utf-8")
    assert "<script>alert" not in html
    news, crumbs = sorted(map(json.loads, re.findall(r'ld\+json">(.*?)</script>', html)), key=lambda one: -len(one))
    assert news["headline"] == title.replace("\\\\", "\\")
    assert crumbs["itemListElement"][-1]["name"] == news["headline"]
    assert [step["name"] for step in crumbs["itemListElement"]][:5] == ["工报", "地区", "陕西省", "延安市", "安塞区"]


def test_every_article_has_its_citations_and_metadata(site: Path) -> None:
    for one in load_archive(ROOT / "content").articles:
        html = (site / file_of(one.address)).read_text("utf-8")
        for name in ("cite-text", "cite-online", "cite-bibtex", "cite-ris", "permalink"):
            assert f'id="{name}"' in html, one.slug
        assert html.count('type="application/ld+json"') == 2
        assert html.count('property="og:title"') == 1
        assert html.count('rel="canonical"') == 1
        assert 'id="p1"' in html


WHOLE = """\
---
title: 环卫工人有了歇脚的地方
kicker: 三伏天里的一杯凉茶
subtitle: 新设十二处驿站
date: 2014-07
region: [陕西省/延安市/安塞县]
campaign: [送清凉]
source: {paper: 工人日报, date: 2014-07-22, page: 2, inferred: true}
byline: [{role: 记者, name: 甲某某, org: 本报}, {role: 通讯员, name: 乙某某}]
figures: [{what: 购置防暑用品, value: 20, unit: 万元, qualifier: 近}]
note: 所据录文到“一杯”为止，后文缺失。
---

入伏以后，街边多了一杯
"""


def test_page_shows_what_the_front_matter_says_and_no_more(write_article: Callable[..., Path], tmp_path: Path) -> None:
    write_article("whole", date="2014", text=WHOLE)
    write_article("bare", date="2013", text="---\ntitle: 只有题和年\ndate: 2013\n---\n\n正文。\n")
    site = build_site(tmp_path / "content", tmp_path / "site", ROOT / "pelicanconf.py").output
    whole, bare = (
        BeautifulSoup((site / f"articles/{name}/index.html").read_text("utf-8"), "html.parser").main
        for name in ("2014/whole", "2013/bare")
    )
    assert whole
    assert bare
    seen = {name: [node.get_text("", strip=True) for node in whole.select(name)] for name in SEEN}
    assert seen == SEEN
    links = {str(link["href"]) for link in whole.select(".story-meta a")}
    assert links == {"/papers/gongren-ribao/", "/papers/gongren-ribao/2014-07-22/#page-2"}
    crumbs = [str(link["href"]) for link in whole.select(".crumbs a")]
    assert crumbs == [f"/regions/{code}" for code in ("", "610000/", "610600/", "610603/")]
    shown = bare.select("time, .byline, .figures, .editor-note, .kicker, .subtitle")
    assert [node.get_text(strip=True) for node in shown] == ["2013年"]
    assert not bare.select(".story-meta a, .crumbs")


SEEN = {
    "h1": ["环卫工人有了歇脚的地方"],
    ".kicker": ["三伏天里的一杯凉茶"],
    ".subtitle": ["新设十二处驿站"],
    ".byline .credit": ["本报记者甲某某", "通讯员乙某某"],
    ".story-meta time": ["2014年7月"],
    ".story-meta .inferred": ["（据署名推定）"],
    ".figures tbody tr": ["购置防暑用品近20万元"],
    ".editor-note": ["编者注所据录文到“一杯”为止，后文缺失。"],
    ".story-tags .tag-place": ["安塞县"],
}
