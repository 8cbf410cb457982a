"""The review page of a cut, opened from disk as an editor opens it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gongbao.article import Lists
from gongbao.clip.cut import cut_page
from gongbao.clip.reading import read_dump
from gongbao.clip.review import render_review
from playwright.sync_api import Browser, Page, expect

from tests.clipping import PAGES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory, lists: Lists) -> str:
    path = tmp_path_factory.mktemp("review") / "review.html"
    hostile = "<script>document.title = 'x'</script>\n\n"
    dump = tmp_path_factory.mktemp("page") / "page.txt"
    dump.write_text(hostile + (PAGES / "broken-continued-below.txt").read_text("utf-8"), encoding="utf-8")
    path.write_text(render_review(cut_page(read_dump(dump), lists)), encoding="utf-8")
    return Path(path).as_uri()


@pytest.fixture(params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def page(browser: Browser, review: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    page.goto(review)
    yield page
    context.close()
    assert complaints == []


def test_click_on_a_piece_shows_where_it_went(page: Page) -> None:
    piece = page.locator("#l3 .piece")
    owner = piece.get_attribute("data-owner")
    piece.click()
    card = page.locator(f"article[data-owner={owner}]")
    expect(card).to_be_in_viewport()
    expect(card).to_have_class("card lit")
    lit = page.locator(".piece.lit")
    assert lit.count() > 3
    assert {one.get_attribute("data-owner") for one in lit.all()} == {owner}
    expect(page.locator("[data-status]")).to_contain_text("第 3 行")


def test_text_of_an_article_leads_back_to_the_page(page: Page) -> None:
    link = page.locator("article.card .text a").last
    link.click()
    target = (link.get_attribute("href") or "").removeprefix("#")
    expect(page.locator(f"#{target}")).to_be_in_viewport()


def test_nothing_of_the_dump_is_markup(page: Page) -> None:
    assert page.title() == "审阅：page.txt"
    expect(page.locator("#l1")).to_contain_text("<script>")


def test_page_is_never_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
