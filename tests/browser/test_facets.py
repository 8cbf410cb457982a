"""Narrowing a search by bars and counts, and the marks that a result leaves in the article."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import results

pytestmark = pytest.mark.browser

STATUS = "[data-search-status]"
BARS = "[data-search-years] a"
VALUES = "[data-search-values]"


def total(page: Page) -> int:
    results(page)
    match = re.search(r"找到 (\d+) 篇", page.locator(STATUS).inner_text())
    assert match
    return int(match[1])


def open_facets(page: Page) -> None:
    page.get_by_text("按地区、活动、报纸细分").click()
    expect(page.locator(f"{VALUES} .facet")).to_have_count(3)


def test_columns_are_fetched_only_when_the_facets_open(page: Page, address: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{address}/search/?q=送温暖")
    results(page)
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "columns" in url]
    open_facets(page)
    page.locator("select[name=sort]").select_option("newest")
    results(page)
    assert len([url for url in fetched if url.endswith("columns.bin")]) == 1


def test_value_sets_the_filter_and_its_count_is_kept(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=送温暖")
    results(page)
    open_facets(page)
    item = page.locator(f"{VALUES} li").filter(has_text="陕西省")
    count = int(re.sub(r"\D", "", item.locator(".count").inner_text()))
    item.get_by_role("link").click()
    page.wait_for_url("**/search/?q=*&region=610000")
    expect(page.locator(STATUS)).to_have_text(f"找到 {count} 篇")
    expect(page.get_by_label("地区")).to_have_value("610000")
    expect(page.locator(f"{VALUES} [aria-current]")).to_be_focused()
    page.locator(VALUES).get_by_role("link", name="延安市").click()
    page.wait_for_url("**region=610600")
    page.locator(VALUES).get_by_role("link", name="全部地区").click()
    page.wait_for_url(lambda url: "region" not in url)
    page.go_back()
    expect(page.get_by_label("地区")).to_have_value("610600")


def test_paper_filter_stands_in_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=工会")
    every = total(page)
    page.get_by_label("报纸").select_option("gongren-ribao")
    page.wait_for_url("**/search/?q=*&paper=gongren-ribao")
    expect(page.locator(STATUS)).not_to_have_text(f"找到 {every} 篇")
    inside = total(page)
    assert 0 < inside < every
    page.reload()
    assert total(page) == inside
    expect(page.get_by_label("报纸")).to_have_value("gongren-ribao")


def test_bar_sets_the_year_and_takes_it_away_again(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=送温暖")
    every = total(page)
    labels = [str(bar.get_attribute("aria-label")) for bar in page.locator(BARS).all()]
    assert sum(int(label.split()[1]) for label in labels) == every
    page.get_by_role("link", name=labels[0]).click()
    year = labels[0][:4]
    page.wait_for_url(f"**from={year}&to={year}")
    expect(page.locator(STATUS)).to_have_text(f"找到 {labels[0].split()[1]} 篇")
    expect(page.locator("select[name=from]")).to_have_value(year)
    assert [str(bar.get_attribute("aria-label")) for bar in page.locator(BARS).all()] == labels
    page.get_by_role("link", name=labels[0]).click()
    expect(page.locator(STATUS)).to_have_text(f"找到 {every} 篇")
    expect(page.locator("select[name=from]")).to_have_value("")


@pytest.mark.parametrize("width", [390, 1280])
def test_narrowing_fits_the_screen(width: int, page: Page, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}/search/?q=工会")
    results(page)
    open_facets(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_moves_when_the_first_answer_comes(page: Page, address: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search-index/manifest.json", hold)
    page.goto(f"{address}/search/?q=送温暖", wait_until="commit")
    expect(page.locator(".result.is-loading").first).to_be_visible()
    tops = page.evaluate(
        "['.year-chart', '.results'].map((s) => document.querySelector(s).getBoundingClientRect().top)"
    )
    for route in held:
        route.continue_()
    results(page)
    expect(page.locator(".result.is-loading")).to_have_count(0)
    after = page.evaluate(
        "['.year-chart', '.results'].map((s) => document.querySelector(s).getBoundingClientRect().top)"
    )
    assert tops == after


def test_escape_clears_the_box(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=送温暖")
    results(page)
    page.get_by_label("检索词").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_label("检索词")).to_have_value("")
    expect(page.locator(".result")).to_have_count(0)
    expect(page.locator("[data-search-panel]")).to_be_hidden()


def test_article_opened_from_a_result_has_the_words_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=府谷县 送温暖")
    results(page)
    page.locator(".result-title a").first.click()
    expect(page.locator("h1 mark")).to_have_text(["府谷县", "送温暖"])
    assert page.locator("[data-article-body] mark").count() > 0
    canonical = str(page.locator("link[rel=canonical]").get_attribute("href"))
    assert canonical.endswith("/articles/2020/fugu-weiwen-huanwei/")
    marked = page.locator("[data-article-body]").inner_text()
    page.get_by_role("button", name="清除标记").click()
    assert page.locator("mark").count() == 0
    assert "?" not in page.url
    assert page.locator("[data-article-body]").inner_text() == marked
    expect(page.get_by_role("button", name="清除标记")).to_have_count(0)
    expect(page.locator("h1")).to_be_focused()


def test_article_without_the_parameter_fetches_no_marker(page: Page, address: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{address}/articles/2020/fugu-weiwen-huanwei/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "highlight" in url]


def test_words_across_emphasis_are_marked_and_put_together_again(page: Page, address: str) -> None:
    page.goto(f"{address}/articles/2020/fugu-weiwen-huanwei/")
    page.evaluate("document.querySelector('[data-article-body] p').innerHTML = '工<em>会送温</em>暖，<b>温</b>'")
    page.evaluate(
        """async () => {
          const {src} = document.querySelector("script[src$='/js/site.js']");
          const marker = await import(src.replace("site.js", "search/highlight.js"));
          marker.markArticle(['工会', '送温暖', '<b>', '温']);
        }"""
    )
    first = page.locator("[data-article-body] p").first
    expect(first.locator("mark")).to_have_text(["工", "会送温", "暖"])
    page.get_by_role("button", name="清除标记").click()
    assert first.inner_html() == "工<em>会送温</em>暖，<b>温</b>"
