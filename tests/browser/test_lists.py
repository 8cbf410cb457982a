"""Home, lists, calendars and charts in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from gongbao.build.run import build_site
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import find_low_contrast

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "pelicanconf.py"
ISSUES = ["2019-12-31", "2020-01-15", "2020-01-16", "2020-02"]


@pytest.fixture(scope="module")
def issues_address(tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]) -> str:
    """A site with a paper of four issues, one with two pages, and a region with three pages of articles."""
    folder = tmp_path_factory.mktemp("issues")

    def write(slug: str, date: str, issue: str, page: int) -> None:
        path = folder / "content" / "articles" / date[:4] / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"---\ntitle: 第{slug}篇\ndate: {date}\nregion: [陕西省/延安市]\ncampaign: [送温暖]\n"
            f"source: {{paper: 工人日报, date: {issue}, page: {page}}}\n"
            f"figures: [{{what: 慰问金, value: {page}, unit: 万元}}]\n---\n\n正文。\n",
            encoding="utf-8",
        )

    for number, issue in enumerate(ISSUES):
        write(f"a{number}", issue, issue, 1)
    for number in range(70):
        write(f"b{number:02}", "2020-01-16", "2020-01-16", 3)
    build_site(folder / "content", folder / "output", SETTINGS)
    return serve_folder(folder / "output")


@pytest.fixture
def plain(browser: Browser) -> Page:
    """A page of a browser that runs no scripts."""
    return browser.new_context(java_script_enabled=False).new_page()


def test_tiles_of_the_map_say_place_and_number(page: Page, address: str) -> None:
    page.goto(address)
    tiles = page.locator(".tile-map")
    expect(tiles.get_by_role("listitem")).to_have_count(34)
    expect(tiles.get_by_role("link", name=re.compile("^陕西 ?12 ?篇$"))).to_be_visible()
    expect(tiles.get_by_role("link", name=re.compile("西藏"))).to_have_count(0)
    expect(tiles.get_by_text("西藏，尚无报道")).to_be_attached()


def test_map_is_walked_by_keyboard_in_reading_order(page: Page, address: str) -> None:
    page.goto(address)
    links = page.locator(".tile-map a")
    links.first.focus()
    cells = []
    for _ in range(links.count()):
        focused = page.locator(":focus")
        assert focused.evaluate("(node) => getComputedStyle(node).outlineStyle") == "solid"
        cells.append(focused.evaluate("(node) => node.parentElement.className.match(/\\d/g).map(Number)"))
        page.keyboard.press("Tab")
    assert cells == sorted(cells)
    page.locator(".tile-map a", has_text="陕西").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/regions/610000/")


@pytest.mark.parametrize(
    ("today", "line", "target"),
    [
        ("2026-01-15T09:00:00", "1月15日", "/days/01-15/"),
        ("2026-01-09T09:00:00", "最近的是1月14日", "/days/01-14/"),  # of two as near the coming one
        ("2027-01-01T09:00:00", "最近的是12月30日", "/days/12-30/"),  # over the turn of the year
        ("2028-02-29T23:30:00", "最近的是2月7日", "/days/02-07/"),
    ],
)
def test_home_shows_the_readers_day(today: str, line: str, target: str, page: Page, address: str) -> None:
    page.clock.set_fixed_time(today)
    page.goto(address)
    section = page.locator("[data-today]")
    expect(section.locator("[data-today-day]")).to_have_text(re.compile(line))
    expect(section.locator("[data-today-list] a").first).to_have_attribute("href", re.compile("^/articles/"))
    more = section.locator("[data-today-more]")
    assert str(more.get_attribute("href")).startswith(target)
    more.click()
    expect(page.locator("h1")).to_have_text(re.compile("历年"))


def test_without_script_the_home_page_leads_to_the_days(plain: Page, address: str) -> None:
    plain.goto(address)
    plain.get_by_role("link", name="按月日翻阅历年报道").click()
    plain.get_by_role("link", name="1月15日，2 篇").click()
    expect(plain.locator(".entry")).to_have_count(2)
    plain.context.close()


def test_home_stands_without_the_days(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.route("**/days/*.json", lambda route: route.abort())
    page.goto(address)
    expect(page.get_by_role("link", name="按月日翻阅历年报道")).to_be_visible()


def test_pages_of_a_list_without_script(plain: Page, issues_address: str) -> None:
    plain.goto(f"{issues_address}/regions/610000/")
    pager = plain.locator(".pager")
    expect(pager).to_contain_text("第 1 页，共 3 页")
    expect(pager.get_by_role("link", name="上一页")).to_have_count(0)
    first = plain.locator(".entry-title").all_text_contents()
    pager.get_by_role("link", name="下一页").click()
    expect(plain.locator(".pager-place")).to_have_text("第 2 页，共 3 页")
    assert not set(first) & set(plain.locator(".entry-title").all_text_contents())
    expect(plain.locator(".panels")).to_have_count(0)
    plain.get_by_role("link", name="第 3 页，最后").click()
    expect(plain.locator(".entry")).to_have_count(14)
    plain.get_by_role("link", name="第 1 页，最前").click()
    expect(plain.locator(".panels")).to_have_count(1)
    plain.context.close()


def test_from_a_paper_to_the_day_to_the_page(plain: Page, issues_address: str) -> None:
    plain.goto(f"{issues_address}/papers/gongren-ribao/")
    expect(plain.get_by_role("region", name="各期年历").get_by_role("row")).to_have_count(3)
    expect(plain.get_by_role("link", name="2020年2月")).to_have_count(1)
    plain.get_by_role("link", name="2020年1月，2 期").click()
    assert plain.url.endswith("/papers/gongren-ribao/calendar/2020/#m1")
    plain.wait_for_load_state()  # its columns are the style's
    thursday = plain.get_by_role("link", name="1月16日，71 篇")
    column = plain.locator("[aria-labelledby=m1] .weekdays li", has_text="四")
    assert thursday.bounding_box()["x"] == pytest.approx(column.bounding_box()["x"], abs=3)  # type: ignore[index]
    thursday.click()
    expect(plain.locator("h1")).to_contain_text("2020年1月16日 星期四")
    assert [text.strip() for text in plain.locator(".part").all_text_contents()] == ["第 1 版", "第 3 版"]
    plain.get_by_role("link", name="第 3 版").first.click()
    assert plain.url.endswith("#page-3")
    plain.get_by_role("link", name="2020年1月15日").click()
    expect(plain.get_by_role("link", name="2020年1月16日")).to_have_attribute("rel", "next")
    plain.context.close()


def test_every_entry_leads_to_its_paper_and_its_page(plain: Page, issues_address: str) -> None:
    plain.goto(f"{issues_address}/campaigns/song-wennuan/")
    links = plain.locator(".entry").nth(1).locator(".entry-source a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "/papers/gongren-ribao/",
        "/papers/gongren-ribao/2020-01-16/#page-3",
    ]
    plain.context.close()


@pytest.mark.parametrize("question", ["q=第b07篇", "region=610600&sort=oldest"])
def test_every_result_leads_to_its_paper_and_its_page(
    question: str, context: BrowserContext, issues_address: str
) -> None:
    page = context.new_page()
    page.goto(f"{issues_address}/search/?{question}")
    first = page.locator(".result").first
    links = first.locator(".result-source a")
    expect(links).to_have_text(["工人日报", re.compile("当期 ?第 ?[13] ?版")])
    links.last.click()
    page.wait_for_url(re.compile(r"/papers/gongren-ribao/20(19-12-31/#page-1|20-01-16/#page-3)$"))
    page.go_back()
    links.first.click()
    page.wait_for_url("**/papers/gongren-ribao/")


def test_place_hands_itself_over_to_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}/regions/610000/")
    page.get_by_label("在陕西省内检索").last.fill("劳模")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?region=610000&q=*")
    expect(page.get_by_label("地区")).to_have_value("610000")
    expect(page.locator("[data-search-status]")).to_contain_text("找到")


def test_campaign_of_a_place_is_a_search(page: Page, address: str) -> None:
    page.goto(f"{address}/regions/610000/")
    row = page.locator(".bar-rows li", has_text="送温暖")
    count = int(row.locator(".count").inner_text().removesuffix("篇"))
    row.get_by_role("link").click()
    expect(page.locator("[data-search-status]")).to_have_text(f"找到 {count} 篇")


def test_names_of_a_place_stand_one_below_the_other_on_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/regions/610603/")
    names = page.locator(".names dd")
    expect(names).to_have_text(["安塞县1980—2015", "安塞区2016—今"])
    assert len({round(name.bounding_box()["x"]) for name in names.all()}) == 1  # type: ignore[index]


def test_sum_opens_to_its_addends(plain: Page, issues_address: str) -> None:
    plain.goto(f"{issues_address}/regions/610000/")
    plain.locator("summary").click()
    expect(plain.locator("summary")).to_contain_text("214万元")
    expect(plain.locator(".sums tbody tr")).to_have_count(20)
    expect(plain.locator(".sums tbody tr").first.get_by_role("link")).to_be_visible()
    plain.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/regions/610000/"])
def test_numbers_on_shaded_tiles_have_contrast(scheme: str, path: str, browser: Browser, address: str) -> None:
    assert find_low_contrast(browser, address + path, scheme) == []
