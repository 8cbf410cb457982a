"""Pictures as a browser takes them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.test_stillness import WATCH

pytestmark = pytest.mark.browser

ARTICLE = "/articles/2023/shangluo-gonghui-wunian/"


@pytest.mark.parametrize(("width", "least", "most"), [(390, 340, 480), (1280, 640, 960)])
def test_screen_gets_the_size_it_needs_and_nothing_moves(
    width: int, least: int, most: int, page: Page, address: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(f"({WATCH})()")
    page.goto(address + ARTICLE)
    page.wait_for_load_state("networkidle")
    picture = page.locator(".plate img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert picture.evaluate("image => image.currentSrc").endswith(f"-{most}.webp")
    assert least <= picture.evaluate("image => image.getBoundingClientRect().width") <= most
    assert page.evaluate("window.shifts") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
