"""Suggestions below the search box, and the other spelling below the status, as a reader meets them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_arrows_and_enter_choose_a_word_from_its_pinyin(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    box = page.get_by_role("combobox", name="检索词")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("ansai")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("安塞")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert box.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
    box.press("ArrowUp")  # back to the reader's own text
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("安塞")
    page.wait_for_url(lambda url: "%E5%AE%89%E5%A1%9E" in url)
    expect(page.locator("[data-search-status]")).to_contain_text("找到")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None


def test_title_opens_its_article(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    page.get_by_label("检索词").press_sequentially("党畔村")
    page.get_by_role("option", name="党畔村").first.click()
    page.wait_for_url("**/articles/**")
    expect(page.locator("h1")).to_contain_text("党畔村")


def test_escape_closes_the_list_first_and_then_clears_the_box(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    box = page.get_by_label("检索词")
    box.press_sequentially("gongh")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("gongh")
    box.press("Escape")
    expect(box).to_have_value("")


def test_list_goes_when_the_form_is_sent_or_left(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    box = page.get_by_label("检索词")
    for leave in ("Enter", "Tab"):
        box.fill("")
        box.press_sequentially("工会")
        expect(page.get_by_role("option").first).to_be_visible()
        box.press(leave)
        expect(page.get_by_role("listbox")).to_have_count(0)
        page.wait_for_timeout(400)
        expect(page.get_by_role("listbox")).to_have_count(0)


def test_nothing_is_suggested_while_composing(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    box = page.get_by_label("检索词")
    box.focus()
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "gonghui", "selectionStart": 7, "selectionEnd": 7})
    page.wait_for_timeout(500)
    expect(page.get_by_role("listbox")).to_have_count(0)
    client.send("Input.insertText", {"text": "工会"})
    expect(page.get_by_role("option").first).to_contain_text("工会")


def test_late_answers_are_dropped(page: Page, address: str) -> None:
    page.goto(f"{address}/search/")
    box = page.get_by_label("检索词")
    page.route("**/y/go.bin", lambda route: (page.wait_for_timeout(500), route.continue_()))
    box.press_sequentially("gong")
    page.wait_for_timeout(200)
    box.fill("")
    box.press_sequentially("ansai")
    expect(page.get_by_role("option").first).to_contain_text("安塞")
    page.wait_for_timeout(800)
    expect(page.get_by_role("option").first).to_contain_text("安塞")


def test_another_spelling_is_offered_as_a_link(page: Page, address: str) -> None:
    page.goto(f"{address}/search/?q=安赛&region=610000")
    link = page.locator("a.did-you-mean")
    expect(link).to_have_text("安塞")
    link.click()
    expect(page.locator("[data-search-status]")).to_have_text(re.compile("找到 [1-9]"))
    expect(page.get_by_label("检索词")).to_have_value("安塞")
    expect(page.get_by_label("地区")).to_have_value("610000")
    expect(page.locator("a.did-you-mean")).to_have_count(0)


def test_list_fits_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 640})
    page.goto(f"{address}/search/")
    page.get_by_label("检索词").press_sequentially("工会")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
