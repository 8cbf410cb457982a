"""A build as a whole: real Pelican, real files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from gongbao.addresses import file_of
from gongbao.archive import load_archive
from gongbao.build.run import BuildError, build_site
from gongbao.markup import html_links

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "pelicanconf.py"
ADDRESSES = """
/ /regions/ /regions/610000/ /regions/610600/ /regions/610603/ /campaigns/ /campaigns/song-wennuan/ /years/
/years/2020/ /papers/gongren-ribao/ /papers/gongren-ribao/2023-01/ /search/ /shelf/ /feeds/all.atom.xml
/regions/610603/feed.atom.xml /campaigns/song-wennuan/feed.atom.xml /data/articles.json /data/articles.csv
/sitemap.xml /robots.txt /opensearch.xml /404.html /search-index/manifest.json /theme/js/search/engine.js
/articles/2020/ansai-gonghui-pinpai/ /about/ /search-help/ /cite/ /editorial/
""".split()


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_is_there(site: Path, address: str) -> None:
    assert (site / file_of(address)).is_file()


def test_every_article_has_its_page(site: Path) -> None:
    articles = load_archive(ROOT / "content").articles
    assert len(articles) >= 37
    for article in articles:
        page = (site / file_of(article.address)).read_text("utf-8")
        assert f"<h1>{article.title}</h1>" in page.replace("<wbr>", "")
        assert all(figure.text in page for figure in article.figures)


def test_front_page_tells_search_engines_what_is_new(site: Path) -> None:
    html = (site / "index.html").read_text("utf-8")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    items = json.loads(found[1])["itemListElement"] if found else []
    newest = load_archive(ROOT / "content").articles[:8]
    assert [(item["name"], item["url"]) for item in items] == [
        (article.title, f"http://127.0.0.1:8000{article.address}") for article in newest
    ]
    assert "\\u" not in html


def test_every_internal_link_leads_somewhere(site: Path) -> None:
    broken = []
    for page in site.rglob("*.html"):
        for link in html_links(page.read_text("utf-8")):
            parts = urlsplit(link)
            if parts.scheme == "mailto" or (parts.netloc and parts.netloc != "127.0.0.1:8000"):
                continue
            path = unquote(parts.path)
            target = site / file_of(path) if path.startswith("/") else page.parent / file_of("/" + path)
            if path and not target.is_file():
                broken.append(f"{page.relative_to(site)}: {link}")
    assert broken == []


def test_no_page_asks_anything_of_another_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        html = page.read_text("utf-8")
        assert not re.search(
            r'<(?:script|img|iframe|link rel="(?:stylesheet|icon|preload)")[^>]+(?:src|href)="(?:https?:)?//', html
        )
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)", html), page
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html), page


def test_titles_are_escaped(write_article: Callable[..., Path], tmp_path: Path) -> None:
    write_article(title='"<b>工会</b> & <script>x</script>"')
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    for page in (tmp_path / "output").rglob("*.html"):
        assert "<b>工会" not in page.read_text("utf-8")
        assert "<script>x" not in page.read_text("utf-8")


def test_content_without_lists_uses_the_projects_own(write_article: Callable[..., Path], tmp_path: Path) -> None:
    write_article()
    report = build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert report.articles == 1
    assert (tmp_path / "output/campaigns/song-wennuan/index.html").is_file()
    assert (tmp_path / "output/regions/610603/index.html").is_file()


def test_same_slug_in_two_years_is_two_articles(write_article: Callable[..., Path], tmp_path: Path) -> None:
    write_article("jian-xun", date="2019-01-02")
    write_article("jian-xun", date="2020-01-02")
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert all((tmp_path / f"output/articles/{year}/jian-xun/index.html").is_file() for year in (2019, 2020))


def test_long_list_has_pages(write_article: Callable[..., Path], tmp_path: Path) -> None:
    for number in range(31):
        write_article(f"a{number:02d}", title=f"第{number}篇")
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    first = (tmp_path / "output/regions/610000/index.html").read_text("utf-8")
    second = (tmp_path / "output/regions/610000/page/2/index.html").read_text("utf-8")
    assert 'rel="next" href="/regions/610000/page/2/"' in first
    assert 'rel="prev" href="/regions/610000/"' in second
    assert second.count('class="entry-title"') == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"region": "陕西省/延安市/安寨区"}, "没有“陕西省/延安市/安寨区”这个地区"),
        ({"date": "2020-02-30"}, "日期“2020-02-30”在日历上不存在"),
        ({"title": ""}, "缺少标题"),
    ],
)
def test_mistake_stops_the_build_and_leaves_the_old_site(
    values: dict[str, str], message: str, write_article: Callable[..., Path], tmp_path: Path
) -> None:
    write_article("good")
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    before = digest(tmp_path / "output")
    bad = write_article("bad", **values)
    with pytest.raises(BuildError) as caught:
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert re.search(rf"^{re.escape(str(bad))}:\d+(?::\d+)?: {message}", str(caught.value), re.MULTILINE)
    assert digest(tmp_path / "output") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".output-cache", "content", "output"]


def test_swap_that_was_killed_half_way_is_mended(write_article: Callable[..., Path], tmp_path: Path) -> None:
    write_article()
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    before = digest(tmp_path / "output")
    (tmp_path / "output").rename(tmp_path / ".output-old")
    write_article("bad", title="")
    with pytest.raises(BuildError):
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert digest(tmp_path / "output") == before


def test_two_builds_give_the_same_bytes(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    build_site(ROOT / "content", tmp_path / "output", SETTINGS)
    assert digest(tmp_path / "output") == digest(site)


def test_missing_content_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="没有内容文件夹"):
        build_site(tmp_path / "nowhere", tmp_path / "output", SETTINGS)


def test_published_site_below_a_path(
    write_article: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGBAO_SITEURL", "https://archive.example/union")
    write_article()
    build_site(tmp_path / "content", tmp_path / "output", ROOT / "publishconf.py")
    home = (tmp_path / "output/index.html").read_text("utf-8")
    assert 'href="/union/regions/"' in home
    assert '<link rel="canonical" href="https://archive.example/union/">' in home
    rows = json.loads((tmp_path / "output/data/articles.json").read_text("utf-8"))
    assert rows[0]["url"] == "https://archive.example/union/articles/2020/song-nuan/"
