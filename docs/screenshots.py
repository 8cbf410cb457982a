"""The pictures of the editors' manual, taken of the real pages with a headless Chromium.

    .venv/bin/python docs/screenshots.py

It builds the archive, clips a page of tests/data/pages and opens the editing page, all in a temporary folder, and
writes docs/images/*.webp. Chromium is found on PATH or named in CHROMIUM; playwright is among what tests need.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from gongbao.archive import load_lists
from gongbao.build.run import build_site
from gongbao.build.serve import Extra, Handler, Rebuilds, Server
from gongbao.clip.cut import cut_page
from gongbao.clip.reading import read_dump
from gongbao.clip.review import render_review
from gongbao.edit.local import EditingPage
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
DUMP = ROOT / "tests" / "data" / "pages" / "broken-continued-below.txt"
ARTICLE = "/articles/2020/ansai-gonghui-pinpai/"
WIDTH, HEIGHT = 1100, 720
QUALITY = 72


class Studio:
    """What is photographed: the built site with its editing page, and a cut page of a newspaper."""

    def __init__(self, folder: Path) -> None:
        self.content, self.site, self.review = folder / "content", folder / "site", folder / "review.html"
        shutil.copytree(ROOT / "content", self.content)
        build_site(self.content, self.site, ROOT / "pelicanconf.py")
        lists = load_lists(self.content)
        self.review.write_text(render_review(cut_page(read_dump(DUMP), lists)), encoding="utf-8")
        self.editing = EditingPage(self.content, ROOT / ".cache" / "editing", name="工报")

    def open_review(self, page: Page, _: str) -> None:
        page.goto(self.review.as_uri())
        page.locator("#l3 .piece").click()

    def open_home(self, page: Page, address: str) -> None:
        page.goto(f"{address}/")

    def open_article(self, page: Page, address: str) -> None:
        page.goto(f"{address}{ARTICLE}")

    def open_list(self, page: Page, address: str) -> None:
        page.goto(f"{address}/admin/")
        page.get_by_role("link", name="安塞区总工会").wait_for()

    def open_form(self, page: Page, address: str) -> None:
        self.open_list(page, address)
        page.get_by_role("link", name="安塞区总工会").click()
        page.get_by_label("标题", exact=True).wait_for()

    def open_lists(self, page: Page, address: str) -> None:
        """Further down in the form: what is chosen, and what is added piece by piece."""
        self.open_form(page, address)
        page.get_by_text("地区 (可不填)").scroll_into_view_if_needed()
        page.mouse.move(WIDTH // 2, HEIGHT // 2)
        page.mouse.wheel(0, 620)

    def open_new(self, page: Page, address: str) -> None:
        """A form that can't be saved yet."""
        self.open_list(page, address)
        page.get_by_role("link", name="新建报道").click()
        page.get_by_label("标题", exact=True).fill("工会送来凉茶")
        page.get_by_label("文件名").fill("送凉茶")
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_role("menuitem", name="保存", exact=True).click()
        page.get_by_text("文件名只能用").wait_for()


SHOTS: dict[str, Callable[[Studio, Page, str], None]] = {
    "shenyue": Studio.open_review,
    "yulan-shouye": Studio.open_home,
    "yulan-wenzhang": Studio.open_article,
    "bianji-liebiao": Studio.open_list,
    "bianji-biaodan": Studio.open_form,
    "bianji-liebiaoxiang": Studio.open_lists,
    "bianji-tishi": Studio.open_new,
}


def take(page: Page, path: Path) -> None:
    """Write a WebP, which Chromium makes but Playwright doesn't ask for."""
    page.wait_for_timeout(1200)  # until what fades in has done so
    session = page.context.new_cdp_session(page)
    picture = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    path.write_bytes(base64.b64decode(picture["data"]))


@contextlib.contextmanager
def served(folder: Path, extra: Extra) -> Iterator[str]:
    """The site at an address of this machine."""
    handler = functools.partial(Handler, directory=str(folder), rebuilds=Rebuilds(), extra=extra)
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def main() -> None:
    """Take every picture anew."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("没有找到 Chromium，请安装，或用环境变量 CHROMIUM 指明")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        studio = Studio(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with served(studio.site, studio.editing) as address:
            for name, shoot in SHOTS.items():
                page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
                shoot(studio, page, address)
                take(page, IMAGES / f"{name}.webp")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
