"""The site with an English interface, as a reader uses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ARTICLE = "/articles/2020/ansai-gonghui-pinpai/"
FIND_UNMARKED = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement.closest("[lang]").lang;
    if (/\\p{Script=Han}/u.test(node.data) && own !== "zh-CN" && node.parentElement.tagName !== "SCRIPT") {
      found.push(node.data);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def address(english_site: Path, serve_folder: Callable[[Path], str]) -> str:
    return serve_folder(english_site)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "Latest"),
        ("/regions/610000/", "Places within"),
        (ARTICLE, "Figures reported"),
        ("/shelf/", "Nothing saved"),
    ],
)
def test_english_pages_fit_a_phone_and_mark_what_is_chinese(path: str, text: str, page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + path)
    expect(page.locator("main")).to_contain_text(text)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert len({round(link.bounding_box()["y"]) for link in page.locator(".sections a").all()}) == 1  # type: ignore[index]
    assert page.evaluate(FIND_UNMARKED) == []


def test_on_this_day_speaks_english(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    expect(page.locator("[data-today-day]")).to_have_text(re.compile(r"\d+ [JFMASOND][a-z]+$"))
    expect(page.locator("[data-today-more]")).to_have_text(re.compile(r"articles? of \d+ [A-Z]"))
    assert page.evaluate(FIND_UNMARKED) == []


def test_searching_in_english(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=党畔村")
    status = page.locator("[data-search-status]")
    expect(status).to_have_text("1 article found")
    page.get_by_label("Words to find").fill("送温暖")
    page.get_by_role("button", name="Search").last.click()
    expect(status).to_have_text(re.compile(r"^\d+ articles found$"))
    expect(page.locator(".result time").first).to_have_text(re.compile(r"^(\d+ )?([A-Z][a-z]+ )?\d{4}$"))
    page.get_by_text("Break down by region, campaign and paper").click()
    expect(page.locator("[data-search-values] h2")).to_have_text(["Region", "Campaign", "Paper"])
    assert page.evaluate(FIND_UNMARKED) == []
    page.locator("[data-search-values] a").first.click()
    expect(page.get_by_role("link", name="All regions")).to_be_visible()
    page.get_by_label("Words to find").fill("")
    page.get_by_label("Words to find").press_sequentially("gonghui")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    assert page.evaluate(FIND_UNMARKED) == []


def test_marks_saving_and_the_list_in_english(page: Page, address: str) -> None:
    page.goto(f"{address}{ARTICLE}?mark=安塞")
    expect(page.locator(".mark-note")).to_contain_text(re.compile(r"\d+ matches marked"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-notice]")).to_have_text("Saved in this browser")
    page.goto(f"{address}/shelf/")
    expect(page.locator("[data-shelf-status]")).to_have_text("1 article")
    page.locator(".shelf-remove").click()
    expect(page.locator("[data-shelf-status]")).to_have_text("1 article removed.")


def test_words_cost_no_request(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/search/?q=工会")
    expect(page.locator("[data-search-status]")).to_contain_text("found")
    scripts = [url.removeprefix(address) for url in asked if url.endswith(".js")]
    assert len(scripts) == len(set(scripts))
    assert sum(url.endswith("/js/site.js") for url in scripts) == 1
