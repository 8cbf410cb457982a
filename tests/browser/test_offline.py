"""Reading without a net: the worker that keeps what was read, the index kept on request, and how both go again."""

from __future__ import annotations

import functools
import gzip
import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from gongbao.build.run import build_site
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_access import run_axe
from tests.conftest import ARTICLE, QuietHandler

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
BASE = "/archive"
SITEURL = f"https://archive.example{BASE}"
READ, UNREAD = f"{BASE}/articles/2020/song-nuan/", f"{BASE}/articles/2021/bian-min/"
ARTICLES = (
    (2020, "song-nuan", "工会上门送棉衣", "县里的工会干部给环卫工送去棉衣。"),
    (2021, "bian-min", "便民驿站开门", "驿站里有热水和雨伞，环卫工可以歇脚。"),
)


@dataclass
class Net:
    """What lies between a browser and the site; cut, it answers nothing. `delay` is in seconds."""

    cut: bool = False
    delay: float = 0
    asked: list[str] = field(default_factory=list)


class CuttableHandler(QuietHandler):
    def __init__(self, *args: Any, net: Net, **kwargs: Any) -> None:
        self.net = net
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:  # noqa: N802  the standard library's name
        self.net.asked.append(self.path)
        if self.net.cut:
            self.close_connection = True
            return
        time.sleep(self.net.delay)
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@dataclass
class Archive:
    """A small archive below a path, as it is published."""

    folder: Path
    address: str
    net: Net
    write: Callable[..., Path]
    patch: pytest.MonkeyPatch

    def publish(self, settings: Path = ROOT / "publishconf.py") -> None:
        self.patch.setenv("GONGBAO_SITEURL", SITEURL)
        build_site(self.folder / "content", self.folder / "host" / BASE[1:], settings)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content of two articles and what `publish` would send of it, for tests to copy."""
    folder = tmp_path_factory.mktemp("published")
    for year, slug, title, body in ARTICLES:
        path = folder / "content" / "articles" / str(year) / f"{slug}.md"
        path.parent.mkdir(parents=True)
        values = {"date": f"{year}-01-15", "region": "陕西省/延安市/安塞区", "campaign": "送温暖"}
        path.write_text(ARTICLE.format(title=title, body=body, **values), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        Archive(folder, "", Net(), lambda: folder, patch).publish()
    return folder


@pytest.fixture
def archive(
    published: Path, tmp_path: Path, write_article: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Archive]:
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    net = Net()
    handler = functools.partial(CuttableHandler, net=net, directory=str(tmp_path / "host"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    archive = Archive(tmp_path, f"http://127.0.0.1:{server.server_port}", net, write_article, monkeypatch)
    yield archive
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(browser: Browser, archive: Archive) -> Iterator[Page]:
    """A reader whose worker is at work, having read one article. No page may complain, nor ask another host."""
    context = browser.new_context(locale="zh-CN")
    complaints: list[str] = []
    context.on("request", lambda asked: None if asked.url.startswith(archive.address) else complaints.append(asked.url))
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(archive.address + READ)
    wait_until_kept(page, READ)
    yield page
    context.close()
    assert complaints == []


def kept(page: Page) -> list[str]:
    """The addresses of all that the browser keeps, as paths."""
    found: list[str] = page.evaluate(
        """async () => {
          const lists = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()));
          return (await Promise.all(lists)).flat().map((one) => new URL(one.url).pathname);
        }"""
    )
    return found


def wait_until_kept(page: Page, path: str) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _ in range(100):
        if path in kept(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError(kept(page))


def search(page: Page, archive: Archive, query: str) -> list[str]:
    page.goto(f"{archive.address}{BASE}/search/?q={query}")
    expect(page.locator("[data-search-status]")).to_contain_text("找到")
    return page.locator(".result-title").all_text_contents()


def test_article_that_was_read_is_there_without_a_net(reader: Page, archive: Archive) -> None:
    archive.net.cut = True
    reader.goto(f"{archive.address}{READ}?mark=棉衣")
    expect(reader.locator("h1")).to_have_text("工会上门送棉衣")
    expect(reader.locator("mark").first).to_be_visible()
    expect(reader.locator("body")).to_have_css("margin", "0px")


def test_page_that_was_not_kept_says_so_and_lists_what_is(reader: Page, archive: Archive) -> None:
    reader.goto(f"{archive.address}{BASE}/offline/")
    expect(reader.locator("[data-offline-pages] li")).to_have_text(["工会上门送棉衣"])
    expect(reader.locator("[data-offline-missing]")).to_be_hidden()
    archive.net.cut = True
    answer = reader.goto(archive.address + UNREAD)
    assert answer
    assert answer.status == 503
    expect(reader.get_by_text("这一页又没有存在这台设备上")).to_be_visible()
    reader.get_by_role("link", name="工会上门送棉衣").click()
    expect(reader).to_have_url(archive.address + READ)
    expect(reader.locator("h1")).to_have_text("工会上门送棉衣")


def test_kept_index_is_searched_without_a_net(reader: Page, archive: Archive) -> None:
    reader.goto(f"{archive.address}{BASE}/search/")
    expect(reader.locator("[data-offline-state]")).to_contain_text(re.compile(r"要下载 \d+ KB"))
    before = len([path for path in kept(reader) if "search-index" in path])
    reader.get_by_role("button", name="供离线检索保存").click()
    expect(reader.locator("[data-offline-state]")).to_contain_text("检索索引已存在这台设备上")
    assert len([path for path in kept(reader) if "search-index" in path]) > before
    archive.net.cut = True
    assert search(reader, archive, "热水和雨伞") == ["便民驿站开门"]
    expect(reader.locator("[data-search-status]")).to_contain_text("没有网络，检索的是存在这台设备上的索引")
    archive.net.cut = False
    search(reader, archive, "热水和雨伞")
    expect(reader.locator("[data-search-status]")).not_to_contain_text("没有网络")


def test_phrase_is_looked_for_in_what_was_kept_and_the_rest_is_named(reader: Page, archive: Archive) -> None:
    reader.goto(f"{archive.address}{BASE}/offline/")
    reader.get_by_role("button", name="供离线检索保存").click()
    expect(reader.locator("[data-offline-state]")).to_contain_text("检索索引已存在这台设备上")
    archive.net.cut = True
    assert search(reader, archive, '"送去棉衣"') == ["工会上门送棉衣"]
    expect(reader.locator("[data-search-status]")).not_to_contain_text("没有核对")
    assert search(reader, archive, '"热水和雨伞"') == ["便民驿站开门"]
    expect(reader.locator("[data-search-status]")).to_contain_text("其中 1 篇没有存下来")


def test_search_without_a_net_and_without_an_index_says_why(reader: Page, archive: Archive) -> None:
    archive.net.cut = True
    reader.goto(f"{archive.address}{BASE}/search/?q=热水")
    expect(reader.locator("[data-search-status]")).to_contain_text("没有网络")
    expect(reader.locator("[data-offline-state]")).to_contain_text("还没有存下检索索引")


def test_nothing_big_is_fetched_unasked(reader: Page, archive: Archive) -> None:
    reader.goto(f"{archive.address}{BASE}/")
    reader.wait_for_load_state("networkidle")
    assert not [path for path in archive.net.asked if "search-index" in path or path == UNREAD]
    output = archive.folder / "host" / BASE[1:]
    files = {path for path in kept(reader) if not path.startswith(f"{BASE}/articles/")}
    sizes = [len(gzip.compress((output / file_of(path)).read_bytes())) for path in files]
    assert sum(sizes) <= 80 * 1024, sum(sizes)


def file_of(path: str) -> str:
    return f"{path}index.html".removeprefix(f"{BASE}/") if path.endswith("/") else path.removeprefix(f"{BASE}/")


def test_while_the_net_answers_nothing_older_is_shown(reader: Page, archive: Archive) -> None:
    archive.write(title="工会上门送棉被")
    archive.publish()
    reader.goto(archive.address + READ)
    expect(reader.locator("h1")).to_have_text("工会上门送棉被")
    archive.net.cut = True
    wait_until_kept(reader, READ)
    reader.reload()
    expect(reader.locator("h1")).to_have_text("工会上门送棉被")


def test_slow_net_shows_what_is_kept_and_the_new_page_next_time(reader: Page, archive: Archive) -> None:
    make_impatient(reader, archive, milliseconds=300)
    page = archive.folder / "host" / READ[1:] / "index.html"
    page.write_text(page.read_text("utf-8").replace("棉衣", "棉被"), encoding="utf-8")
    archive.net.delay = 1.5
    reader.goto(archive.address + READ, wait_until="commit")
    assert "送棉衣" in reader.title()
    archive.net.delay = 0
    reader.wait_for_timeout(2000)
    archive.net.cut = True
    reader.goto(archive.address + READ)
    expect(reader.locator("h1")).to_have_text("工会上门送棉被")


def make_impatient(page: Page, archive: Archive, milliseconds: int) -> None:
    script = archive.folder / "host" / BASE[1:] / "sw.js"
    text = script.read_text("utf-8")
    assert "PATIENCE = 4000" in text
    script.write_text(text.replace("PATIENCE = 4000", f"PATIENCE = {milliseconds}"), encoding="utf-8")
    page.evaluate(
        """async () => {
          const changed = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
          await (await navigator.serviceWorker.getRegistration()).update();
          await changed;
        }"""
    )


def test_page_kept_before_the_styles_changed_is_styled_without_a_net(reader: Page, archive: Archive) -> None:
    before = reader.locator("link[href$='site.css']").get_attribute("href")
    theme = shutil.copytree(ROOT / "theme", archive.folder / "theme")
    with (theme / "static/css/site.css").open("a") as styles:
        styles.write("body { --worn: today }\n")
    settings = archive.folder / "restyled.py"
    settings.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom publishconf import *\nTHEME = {str(theme)!r}\n"
    )
    archive.publish(settings)
    reader.goto(f"{archive.address}{BASE}/")
    style = "getComputedStyle(document.body).getPropertyValue('--worn')"
    assert reader.evaluate(style) == "today"
    reader.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    for _ in range(400):
        if before not in kept(reader):
            break
        reader.wait_for_timeout(50)
    archive.net.cut = True
    reader.goto(archive.address + READ)
    assert reader.locator("link[href$='site.css']").get_attribute("href") == before
    assert reader.evaluate("[...document.styleSheets].every((one) => one.cssRules.length)")
    # Asked as if this browser had never had the file: its own memory may answer before the worker.
    asked = "(address) => fetch(address, {cache: 'reload'}).then((answer) => answer.text())"
    assert "--worn: today" in reader.evaluate(asked, before)


def test_open_search_page_goes_on_after_a_republication(reader: Page, archive: Archive) -> None:
    reader.goto(f"{archive.address}{BASE}/search/")
    reader.get_by_role("button", name="供离线检索保存").click()
    expect(reader.locator("[data-offline-state]")).to_contain_text("检索索引已存在这台设备上")
    old = json.loads((archive.folder / "host" / BASE[1:] / "search-index" / "manifest.json").read_text())["version"]
    archive.write("xin-wen", title="新来的一篇", date="2022-05-01", body="技能比赛开场，焊工先上台。")
    archive.publish()
    reader.get_by_label("检索词").fill("雨伞")
    expect(reader.locator(".result-title")).to_have_text("便民驿站开门")
    assert search(reader, archive, "焊工") == ["新来的一篇"]
    expect(reader.locator("[data-offline-state]")).to_contain_text("不是最新的")
    archive.net.cut = True
    assert search(reader, archive, "雨伞") == ["便民驿站开门"]
    archive.net.cut = False
    reader.goto(f"{archive.address}{BASE}/search/")
    reader.get_by_role("button", name="更新").click()
    expect(reader.locator("[data-offline-state]")).to_contain_text("检索索引已存在这台设备上")
    assert not [path for path in kept(reader) if old in path]
    archive.net.cut = True
    assert search(reader, archive, "焊工") == ["新来的一篇"]


def test_what_is_kept_can_be_taken_away(reader: Page, archive: Archive) -> None:
    reader.goto(f"{archive.address}{BASE}/offline/")
    reader.get_by_role("button", name="供离线检索保存").click()
    reader.get_by_role("button", name="移除", exact=True).click()
    expect(reader.locator("[data-offline-state]")).to_contain_text("要下载")
    assert not [path for path in kept(reader) if path.endswith(".bin")]
    reader.get_by_role("button", name="全部移除").click()
    expect(reader.locator("[data-offline-count]")).to_contain_text("还没有存下什么")
    assert READ not in kept(reader)


def test_pages_read_longest_ago_make_room(reader: Page, archive: Archive) -> None:
    reader.evaluate(
        """async (path) => {
          const cache = await caches.open(`gongbao ${path}/ pages`);
          for (let i = 0; i < 300; i++) {
            await cache.put(`${path}/articles/1999/old-${i}/`, new Response("", {headers: {"x-gongbao-size": "10"}}));
          }
          await cache.put(`${path}/articles/1999/big/`, new Response("", {headers: {"x-gongbao-size": "30000000"}}));
        }""",
        BASE,
    )
    reader.goto(archive.address + UNREAD)
    wait_until_kept(reader, UNREAD)
    reader.wait_for_timeout(300)
    pages = [path for path in kept(reader) if path.startswith(f"{BASE}/articles/")]
    assert pages == [UNREAD]


def test_archive_published_with_offline_off_removes_worker_and_caches(reader: Page, archive: Archive) -> None:
    (archive.folder / "off.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom publishconf import *\nGONGBAO['offline'] = False\n"
    )
    reader.evaluate("caches.open('another archive')")
    archive.publish(archive.folder / "off.py")
    for _ in range(40):
        reader.goto(f"{archive.address}{BASE}/")
        reader.evaluate("navigator.serviceWorker.getRegistration().then((one) => one?.update())")
        if not reader.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)"):
            break
        reader.wait_for_timeout(100)
    assert reader.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert reader.evaluate("caches.keys()") == ["another archive"]
    assert reader.locator("link[rel=manifest]").count() == 0


def test_browser_finds_the_archive_installable(reader: Page) -> None:
    client = reader.context.new_cdp_session(reader)
    assert client.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )
    manifest = json.loads(client.send("Page.getAppManifest")["data"])
    assert manifest["name"].startswith("工报")


def test_who_saves_data_gets_no_worker(context: BrowserContext, archive: Archive) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page = context.new_page()
    page.goto(archive.address + READ)
    page.wait_for_timeout(500)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_article_stays_light(context: BrowserContext, archive: Archive) -> None:
    """What the page itself asks for, gzipped, without what the worker fetches for later."""
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda one: sizes.setdefault(one.url, len(gzip.compress(one.body(), 9))))
    page.goto(archive.address + READ)
    page.wait_for_load_state("networkidle")
    assert any(url.endswith("offline/register.js") for url in sizes)
    assert sum(sizes.values()) <= 25 * 1024, sizes


def test_page_of_what_is_kept_has_no_barrier(reader: Page, archive: Archive, node_modules: Path) -> None:
    axe = (node_modules / "axe-core" / "axe.min.js").read_text("utf-8")
    for path in ("/offline/", "/search/"):
        reader.goto(f"{archive.address}{BASE}{path}")
        expect(reader.locator("[data-offline-state]")).to_contain_text("要下载")
        assert run_axe(reader, axe) == []
    archive.net.cut = True
    reader.goto(archive.address + UNREAD)
    expect(reader.locator("[data-offline-missing]")).to_be_visible()
    assert run_axe(reader, axe) == []
