"""The built site in a real browser, as a reader uses it."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from gongbao.archive import load_archive
from gongbao.markup import html_paragraphs, render_markdown
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import results

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("张莲莲", "安塞区总工会"),
        ("党畔村", "党畔村"),
        ("欠薪 从化", "从化"),
        ("爱心驿站", "安塞区总工会"),
        ("８２８．８万元", "鄂尔多斯"),
    ],
)
def test_search_finds_the_story(query: str, title: str, page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q={query}")
    assert any(title in found for found in results(page)[:2])


def test_empty_search_page_says_how_to_ask(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    hint = page.locator("[data-search-hint]")
    expect(hint.get_by_role("link", name="怎样检索")).to_have_attribute("href", "/search-help/")
    page.get_by_label("检索词").fill("劳模")
    results(page)
    expect(hint).to_be_hidden()
    page.get_by_label("检索词").fill("")
    expect(hint).to_be_visible()
    page.goto(f"{address}/search/?q=劳模")
    results(page)
    expect(hint).to_be_hidden()


def test_first_result_stands_on_a_phones_first_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/search/?q=送温暖")
    results(page)
    expect(page.locator(".result-meta").first).to_be_in_viewport(ratio=1)


def test_ten_phrases_cut_at_random_find_their_articles(page: Page, address: str) -> None:
    rng = random.Random(11)
    for article in rng.sample(load_archive(ROOT / "content").articles, 10):
        body = "".join(html_paragraphs(render_markdown(article.body)))
        start = rng.randrange(len(body) - 12)
        page.goto(f"{address}/search/")
        page.get_by_label("检索词").fill(body[start : start + 12])
        page.get_by_role("button", name="检索").last.click()
        assert article.title in results(page), body[start : start + 12]


def test_filters_stand_in_the_address_and_survive_reload_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=送温暖")
    every = len(results(page))
    page.get_by_label("地区").select_option("610000")
    expect(page.locator("[data-search-status]")).not_to_contain_text(f"找到 {every} 篇")
    page.wait_for_url("**/search/?q=*&region=610000")
    inside = results(page)
    page.reload()
    assert results(page) == inside
    expect(page.get_by_label("地区")).to_have_value("610000")
    page.locator("select[name=to]").select_option("2019")
    expect(page.locator("[data-search-status]")).to_have_text("找到 1 篇")
    page.go_back()
    assert results(page) == inside
    expect(page.locator("select[name=to]")).to_have_value("")


def test_sorting_by_date(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=工会&sort=oldest")
    results(page)
    dates = [str(time.get_attribute("datetime"))[:4] for time in page.locator(".result time").all()]
    assert dates == sorted(dates)


def test_excerpt_comes_from_the_article_with_the_words_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=张莲莲")
    results(page)
    expect(page.locator(".result-excerpt mark").first).to_have_text(re.compile("张莲莲"))


def test_result_leads_to_the_article(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=党畔村")
    title = results(page)[0]
    page.locator(".result-title a").first.click()
    expect(page.locator("h1")).to_have_text(title)


def test_results_come_while_typing_but_not_while_composing(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    box = page.get_by_label("检索词")
    box.press_sequentially("欠薪")
    assert any("从化" in title for title in results(page))
    client = page.context.new_cdp_session(page)
    box.fill("")
    box.focus()
    client.send("Input.imeSetComposition", {"text": "gonghui", "selectionStart": 7, "selectionEnd": 7})
    page.wait_for_timeout(600)
    assert "gonghui" not in page.url
    client.send("Input.insertText", {"text": "工会"})
    page.wait_for_url(lambda url: "%E5%B7%A5%E4%BC%9A" in url)
    assert len(results(page)) == 10


def test_pages_of_results(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=工会")
    first = results(page)
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url(re.compile("page=2$"))
    second = results(page)
    assert not set(first) & set(second)


def test_header_box_leads_to_the_search_page(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    page.keyboard.press("/")
    page.keyboard.type("党畔村")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert "党畔村" in results(page)[0]


def test_words_that_no_article_has_are_named(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=火星 送温暖")
    results(page)
    expect(page.locator("[data-search-status]")).to_contain_text("略去了：火星")


def test_script_in_a_query_stays_text(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=<img src=x onerror=alert(1)> 工会")
    results(page)
    assert page.locator("main img").count() == 0


def test_without_script_lists_still_lead_everywhere(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search/?q=工会")
    expect(page.get_by_text("检索需要浏览器允许运行脚本")).to_be_visible()
    page.get_by_role("link", name="地区").first.click()
    page.get_by_role("link", name="陕西省").first.click()
    page.get_by_role("link", name="延安市").first.click()
    assert "安塞区总工会" in page.locator("main").inner_text()
    context.close()


def test_search_goes_on_after_a_republication(
    browser: Browser, site: Path, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    copy = shutil.copytree(site, tmp_path / "site")
    page = browser.new_page()
    page.goto(f"{serve_folder(copy)}/search/?q=欠薪")
    assert results(page)
    manifest = copy / "search-index" / "manifest.json"
    version = json.loads(manifest.read_text("utf-8"))["version"]
    manifest.write_text(manifest.read_text("utf-8").replace(version, "0" * 12), encoding="utf-8")
    (copy / "search-index" / version).rename(copy / "search-index" / ("0" * 12))
    page.locator("#q").fill("安塞 劳模")
    page.locator("#q").press("Enter")
    assert results(page)
    page.close()


def test_offline_is_said(context: BrowserContext, address: str) -> None:
    page = context.new_page()  # not the strict one: the browser itself complains of what can't be fetched
    page.goto(f"{address}/search/")
    page.route("**/search-index/**", lambda route: route.abort())
    page.get_by_label("检索词").fill("工会")
    page.get_by_role("button", name="检索").last.click()
    expect(page.locator("[data-search-status]")).to_have_text("没有网络，这次检索要用的索引也没有存下来。")
