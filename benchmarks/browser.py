"""Searches in a real browser with an empty cache, and what they take over the wire."""

from __future__ import annotations

import gzip
import mimetypes
import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
# What static hosts compress: text. Both sides' index files are compressed already.
TEXT_SUFFIXES = frozenset((".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"))
BLANK = "/blank"
BLANK_PAGE = b'<!doctype html><html lang="zh"><title>-</title><link rel="icon" href="data:,">'

# Each asks for the first ten results with their titles and gives {total, urls, milliseconds, computing}, and leaves a
# function that asks for another text in the same visit. `computing` is the time of the same search when all bytes are
# there already, so that what is left is unpacking and looking up; Pagefind's can't be told apart.
ASK_GONGBAO = """async (text) => {
  const start = performance.now();
  const {openIndex} = await import("/theme/js/search/engine.js");
  const kept = new Map();
  const get = async (url, options) => {
    if (!kept.has(url)) kept.set(url, await (await fetch(url, options)).arrayBuffer());
    return new Response(kept.get(url));
  };
  const index = await openIndex("/search-index/", get);
  const {total, results} = await index.search(text, {offset: 0, limit: 10});
  const milliseconds = performance.now() - start;
  const restart = performance.now();
  await (await openIndex("/search-index/", get)).search(text, {offset: 0, limit: 10});
  const computing = performance.now() - restart;
  globalThis.askAgain = (other) => index.search(other, {offset: 0, limit: 10});
  return {total, urls: results.map((result) => result.url), milliseconds, computing};
}"""
ASK_PAGEFIND = """async (text) => {
  const start = performance.now();
  const pagefind = await import("/pagefind/pagefind.js");
  const ask = async (words) => {
    const {results} = await pagefind.search(words);
    return {results, first: await Promise.all(results.slice(0, 10).map((result) => result.data()))};
  };
  const {results, first} = await ask(text);
  const milliseconds = performance.now() - start;
  globalThis.askAgain = ask;
  return {total: results.length, urls: first.map((data) => data.url), milliseconds, computing: null};
}"""
ASK_AGAIN = "async (text) => { await globalThis.askAgain(text); }"


@dataclass(frozen=True)
class Search:
    """One search from an empty cache: bytes of all answers' bodies as sent, requests, time on the page's own clock.

    `second_bytes` are those of another search in the same visit.
    """

    bytes: int
    requests: int
    milliseconds: float
    computing: float | None
    second_bytes: int
    total: int
    urls: tuple[str, ...]


class CountingServer(ThreadingHTTPServer):
    """Serves a folder on loopback, with gzip for text, and counts what it sends."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder.resolve()
        self.bytes = self.requests = 0
        self._lock = threading.Lock()
        self._bodies: dict[Path, bytes] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def count(self, size: int) -> None:
        """Note an answer whose body has `size` bytes."""
        with self._lock:
            self.bytes += size
            self.requests += 1

    def find(self, path: str) -> Path | None:
        """The file for an address's path, a folder's index.html for the folder, or None."""
        file = (self.folder / path.lstrip("/")).resolve()
        if path.endswith("/"):
            file /= "index.html"
        return file if file.is_relative_to(self.folder) and file.is_file() else None

    def body(self, file: Path) -> bytes:
        """What is sent for a file; compressed once, so that the time measured is the reader's side's."""
        if file not in self._bodies:
            data = file.read_bytes()
            self._bodies[file] = gzip.compress(data, 6) if file.suffix in TEXT_SUFFIXES else data
        return self._bodies[file]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: without this the second waits for an answer
    server: CountingServer

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == BLANK:
            self._send(200, "text/html", BLANK_PAGE)
            return
        file = self.server.find(path)
        body = self.server.body(file) if file else b""
        self.server.count(len(body))
        if file is None:
            self._send(404, "text/plain", body)
        else:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            kind = {".js": "text/javascript", ".wasm": "application/wasm"}.get(file.suffix, kind)
            self._send(200, kind, body, encoding="gzip" if file.suffix in TEXT_SUFFIXES else "")

    def _send(self, status: int, kind: str, body: bytes, *, encoding: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve_folder(folder: Path) -> Iterator[CountingServer]:
    """A counting server for the time of a `with` block."""
    server = CountingServer(folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def find_chromium() -> str | None:
    """The browser named in CHROMIUM, or one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


class Searcher:
    """A browser that asks sites; every search has a context of its own, whose cache is empty."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @cached_property
    def version(self) -> str:
        return self._browser.version

    def search(self, server: CountingServer, ask: str, text: str, other: str) -> Search:
        """Ask one site for a text with one of the ASK scripts, then for another."""
        context = self._browser.new_context(locale="zh-CN")
        try:
            page = context.new_page()
            page.goto(server.address + BLANK)
            bytes_before, requests_before = server.bytes, server.requests
            answer = page.evaluate(ask, text)
            bytes_after, requests_after = server.bytes, server.requests
            page.evaluate(ASK_AGAIN, other)
        finally:
            context.close()
        return Search(
            bytes=bytes_after - bytes_before,
            requests=requests_after - requests_before,
            milliseconds=answer["milliseconds"],
            computing=answer["computing"],
            second_bytes=server.bytes - bytes_after,
            total=answer["total"],
            urls=tuple(answer["urls"]),
        )


@contextmanager
def open_searcher(chromium: str) -> Iterator[Searcher]:
    """A headless browser for the time of a `with` block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        try:
            yield Searcher(browser)
        finally:
            browser.close()


def search_in_turn(
    searcher: Searcher, sites: Mapping[str, tuple[CountingServer, str]], texts: Sequence[str]
) -> dict[str, list[Search]]:
    """Ask every site for every text, the sites taking turns; the answers of each site in the order of the texts."""
    answers: dict[str, list[Search]] = {name: [] for name in sites}
    for number, text in enumerate(texts):
        for name, (server, ask) in sites.items():
            answers[name].append(searcher.search(server, ask, text, texts[number - 1]))
    return answers
