"""Drafts as an editor sees them while the archive is served."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gongbao.build.run import build_site
from gongbao.build.serve import HOST, Handler, Rebuilds, Server
from gongbao.inventory import Preview
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import find_low_contrast
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

DRAFT = """\
---
title: {title}
date: 2020-01-15
region: [{region}]
status: draft
---

{body}
"""


class Desk:
    """An archive that is served while its drafts are edited."""

    def __init__(self, folder: Path) -> None:
        self.content, self.output = folder / "content", folder / "output"
        self.preview = Preview(folder / "preview", folder / "drafts")
        self.rebuilds = Rebuilds()

    def save(self, title: str, region: str) -> None:
        path = self.content / "articles/2020/gao.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DRAFT.format(title=title, region=region, body="县里的工会。"), encoding="utf-8")
        build_site(self.content, self.output, ROOT / "pelicanconf.py", preview=self.preview)
        self.rebuilds.announce()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    own = Desk(tmp_path_factory.mktemp("desk"))
    published = own.content / "articles/2019/fabu.md"
    published.parent.mkdir(parents=True)
    published.write_text("---\ntitle: 发布了的报道\ndate: 2019-01-15\n---\n\n正文。\n", encoding="utf-8")
    return own


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    desk.save("地名写错的稿子", "没有省")
    handler = functools.partial(
        Handler, directory=str(desk.output), rebuilds=desk.rebuilds, preview=desk.preview.folder
    )
    server = Server((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_editor_mends_a_draft_and_its_open_page_follows(page: Page, address: str, desk: Desk) -> None:
    page.goto(f"{address}/drafts/")
    expect(page.get_by_text("错误 1")).to_be_visible()
    page.get_by_role("link", name="地名写错的稿子").click()
    expect(page.get_by_role("heading", name="草稿，错误 1 处")).to_be_visible()
    expect(page.locator(".draft-problems")).to_contain_text("第 4 行：没有“没有省”这个地区")
    with page.expect_navigation():
        desk.save("改好的稿子", "陕西省")
    expect(page.get_by_role("heading", name="草稿，没有发现问题")).to_be_visible()
    expect(page.get_by_role("heading", name="改好的稿子")).to_be_visible()
    expect(page.locator(".prose")).to_contain_text("县里的工会。")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/drafts/", "/drafts/articles/2020/gao/"])
def test_page_is_never_wider_than_the_screen(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(browser: Browser, address: str, desk: Desk, scheme: str) -> None:
    desk.save("地名写错的稿子", "没有省")
    for path in ("/drafts/", "/drafts/articles/2020/gao/"):
        assert find_low_contrast(browser, address + path, scheme) == []
