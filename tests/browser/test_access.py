"""Every kind of page for those who don't see it, don't use a mouse, enlarge it or are made ill by movement."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import results

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# In dark only contrast can differ, and colours are the same at every width.
RUNS: list[tuple[Literal["dark", "light"], int, list[str]]] = [
    ("dark", 1280, ["color-contrast"]),
    ("light", 390, RULES),
]
ARTICLE = "/articles/2020/ansai-gonghui-pinpai/"
RUN_AXE = """async (tags) => {
  const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return violations.map(({id, nodes}) => id + ": " + nodes.map((node) => node.target + " " + node.html).join("\\n  "));
}"""


def stay(_: Page) -> None:
    pass


def await_today(page: Page) -> None:
    expect(page.locator("[data-today-list] a").first).to_be_visible()


def await_results(page: Page) -> None:
    results(page)
    expect(page.locator(".result-excerpt mark").first).to_be_visible()


def open_filters(page: Page) -> None:
    await_results(page)
    page.locator("[data-search-facets] summary").click()
    expect(page.locator("[data-search-values] a").first).to_be_visible()
    for result in page.locator(".result").all():  # its links to paper and issue come when it is in view
        result.scroll_into_view_if_needed()
        expect(result.locator(".result-source a").first).to_be_visible()


def type_words(page: Page) -> None:
    page.get_by_label("检索词").press_sequentially("工会")
    expect(page.get_by_role("option").first).to_be_visible()


def keep_two(page: Page) -> None:
    shelf = page.url
    for path in (ARTICLE, "/articles/2019/conghua-yueqi-gongsi-taoxin/"):
        page.goto(re.sub(r"/shelf/$", path, shelf))
        page.get_by_role("button", name="收藏").click()
    page.goto(shelf)
    expect(page.locator("[data-shelf-list] li")).to_have_count(2)


def open_all(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


KINDS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("/", await_today),
    "regions": ("/regions/", stay),
    "region": ("/regions/610000/", open_all),
    "county": ("/regions/610603/", stay),
    "campaigns": ("/campaigns/", stay),
    "campaign": ("/campaigns/song-wennuan/", open_all),
    "years": ("/years/", stay),
    "year": ("/years/2020/", open_all),
    "papers": ("/papers/", stay),
    "paper": ("/papers/gongren-ribao/", stay),
    "calendar": ("/papers/gongren-ribao/calendar/2023/", stay),
    "issue": ("/papers/gongren-ribao/2023-01/", stay),
    "article": (ARTICLE, open_all),
    "article from a search": (f"{ARTICLE}?mark=劳模", stay),
    "search": ("/search/", stay),
    "search, typing": ("/search/", type_words),
    "search, results": ("/search/?q=送温暖", await_results),
    "search, filters": ("/search/?q=送温暖", open_filters),
    "shelf": ("/shelf/", stay),
    "shelf, filled": ("/shelf/", keep_two),
    "days": ("/days/", stay),
    "day": ("/days/01-15/", stay),
    "data": ("/data/", stay),
    "content page": ("/search-help/", stay),
    "404": ("/404.html", stay),
}


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    return (node_modules / "axe-core" / "axe.min.js").read_text("utf-8")


def run_axe(page: Page, axe: str) -> list[str]:
    """What axe finds on a phone and a desktop; the debugger brings it, past the policy."""
    page.evaluate(axe)
    found = []
    for scheme, width, rules in RUNS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{scheme} {width}: {line}" for line in page.evaluate(RUN_AXE, rules)]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_page_has_no_barrier(kind: str, page: Page, address: str, axe: str) -> None:
    """320 px is what WCAG 1.4.10 asks for, and a window of 640 px at 200 % zoom."""
    path, prepare = KINDS[kind]
    page.goto(address + path)
    prepare(page)
    assert run_axe(page, axe) == []
    for width in (320, 390, 820, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width


def test_axe_would_find_something(page: Page, address: str, axe: str) -> None:
    page.goto(address)
    page.evaluate("document.documentElement.lang = ''; document.body.style.color = '#777'")
    found = "\n".join(run_axe(page, axe))
    assert all(line in found for line in ("light 390: html-has-lang", "light 390: color-c", "dark 1280: color-c"))


LIST_STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((node) => node.checkVisibility() && node.tabIndex >= 0)
  .map((node, number) => { node.dataset.stop = number; return number; })"""
SEE_FOCUS = """() => {
  const node = document.activeElement, box = node.getBoundingClientRect();
  const {outlineStyle, outlineWidth} = getComputedStyle(node);
  const shown = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const drawn = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
  return [Number(node.dataset.stop), shown && drawn ? "" : node.outerHTML.slice(0, 200)];
}"""


@pytest.mark.parametrize(
    ("kind", "width"),
    [
        *(("home", 390), ("search, filters", 1280), ("article", 390), ("shelf, filled", 390)),
    ],
)
def test_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    kind: str, width: int, page: Page, address: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    path, prepare = KINDS[kind]
    page.goto(address + path)
    prepare(page)
    stops = page.evaluate(LIST_STOPS)
    page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    seen = []
    for _ in stops:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(SEE_FOCUS))
    assert [unseen for _, unseen in seen if unseen] == []
    assert [stop for stop, _ in seen] == stops


LOW_LINKS = """() => [...document.querySelectorAll("main :is(a, button, summary, select, input)")]
  .filter((node) => node.checkVisibility() && !node.closest(".prose, .visually-hidden"))
  .map((node) => [node.getClientRects()[0]?.height ?? 99, node.outerHTML.slice(0, 120)])
  .filter(([height]) => height < 28)"""


@pytest.mark.parametrize("kind", ["home", "regions", "region", "county", "issue", "article", "search, results"])
def test_fingers_meet_links(kind: str, browser: Browser, address: str) -> None:
    """WCAG 2.2 asks for 24 px; a link within a line of small text is 20 high, unless it reaches beyond its line."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    path, prepare = KINDS[kind]
    page.goto(address + path)
    prepare(page)
    assert page.evaluate(LOW_LINKS) == []
    context.close()


def test_skip_link_comes_first_and_leads_past_the_masthead(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    assert skip.evaluate("(node) => getComputedStyle(node).clipPath") == "none"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_asked_for_it(
    motion: Literal["reduce", "no-preference"], moves: bool, page: Page, address: str
) -> None:
    page.emulate_media(reduced_motion=motion)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search-index/manifest.json", hold)  # so that the search stays under way
    page.goto(f"{address}/search/?q=送温暖")
    page.locator(".is-loading").first.wait_for()
    assert page.evaluate("document.getAnimations().length > 0") == moves
    held[0].continue_()
    results(page)
