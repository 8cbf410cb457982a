"""The editing page on one's own machine: Decap CMS from npm in a real browser, saved by our backend into a folder."""

from __future__ import annotations

import base64
import datetime
import functools
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from gongbao.article import Lists
from gongbao.build.run import build_site
from gongbao.build.serve import Handler, Rebuilds, Server
from gongbao.check.run import check_content
from gongbao.edit.host import parse_host
from gongbao.edit.local import EditingPage
from gongbao.edit.pages import admin_files
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
EXISTING = "2020/ansai-gonghui-pinpai"
OF_A_YEAR = "2019/conghua-yueqi-gongsi-taoxin"  # its date is 2019
CACHE = ROOT / ".cache" / "editing"
LOADING = 30_000  # milliseconds: the form is five megabytes of script, and machines are busy


@dataclass(frozen=True)
class Desk:
    """A content folder with its editing page served."""

    content: Path
    address: str

    def path(self, name: str) -> Path:
        return self.content / "articles" / f"{name}.md"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, editing_program: dict[str, bytes]) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    for name in (EXISTING, OF_A_YEAR):
        copy = folder / "content" / "articles" / f"{name}.md"
        copy.parent.mkdir(parents=True)
        shutil.copy(ROOT / "content" / "articles" / f"{name}.md", copy)
    shutil.copytree(ROOT / "theme" / "static", folder / "site" / "theme")
    assert editing_program
    with served(folder / "site", EditingPage(folder / "content", CACHE, name="工报")) as address:
        yield Desk(folder / "content", address)


@contextmanager
def served(folder: Path, page: EditingPage | None = None) -> Iterator[str]:
    """A folder as `inv serve` has it: no policy but the one that a page states itself."""
    handler = functools.partial(Handler, directory=str(folder), rebuilds=Rebuilds(), extra=page)
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the page said in the console, and requests to anybody else; a test that expects some clears them."""
    return []


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk, complaints: list[str]) -> Iterator[Page]:
    """The page, which takes its time to start, so that it is loaded once."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(LOADING)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    own = (desk.address, "data:", "blob:")
    page.on("request", lambda one: None if one.url.startswith(own) else complaints.append(one.url))
    page.on("dialog", lambda dialog: dialog.accept())  # what a test before left unsaved is left
    page.goto(f"{desk.address}/admin/")
    yield page
    context.close()


@pytest.fixture
def page(opened: Page, complaints: list[str]) -> Iterator[Page]:
    yield opened
    opened.evaluate("location.hash = '#/collections/articles'")
    expect(opened.get_by_role("link", name="新建报道")).to_be_visible()
    assert complaints == []


def compose(page: Page, box: Locator | None, *words: tuple[str, str]) -> None:
    """Type as with an input method: the letters grow in the box, then the word takes their place."""
    if box:
        box.click()
    session = page.context.new_cdp_session(page)
    for letters, word in words:
        for end in range(1, len(letters) + 1):
            session.send("Input.imeSetComposition", {"text": letters[:end], "selectionStart": end, "selectionEnd": end})
        session.send("Input.imeSetComposition", {"text": word, "selectionStart": len(word), "selectionEnd": len(word)})
        session.send("Input.insertText", {"text": word})


def test_article_made_in_the_form_is_accepted_and_appears_on_the_site(page: Page, desk: Desk, tmp_path: Path) -> None:
    page.get_by_role("link", name="新建报道").click()
    compose(page, page.get_by_label("标题", exact=True), ("gonghui", "工会"), ("songlai", "送来"), ("liangcha", "凉茶"))
    page.get_by_label("文件名").fill("song-liangcha")
    page.get_by_label("日期", exact=True).fill("2021-07-20")
    page.get_by_role("combobox", name="地区 1").fill("陕西省/延安市/安塞区")
    choose(page, "活动 (可不填)", "夏送清凉")
    compose(
        page, page.get_by_label("正文"), ("rufuyihou", "入伏以后，"), ("jiebian", "街边"), ("liangcha", "有了凉茶。")
    )
    choose(page, "状态", "发布")
    save(page)
    text = desk.path("2021/song-liangcha").read_text("utf-8")
    matter = yaml.safe_load(text.split("---\n")[1])
    assert matter == {
        "title": "工会送来凉茶",
        "date": datetime.date(2021, 7, 20),
        "region": ["陕西省/延安市/安塞区"],
        "campaign": ["夏送清凉"],
        "status": "published",
    }
    assert text.endswith("---\n\n入伏以后，街边有了凉茶。\n")
    assert [problem for problem in check_content(desk.content) if problem.severity == "error"] == []
    build_site(desk.content, tmp_path / "site", ROOT / "pelicanconf.py")
    assert "工会送来凉茶" in (tmp_path / "site/articles/2021/song-liangcha/index.html").read_text("utf-8")


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label).click()
    page.get_by_role("option", name=option, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("menuitem", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="已保存")).to_be_visible()


def test_word_is_composed_where_the_cursor_is(page: Page) -> None:
    page.get_by_role("link", name="安塞区总工会").click()
    for box in (page.get_by_label("标题", exact=True), page.get_by_label("正文"), page.get_by_label("编者注")):
        before = box.input_value()
        box.evaluate("(node) => { node.focus(); node.setSelectionRange(2, 2); }")
        compose(page, None, ("gonghui", "工会"), ("songlai", "送来"))
        assert box.input_value() == f"{before[:2]}工会送来{before[2:]}"
        assert box.evaluate("(node) => node.selectionStart") == 6


def test_refused_article_stays_in_the_form_with_the_reason(page: Page, desk: Desk, complaints: list[str]) -> None:
    page.get_by_role("link", name="新建报道").click()
    fill_in(page, "liangcha", "2021-02-30")
    save_anyway(page)
    expect(page.get_by_role("alert").filter(has_text="日期“2021-02-30”在日历上不存在")).to_be_visible()
    expect(page.get_by_label("正文")).to_have_value("街边有了凉茶。")
    assert not desk.path("2021/liangcha").exists()
    assert complaints  # the browser's own word of a request that was refused
    complaints.clear()


def test_form_itself_asks_for_what_is_missing(page: Page, desk: Desk, complaints: list[str]) -> None:
    files = sorted(desk.content.rglob("*.md"))
    page.get_by_role("link", name="新建报道").click()
    page.get_by_label("标题", exact=True).fill("工会送来凉茶")
    page.get_by_label("文件名").fill("送凉茶")
    page.get_by_role("combobox", name="地区 1").fill("安塞")
    save_anyway(page)
    for message in ("文件名只能用小写字母", "请填“日期”", "没有“安塞”这个地区", "请填“正文”"):
        expect(page.get_by_text(message)).to_be_visible()
    assert sorted(desk.content.rglob("*.md")) == files
    complaints.clear()  # Decap rejects a promise of its own that nobody listens to


def test_form_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    try:
        page.get_by_role("link", name="新建报道").click()
        expect(page.get_by_label("正文")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        boxes = [page.get_by_label("标题", exact=True), page.get_by_role("button", name="保存", exact=True)]
        edges = [box.bounding_box() for box in boxes]
        assert all(edge and edge["x"] >= 0 and edge["x"] + edge["width"] <= 390 for edge in edges)
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


def test_newest_stand_first(page: Page) -> None:
    dates = [re.findall(r"（(.*)）", text)[0] for text in page.get_by_role("link", name="（20").all_text_contents()]
    assert len(dates) > 1
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("name", [EXISTING, OF_A_YEAR])
def test_article_opened_and_saved_again_keeps_what_it_had(page: Page, desk: Desk, name: str) -> None:
    before = read(desk.path(name))
    page.get_by_role("link", name=str(before["title"])).click()
    expect(page.get_by_role("link", name="在网站上看")).to_have_attribute("href", f"/articles/{name}/")
    expect(page.locator(".gongbao-fixed")).to_have_text(name.partition("/")[2])
    expect(page.get_by_label("日期", exact=True)).to_have_value(str(before["date"]))
    page.get_by_label("编者注").fill("编者的话")
    save(page)
    after = read(desk.path(name))
    assert after.pop("note") == "编者的话"
    assert after == {field: value for field, value in before.items() if field not in {"year", "note"}}


def test_places_are_those_of_the_articles_year(page: Page) -> None:
    page.get_by_role("link", name="新建报道").click()
    for date, there, gone in (("2010-05-01", "安塞县", "安塞区"), ("2020", "安塞区", "安塞县")):
        page.get_by_label("日期", exact=True).fill(date)
        page.get_by_role("combobox", name="地区 1").focus()
        expect(page.locator(f"datalist option[value='陕西省/延安市/{there}']")).to_have_count(1)
        expect(page.locator(f"datalist option[value='陕西省/延安市/{gone}']")).to_have_count(0)
    page.get_by_role("button", name="再加一个地区").click()
    page.get_by_role("combobox", name="地区 1").fill("陕西省")
    page.get_by_role("button", name="再加一个地区").click()
    page.get_by_role("combobox", name="地区 2").fill("甘肃省")
    page.get_by_role("button", name="去掉地区 1").click()
    expect(page.get_by_role("combobox", name="地区 1")).to_have_value("甘肃省")


def read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8").split("---\n")[1]))


def fill_in(page: Page, slug: str, date: str) -> None:
    page.get_by_label("标题", exact=True).fill("工会送来凉茶")
    page.get_by_label("文件名").fill(slug)
    page.get_by_label("日期", exact=True).fill(date)
    page.get_by_label("正文").fill("街边有了凉茶。")


def save_anyway(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("menuitem", name="保存", exact=True).click()


class GitHub:
    """As much of GitHub's programming interface as reading and saving need, within the browser: nothing leaves it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.saved: dict[str, str] = {}
        self.answers: dict[str, object] = {
            "GET /user": {"login": "bianji", "name": "编辑"},
            "GET /repos/union/archive": {"owner": {"login": "union"}, "permissions": {"push": True}},
            "GET /repos/union/archive/branches/main": {"commit": {"sha": "c0", "commit": {"tree": {"sha": "t0"}}}},
            "POST /repos/union/archive/git/trees": {"sha": "t1"},
            "POST /repos/union/archive/git/commits": {"sha": "c1"},
            "PATCH /repos/union/archive/git/refs/heads/main": {"object": {"sha": "c1"}},
        }

    def answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, POST, PATCH",
            "Access-Control-Allow-Headers": request.headers.get("access-control-request-headers", ""),
        }
        if request.method != "OPTIONS":
            self.asked.append((f"{request.method} {path}", request.headers.get("authorization", "")))
        if path.endswith("/git/blobs"):
            self.saved["text"] = base64.b64decode(request.post_data_json["content"]).decode()
            route.fulfill(json={"sha": "b1"}, headers=headers)
        elif path.endswith("/git/trees") and request.method == "POST":
            self.saved["path"] = request.post_data_json["tree"][0]["path"]
            route.fulfill(json={"sha": "t1"}, headers=headers)
        elif "/git/trees/" in path:
            route.fulfill(json={"sha": "t0", "tree": []}, headers=headers)
        elif answer := self.answers.get(f"{request.method} {path}"):
            route.fulfill(json=answer, headers=headers)
        else:
            route.fulfill(
                status=200 if request.method == "OPTIONS" else 404, json={"message": "Not Found"}, headers=headers
            )


def test_published_page_signs_in_with_a_token_and_saves_to_the_repository(
    browser: Browser,
    tmp_path: Path,
    lists: Lists,
    editing_program: dict[str, bytes],
) -> None:
    folder = tmp_path / "admin"
    folder.mkdir()
    host = parse_host("github:union/archive")
    assert host
    for name, data in admin_files(host, lists, editing_program, name="工报", site="").items():
        (folder / name).write_bytes(data)
    shutil.copytree(ROOT / "theme" / "static", tmp_path / "theme")
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(LOADING)
    github, left = GitHub(), []
    page.route(re.compile("^https:"), github.answer)
    page.on("requestfinished", lambda one: left.append(urlsplit(one.url).netloc))
    with served(tmp_path) as address:
        page.goto(f"{address}/admin/")
        page.get_by_label("访问令牌").fill("github_pat_x")
        page.get_by_role("button", name="登录").click()
        page.get_by_role("link", name="新建报道").click()
        fill_in(page, "song-liangcha", "2021-07-20")
        save(page)
    assert github.saved["path"] == "content/articles/2021/song-liangcha.md"
    assert github.saved["text"] == "---\ntitle: 工会送来凉茶\ndate: 2021-07-20\nstatus: draft\n---\n\n街边有了凉茶。\n"
    assert {token for _, token in github.asked} == {"token github_pat_x"}
    assert set(left) <= {urlsplit(address).netloc, "api.github.com", ""}
    context.close()
