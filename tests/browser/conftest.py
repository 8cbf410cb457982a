"""A real browser on the built site, as a reader uses it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import REQUIRED

# The first has no windows that it draws for nobody, and needs half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-software-rasterizer"),
]


expect.set_options(timeout=20_000)  # half of what is waited for is a rebuild, on machines that are busy


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all modules: each has contexts of its own, which are as strange to each other as two browsers."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if REQUIRED:
            pytest.fail("a Chromium is required here and none is on PATH")
        pytest.skip("install Chromium (Debian: apt install chromium fonts-noto-cjk) or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(site: Path, serve_folder: Callable[[Path], str]) -> str:
    return serve_folder(site)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN")
    yield context
    context.close()


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """What the pages of a module share, emptied after each test: to make one takes longer than most tests."""
    profile = browser.new_context(locale="zh-CN")
    yield profile
    profile.close()


@pytest.fixture(scope="module")
def beside(profile: BrowserContext, address: str) -> Iterator[None]:
    """A page that stays open: with the last page of a site its process ends, and to begin one takes the longest."""
    page = profile.new_page()
    page.goto(f"{address}/robots.txt")
    yield
    page.close()


@pytest.fixture
def page(profile: BrowserContext, address: str, beside: None) -> Iterator[Page]:  # noqa: ARG001
    """A page under the policy that tests/conftest.py sends, whose console and network must stay clean."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page = profile.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
    yield page
    client = profile.new_cdp_session(page)
    heard = tuple(complaints)  # what is still being fetched fails, and says so, when the cache goes
    client.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    client.send("Network.clearBrowserCache")
    page.close()
    assert heard == ()


def results(page: Page) -> list[str]:
    expect(page.locator("[data-search-status]")).to_contain_text(re.compile("找到"))
    return page.locator(".result-title").all_text_contents()


MEASURE_CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const light = (color) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = (node) => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$|transparent/.test(color)) return color;
    }
  };
  const texts = [...document.querySelectorAll("p, h1, h2, a, th, td, dd, dt, time, span, summary")];
  return texts.filter((node) => node.checkVisibility() && node.textContent.trim()).map((node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(back(node) ?? "white")].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), node.className + " " + node.textContent.trim().slice(0, 20)];
  });
}"""


def find_low_contrast(browser: Browser, address: str, scheme: str) -> list[object]:
    """The texts of a page that have less than WCAG AA's 4.5 to 1, on the colours that the browser computed.

    A mixed colour is drawn to be read.
    """
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(address)
    ratios = page.evaluate(MEASURE_CONTRAST)
    context.close()
    return [row for row in ratios if row[0] < 4.5]
