"""Feeds, the site map, open data: their forms as other programs read them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gongbao.archive import load_archive
from gongbao.article import Article, Lists, parse_article
from gongbao.browse.catalogue import COLUMNS, KeptLines, catalogue_csv, catalogue_json, catalogue_schema
from gongbao.browse.download import zip_archive
from gongbao.browse.feeds import Feed, atom_feed, json_feed
from gongbao.browse.sitemap import Entry, last_day, sitemap_files
from gongbao.cache import Cache
from gongbao.packing import pack_file
from gongbao.story import Story

ROOT = Path(__file__).parents[1]
SITE = "https://a.example"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
FEED = Feed("工报", "档案", "zh-CN", "编辑部", f"{SITE}/", f"{SITE}/feeds/all.atom.xml")


@pytest.fixture
def article(lists: Lists) -> Article:
    text = """---
title: 一线 < 二线 & “三线”
date: 2020-01
region: [陕西省/延安市/安塞区]
campaign: [送温暖]
byline: [{role: 记者, name: 某某}]
---
正文"""
    return parse_article(Path("xian.md"), text, lists)[0]


def test_atom_feed_has_what_rfc_4287_requires(article: Article) -> None:
    text = atom_feed(FEED, [Story(article, "<p>正文</p>", "摘\u0008要")], SITE)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (child,) = element.findall(f"{ATOM}{name}")
            assert child.text
            assert name != "updated" or RFC3339.fullmatch(child.text)
    (entry,) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{SITE}/articles/2020/xian/"
    assert entry.findtext(f"{ATOM}title") == article.title
    assert entry.findtext(f"{ATOM}summary") == "摘要"  # XML has no such character
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "某某"
    assert [tag.get("term") for tag in entry.iter(f"{ATOM}category")] == ["陕西省延安市安塞区", "送温暖"]
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}


def test_id_of_an_entry_outlives_a_better_date(article: Article, lists: Lists) -> None:
    text = "---\ntitle: 一线\ndate: {}\n---\n正文"
    early, late = (parse_article(Path("xian.md"), text.format(date), lists)[0] for date in ("2020", "2020-05-01"))
    ids = {json.loads(json_feed(FEED, [Story(one, "", "")], SITE))["items"][0]["id"] for one in (early, late)}
    assert ids == {f"{SITE}{article.address}"}


def test_json_feed_has_what_version_1_1_requires(article: Article) -> None:
    feed = json.loads(json_feed(FEED, [Story(article, "<p>正文</p>", "摘要")], SITE))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    (item,) = feed["items"]
    assert item["id"] == item["url"]
    assert item["content_html"] == "<p>正文</p>"
    assert RFC3339.fullmatch(item["date_published"])
    assert item["authors"] == [{"name": "某某"}]


def test_feeds_of_the_site_agree(site: Path) -> None:
    root = ElementTree.parse(site / "feeds/all.atom.xml").getroot()
    feed = json.loads((site / "feeds/all.json").read_text("utf-8"))
    assert [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")] == [one["id"] for one in feed["items"]]
    assert all(entry.findtext(f"{ATOM}summary") for entry in root.iter(f"{ATOM}entry"))
    for path in site.rglob("feed.atom.xml"):
        own = ElementTree.parse(path).getroot()
        assert own.findtext(f"{ATOM}id") == f"http://127.0.0.1:8000/{path.relative_to(site).as_posix()}"


def test_site_map_is_split_past_its_limit() -> None:
    entries = [Entry(f"/a/{number}/", f"2020-01-{number:02}") for number in range(1, 6)] + [Entry("/b/?x=1&y=2")]
    assert set(sitemap_files(entries, SITE)) == {"sitemap.xml"}
    files = {name: own.to_xml() for name, own in sitemap_files(entries, SITE, limit=2).items()}
    assert set(files) == {"sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"}
    index = ElementTree.fromstring(files["sitemap.xml"])
    assert index.tag == f"{MAP}sitemapindex"
    locations = [node.text for node in index.iter(f"{MAP}loc")]
    assert locations == [f"{SITE}/sitemap-{number}.xml" for number in (1, 2, 3)]
    assert [node.text for node in index.iter(f"{MAP}lastmod")] == ["2020-01-02", "2020-01-04", "2020-01-05"]
    pages = [node.text for name in list(files)[1:] for node in ElementTree.fromstring(files[name]).iter(f"{MAP}loc")]
    assert pages == [SITE + entry.address for entry in sorted(entries, key=attrgetter("address"))]


def test_lastmod_is_a_full_date_or_nothing(site: Path, article: Article) -> None:
    assert last_day([article]) == ""  # only the month is known
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    dates = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in root}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in dates.values() if date)
    assert dates["http://127.0.0.1:8000/campaigns/song-wennuan/"] == "2023-01-04"
    assert "http://127.0.0.1:8000/404.html" not in dates
    for address in dates:
        path = str(address).removeprefix("http://127.0.0.1:8000/")
        assert (site / path / "index.html").is_file(), address


def test_schema_describes_every_row() -> None:
    articles = load_archive(ROOT / "content").articles
    item = json.loads(catalogue_schema("工报", f"{SITE}/data/articles.schema.json", "CC BY 4.0"))["items"]
    types = {"string": str, "integer": int, "array": list}
    for row in json.loads(catalogue_json(articles, SITE)):
        assert list(row) == item["required"] == list(item["properties"])
        for name, value in row.items():
            rule = item["properties"][name]
            assert rule["description"]
            assert "type" not in rule or isinstance(value, types[rule["type"]])
            assert "pattern" not in rule or re.search(rule["pattern"], value)
            for one in value if "items" in rule else ():
                assert re.search(rule["items"].get("pattern", ""), one)


def test_csv_has_the_same_columns() -> None:
    rows = list(csv.reader(io.StringIO(catalogue_csv([], "").removeprefix("\ufeff"))))
    assert rows == [[column.name for column in COLUMNS]]


def test_only_rows_of_articles_that_changed_are_made_anew(tmp_path: Path, article: Article) -> None:
    lines, made = KeptLines(Cache(tmp_path), "lines/x"), list[str]()

    def make(own: Article) -> str:
        made.append(own.digest)
        return f"line {own.digest}"

    first, other, third = (replace(article, digest=digest) for digest in "abc")
    assert lines([first, other], make) == ["line a", "line b"]
    assert lines([third, first], make) == ["line c", "line a"]
    assert lines([third, other], make) == ["line c", "line b"]  # what came back was forgotten
    assert "".join(made) == "abcb"


def test_download_is_the_same_bytes_whenever_it_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("甲", encoding="utf-8")
    (tmp_path / "b.md").write_text("乙", encoding="utf-8")
    files = {f"articles/2020/{name}": str(tmp_path / name) for name in ("b.md", "a.md")}
    first = zip_archive(files, "CC BY 4.0", {})
    (tmp_path / "a.md").touch()
    packed = {str(path): pack_file(path.read_bytes()) for path in (tmp_path / "a.md", tmp_path / "b.md")}
    assert zip_archive(dict(reversed(files.items())), "CC BY 4.0", packed) == first
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert names == ["LICENCE.txt", "articles/2020/a.md", "articles/2020/b.md"]


def test_download_holds_all_that_is_published(site: Path) -> None:
    with zipfile.ZipFile(site / "data/archive.zip") as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    published = [article.path for article in load_archive(ROOT / "content").articles]
    assert {name for name in names if name.startswith("articles/")} == {
        path.relative_to(ROOT / "content").as_posix() for path in published
    }
    assert "vocabularies/campaigns.toml" in names


def test_search_description_is_well_formed(site: Path) -> None:
    root = ElementTree.parse(site / "opensearch.xml").getroot()
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(str(root.findtext(f"{space}ShortName"))) <= 16
    assert "{searchTerms}" in str(root.findall(f"{space}Url")[0].get("template"))


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("regions/610603", ["工报", "地区", "陕西省", "延安市", "安塞区"]),
        ("campaigns/song-wennuan", ["工报", "活动", "送温暖"]),
        ("papers/gongren-ribao/2023-01", ["工报", "报纸", "工人日报", "2023年1月"]),
        ("days/01-15", ["工报", "历史上的今天", "1月15日"]),
    ],
)
def test_list_pages_carry_their_trail_and_their_card(path: str, names: list[str], site: Path) -> None:
    html = (site / path / "index.html").read_text("utf-8")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(block)
    assert [item["name"] for item in data["itemListElement"]] == names
    assert [item["position"] for item in data["itemListElement"]] == list(range(1, len(names) + 1))
    assert data["itemListElement"][-1]["item"] == f"http://127.0.0.1:8000/{path}/"
    for name in ("type", "site_name", "title", "description", "url", "locale"):
        assert html.count(f'property="og:{name}"') == 1
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/{path}/">' in html
