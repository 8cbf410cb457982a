"""The editing page on one's own machine: Decap CMS from npm in a real browser, saved by our backend into a folder."""

from __future__ import annotations

import datetime
import functools
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from gongbao.build.run import build_site
from gongbao.build.serve import Handler, Rebuilds, Server
from gongbao.check.run import check_content
from gongbao.edit.local import EditingPage
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
EXISTING = "2020/ansai-gonghui-pinpai"
CACHE = ROOT / ".cache" / "editing"


@dataclass(frozen=True)
class Desk:
    """A content folder with its editing page served."""

    content: Path
    address: str

    def path(self, name: str) -> Path:
        return self.content / "articles" / f"{name}.md"


@pytest.fixture
def desk(tmp_path: Path, editing_program: dict[str, bytes]) -> Iterator[Desk]:
    content = tmp_path / "content"
    copy = content / "articles" / f"{EXISTING}.md"
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / "content" / "articles" / f"{EXISTING}.md", copy)
    assert editing_program
    page = EditingPage(content, CACHE, name="工报")
    shutil.copytree(ROOT / "theme" / "static", tmp_path / "output" / "theme")
    handler = functools.partial(Handler, directory=str(tmp_path / "output"), rebuilds=Rebuilds(), extra=page)
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Desk(content, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda one: None if one.url.startswith((desk.address, "data:", "blob:")) else complaints.append(one.url),
    )
    page.goto(f"{desk.address}/admin/")
    yield page
    context.close()
    assert complaints == []


def compose(page: Page, box: Locator, *words: tuple[str, str]) -> None:
    """Type as with an input method: the letters grow in the box, then the word takes their place."""
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
    expect(page.get_by_text("已保存")).to_be_visible()
