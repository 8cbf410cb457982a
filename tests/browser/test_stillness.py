"""Nothing on a page moves while it loads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import results

pytestmark = pytest.mark.browser

ARTICLE = "/articles/2020/ansai-gonghui-pinpai/"
WATCH = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    const names = entry.sources.map(({node}) => node?.nodeName + "." + (node?.className ?? node?.textContent));
    if (!entry.hadRecentInput) window.shifts.push([entry.value, ...names]);
  })).observe({type: "layout-shift", buffered: true});
}"""


@pytest.mark.parametrize(
    ("width", "path"),
    [
        *((390, "/"), (390, f"{ARTICLE}?mark=劳模"), (390, "/search/?q=送温暖"), (390, "/search/?q=工会&page=2")),
        *((1280, ARTICLE), (1280, "/search/?q=送温暖")),
    ],
)
def test_nothing_moves_while_a_page_loads(width: int, path: str, page: Page, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(f"({WATCH})()")
    page.goto(address + path)
    if "search" in path:
        results(page)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifts") == []
