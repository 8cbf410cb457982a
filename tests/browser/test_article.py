"""An article's page: citing, pointing to a paragraph, keeping, sharing, printing; with and without script."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gongbao.build.run import build_site
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
LONG = "/articles/2020/ansai-gonghui-pinpai/"
OTHER = "/articles/2019/conghua-yueqi-gongsi-taoxin/"
NOTICE = "[data-notice]"
MOST_KB = 25
BLOCK_STORAGE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
});"""


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    profile = browser.new_context(locale="zh-CN", permissions=["clipboard-read", "clipboard-write"])
    yield profile
    profile.close()


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize(
    ("name", "start"),
    [("复制引文", "阎瑞先. 安塞区"), ("复制 BibTeX", "@article{ansai"), ("复制 RIS", "TY  - NEWS")],
)
def test_citation_is_copied_by_one_click(name: str, start: str, page: Page, address: str) -> None:
    page.goto(address + LONG)
    page.get_by_role("button", name=name).click()
    expect(page.locator(NOTICE)).to_have_text("已复制")
    assert clipboard(page).startswith(start)


def test_copying_works_where_the_clipboard_is_not_offered(page: Page, address: str) -> None:
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(address + LONG)
    button = page.get_by_role("button", name="复制 RIS")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_have_text("已复制")
    expect(button).to_be_focused()


def test_citation_is_downloaded(page: Page, address: str) -> None:
    page.goto(address + LONG)
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载 RIS").click()
    assert caught.value.suggested_filename == "ansai-gonghui-pinpai.ris"
    assert Path(caught.value.path()).read_text("utf-8").endswith("ER  - \n")


def test_paragraph_has_an_address_by_mouse_and_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + LONG)
    anchor = page.locator("#p3 .anchor")
    expect(anchor).to_have_css("opacity", "0")
    page.locator("#p3").hover()
    expect(anchor).to_have_css("opacity", "1")
    anchor.click()
    expect(page.locator(NOTICE)).to_have_text("已复制第 3 段的地址")
    permanent = page.locator("#permalink").get_attribute("href")
    assert clipboard(page) == f"{permanent}#p3"
    assert page.url.endswith("#p3")
    for _ in range(2):  # the address just visited is where the keyboard goes on: its own link comes first
        page.keyboard.press("Tab")
    expect(page.locator("#p4 .anchor")).to_be_focused()
    expect(page.locator("#p4 .anchor")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_have_text("已复制第 4 段的地址")


def test_paragraph_that_an_address_names_is_marked(page: Page, address: str) -> None:
    page.goto(f"{address}{LONG}#p5")
    assert page.evaluate("document.querySelector('#p5').matches(':target')")
    expect(page.locator("#p5")).to_be_in_viewport()
    expect(page.locator("#p5 .anchor")).to_have_css("opacity", "1")


def test_anchors_are_no_part_of_the_text(page: Page, address: str) -> None:
    page.goto(address + LONG)
    assert "¶" not in page.locator("[data-article-body]").inner_text()
    expect(page.locator("#p3")).to_have_css("text-align", "justify")


def test_article_is_kept_listed_exported_and_removed(page: Page, address: str) -> None:
    for path in (LONG, OTHER):
        page.goto(address + path)
        page.get_by_role("button", name="收藏").click()
        expect(page.get_by_role("button", name="收藏", pressed=True)).to_be_visible()
    page.get_by_role("link", name="看收藏").click()
    titles = page.locator("[data-shelf-list] .entry-title")
    expect(titles).to_have_count(2)
    expect(page.get_by_role("status")).to_have_text("共 2 篇")
    for name, start in (("引文", "[1] "), ("BibTeX", "@article{"), ("RIS", "TY  - NEWS\r\n")):
        with page.expect_download() as caught:
            page.get_by_role("button", name=name, exact=True).click()
        assert Path(caught.value.path()).read_bytes().decode().startswith(start)
    first = titles.first.inner_text()
    page.get_by_role("button", name=f"移除《{first}》").click()
    expect(titles).to_have_count(1)
    expect(page.get_by_role("button", name="撤销")).to_be_focused()
    page.keyboard.press("Enter")
    expect(titles).to_have_count(2)
    page.get_by_role("button", name="全部移除").click()
    expect(page.get_by_role("status")).to_contain_text("已移除 2 篇")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("还没有收藏")
    page.goto(address + LONG)
    expect(page.get_by_role("button", name="收藏", pressed=False)).to_be_visible()


def test_kept_article_can_be_given_up_on_its_page(page: Page, address: str) -> None:
    page.goto(address + LONG)
    page.locator("[data-keep]").click()
    page.reload()
    page.get_by_role("button", name="收藏", pressed=True).click()
    expect(page.locator(NOTICE)).to_have_text("已从收藏中移除")
    expect(page.locator("[data-keep]")).to_have_attribute("aria-pressed", "false")


def test_blocked_storage_is_said(page: Page, address: str) -> None:
    page.add_init_script(BLOCK_STORAGE)
    page.goto(address + LONG)
    page.locator("[data-keep]").click()
    expect(page.locator(NOTICE)).to_contain_text("收藏不了")
    expect(page.locator("[data-keep]")).to_have_attribute("aria-pressed", "false")
    page.goto(f"{address}/shelf/")
    expect(page.get_by_role("status")).to_contain_text("收藏用不了")


def test_sharing_hands_over_the_permanent_address(page: Page, address: str) -> None:
    page.add_init_script(
        "navigator.canShare = () => true; navigator.share = async (data) => { window.shared = data; };"
    )
    page.goto(f"{address}{LONG}?mark=工会")
    page.get_by_role("button", name="分享").click()
    assert page.evaluate("shared.url") == page.locator("#permalink").get_attribute("href")
    assert page.evaluate("shared.title") == page.locator("h1").inner_text()


def test_where_nothing_shares_the_link_is_copied(page: Page, address: str) -> None:
    page.add_init_script("navigator.share = undefined")
    page.goto(address + LONG)
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator(NOTICE)).to_have_text("已复制")
    assert clipboard(page) == page.locator("#permalink").get_attribute("href")


def test_error_report_names_the_article(page: Page, address: str) -> None:
    page.goto(address + LONG)
    target = page.get_by_role("link", name="报告错误").get_attribute("href") or ""
    assert target.startswith("mailto:")
    assert "ansai-gonghui-pinpai" in target


def test_without_script_all_texts_and_addresses_are_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + LONG)
    expect(page.locator("#cite-text")).to_be_visible()
    for name, text in (("BibTeX", "@article{"), ("RIS", "TY  - NEWS")):
        page.locator("summary", has_text=name).click()
        expect(page.locator("pre:visible", has_text=text)).to_be_visible()
    expect(page.locator("#permalink")).to_be_visible()
    expect(page.locator("main button:visible")).to_have_count(0)
    page.locator("#p2").hover()
    page.locator("#p2 .anchor").click()
    assert page.url.endswith("#p2")
    page.get_by_role("navigation", name="脱贫帮扶的前后各篇").get_by_role("link").last.click()
    assert "/articles/" in page.url
    page.goto(f"{address}/shelf/")
    expect(page.get_by_text("收藏要浏览器允许运行脚本")).to_be_visible()
    context.close()


def test_print_has_the_citation_and_the_address_and_no_buttons(page: Page, address: str) -> None:
    page.goto(address + LONG)
    page.emulate_media(media="print", color_scheme="dark")
    for shown in ("h1", ".byline", ".story-meta", ".figures", "#cite-text", "#permalink"):
        expect(page.locator(shown)).to_be_visible()
    for gone in (".story-tools", ".cite-form", ".neighbours", ".crumbs", "main button", ".anchor"):
        expect(page.locator(f"{gone}:visible")).to_have_count(0)
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_line_is_no_longer_than_forty_characters(width: int, page: Page, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + LONG)
    characters = page.evaluate(
        "(p => p.clientWidth / parseFloat(getComputedStyle(p).fontSize))(document.querySelector('#p1'))"
    )
    assert 18 <= characters <= 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_list_works_for_a_site_below_a_path(
    browser: Browser,
    write_article: Callable[..., Path],
    tmp_path: Path,
    serve_folder: Callable[[Path], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GONGBAO_SITEURL", "https://archive.example/union")
    write_article(title="工会上门")
    build_site(tmp_path / "content", tmp_path / "host" / "union", ROOT / "publishconf.py")
    page = browser.new_page()
    page.goto(f"{serve_folder(tmp_path / 'host')}/union/articles/2020/song-nuan/")
    page.locator("[data-keep]").click()
    page.get_by_role("link", name="看收藏").click()
    page.get_by_role("link", name="工会上门").click()
    assert page.url.endswith("/union/articles/2020/song-nuan/")
    expect(page.locator("#permalink")).to_have_text("https://archive.example/union/articles/2020/song-nuan/")
    assert page.evaluate("Object.keys(localStorage)") == ["gongbao-shelf:/union/"]
    page.close()


@pytest.mark.parametrize("path", [LONG, OTHER])
def test_page_is_light(path: str, page: Page, address: str) -> None:
    """Everything that the page asks for, gzipped as a host does."""
    bodies: dict[str, bytes] = {}
    page.on("response", lambda response: bodies.setdefault(response.url, response.body()))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    sizes = {re.sub(r".*/(?=.)", "", url): len(gzip.compress(body, 9)) for url, body in bodies.items()}
    assert sum(sizes.values()) <= MOST_KB * 1024, sizes
