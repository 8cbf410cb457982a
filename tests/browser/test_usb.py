"""The edition for reading rooms without a net, opened from a disk in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from gongbao.usb.edition import make_edition
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import results

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def edition(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration archive in a folder whose name has a space and Chinese in it, as on a reader's stick."""
    return make_edition(site, ROOT / "theme", tmp_path_factory.mktemp("stick") / "我的 优盘").folder


@pytest.fixture
def reader(browser: Browser, edition: Path) -> Iterator[Page]:
    """A reader without a net, at the home page. Nothing may be complained of, nothing asked but the edition's files."""
    context = browser.new_context(locale="zh-CN", offline=True)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(edition.as_uri()) else complaints.append(asked.url))
    page.on("requestfailed", lambda asked: complaints.append(f"{asked.url} {asked.failure}"))
    page.goto((edition / "打开档案.html").as_uri())
    page.wait_for_url("**/site/index.html")
    yield page
    # A page that is left lets go of its icon, if that is still being fetched.
    let_go = f"{(edition / 'site/theme/img/icon.svg').as_uri()} net::ERR_ABORTED"
    assert [complaint for complaint in complaints if complaint != let_go] == []
    context.close()


def test_search_leads_to_an_article_with_its_words_marked(reader: Page) -> None:
    reader.get_by_label("检索全文").fill("张莲莲")
    reader.keyboard.press("Enter")
    assert "安塞区总工会" in results(reader)[0]
    expect(reader.locator(".result-excerpt mark").first).to_have_text(re.compile("张莲莲"))
    reader.locator(".result-title a").first.click()
    expect(reader).to_have_url(re.compile(r"^file:.*/articles/\d+/[a-z0-9-]+/index\.html\?mark="))
    expect(reader.locator("[data-article-body] mark").first).to_be_visible()
    reader.get_by_role("button", name="清除标记").click()
    expect(reader.locator("mark")).to_have_count(0)


def test_everything_of_the_search_works(reader: Page) -> None:
    reader.get_by_label("栏目").get_by_role("link", name="检索").click()
    box = reader.get_by_label("检索词")
    box.press_sequentially("gonghui")
    expect(reader.locator(".suggestions li").first).to_contain_text("工会")
    box.fill('"送温暖"')
    box.press("Enter")
    every = len(results(reader))
    assert every
    reader.get_by_text("按地区、活动、报纸细分").click()
    reader.locator("[data-search-values] a", has_text="陕西").first.click()
    expect(reader).to_have_url(re.compile("region=610000"))
    inside = results(reader)
    assert 0 < len(inside) <= every
    reader.reload()
    assert results(reader) == inside
    reader.go_back()
    assert len(results(reader)) == every
    reader.locator(".result").first.locator(".result-source a").last.click()
    expect(reader).to_have_url(re.compile(r"/papers/[a-z-]+/[\d-]+/index\.html#page-"))
    expect(reader.locator("h1")).to_be_visible()
    reader.go_back()
    reader.locator(".result .tag-place").first.click()
    expect(reader).to_have_url(re.compile(r"/regions/\d+/index\.html$"))
    expect(reader.locator("h1")).to_be_visible()


def test_title_among_the_suggestions_leads_to_its_article(reader: Page) -> None:
    reader.get_by_label("栏目").get_by_role("link", name="检索").click()
    reader.get_by_label("检索词").press_sequentially("安塞区总工会")
    # What is found meanwhile is read from its file; to leave before it has come would be a failed request.
    expect(reader.locator(".result-excerpt mark").first).to_be_visible()
    reader.locator(".suggestions li", has_text="文章").first.click()
    expect(reader.locator("[data-story]")).to_be_visible()


def test_today_and_links_of_every_section_work(reader: Page) -> None:
    expect(reader.locator("[data-today-list] a").first).to_be_visible()
    reader.locator("[data-today-list] a").first.click()
    expect(reader.locator("[data-story]")).to_be_visible()
    for section in ("地区", "活动", "年份", "报纸"):
        reader.get_by_label("栏目").get_by_role("link", name=section).click()
        reader.locator("main a:visible").first.click()
        expect(reader.locator("h1")).to_have_count(1)


def test_kept_articles_are_listed_and_lead_back(reader: Page) -> None:
    reader.locator(".entry-title a").first.click()
    title = reader.locator("h1").text_content()
    reader.locator("[data-keep]").click()
    reader.get_by_role("link", name="看收藏").click()
    reader.get_by_role("link", name=str(title), exact=True).click()
    expect(reader.locator("h1")).to_have_text(str(title))


def test_every_address_of_every_page_leads_to_a_file(edition: Path) -> None:
    folder = edition / "site"
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 100
    for page in pages:
        for address in re.findall(r'<[a-z]+ [^>]*?(?:href|src|action)="([^"#?]+)', page.read_text("utf-8")):
            if re.match(r"[a-z]+:", address):
                continue
            assert not address.startswith("/"), f"{page}: {address}"
            target = os.path.normpath(page.parent / address)
            assert Path(target).is_file(), f"{page}: {address}"
            assert target.startswith(str(folder)), f"{page}: {address}"
