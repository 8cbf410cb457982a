"""The archive on an editor's own machine: served, rebuilt on change, the open page reloaded."""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import watchfiles

from gongbao.addresses import DRAFTS
from gongbao.build.apart import BuildError
from gongbao.build.preparation import prepare
from gongbao.build.run import build_site
from gongbao.inventory import Preview

HOST = "127.0.0.1"
RELOAD_ADDRESS = "/__reload"
RELOAD_SCRIPT = f'new EventSource("{RELOAD_ADDRESS}").onmessage = () => location.reload();\n'.encode()
RELOAD_TAG = f'<script type="module" src="{RELOAD_ADDRESS}.js"></script></body>'.encode()
PING_SECONDS = 15
LARGEST_BODY = 16 * 1024 * 1024
LOOK_AGAIN = 2000  # milliseconds; a folder of drafts that wasn't there before can't be watched

# Method, path, headers and body of a request -> status, headers and body; None if the address isn't one of its own.
Extra = Callable[[str, str, Mapping[str, str], bytes], "tuple[int, Mapping[str, str], bytes] | None"]


class Rebuilds:
    """Counts rebuilds; open pages wait for the next one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def announce(self) -> None:
        """Wake every waiting page."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Whether a rebuild came within so many seconds."""
        with self._changed:
            return self._changed.wait(seconds)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files as a host serves them, with the reload script added to every page."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  the standard library's name and type
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".xml": "application/xml; charset=utf-8",
        ".bin": "application/octet-stream",
    }

    def __init__(
        self,
        *args: object,
        rebuilds: Rebuilds,
        extra: Extra | None = None,
        preview: Path | None = None,
        **kwargs: object,
    ) -> None:
        self.rebuilds, self.extra, self.preview = rebuilds, extra, preview
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing of each request."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == RELOAD_ADDRESS:
            self._send_events()
        elif path == f"{RELOAD_ADDRESS}.js":
            self._send(200, RELOAD_SCRIPT, "text/javascript")
        elif self._hand_over(path):
            return
        elif (page := self._page()) is not None:
            self._send(200, page, "text/html; charset=utf-8")
        else:
            super().do_GET()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self.send_error(http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif not self._hand_over(self.path.partition("?")[0], self.rfile.read(length)):
            self.send_error(http.HTTPStatus.NOT_FOUND)

    def _hand_over(self, path: str, body: bytes = b"") -> bool:
        answer = self.extra(self.command, path, dict(self.headers.items()), body) if self.extra else None
        if answer is None:
            return False
        status, headers, content = answer
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for what isn't there."""
        page = Path(self.directory) / "404.html"
        if code == http.HTTPStatus.NOT_FOUND and page.is_file():
            self._send(code, _with_reload(page.read_bytes()), "text/html; charset=utf-8")
        else:
            super().send_error(code, message, explain)

    def translate_path(self, path: str) -> str:
        """Drafts have a folder of their own, so that the site holds none."""
        site = self.directory
        if self.preview is not None and f"{path.partition('?')[0]}/".startswith(DRAFTS):
            self.directory = str(self.preview)
        try:
            return super().translate_path(path)
        finally:
            self.directory = site

    def _page(self) -> bytes | None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        return _with_reload(path.read_bytes()) if path.suffix == ".html" and path.is_file() else None

    def _send(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b"data: reload\n\n" if self.rebuilds.wait(PING_SECONDS) else b": still here\n\n")
                self.wfile.flush()
        except OSError:  # the page was closed
            return


class Server(http.server.ThreadingHTTPServer):
    """Ends with the program, even while pages wait for a rebuild."""

    daemon_threads = True


def serve_site(
    content: Path,
    output: Path,
    settings: Path,
    port: int,
    *,
    extra: Extra | None = None,
    preview: Preview | None = None,
) -> int:
    """Build, serve and rebuild until interrupted; returns an exit code.

    `extra` answers for addresses that are no part of the site. With a preview drafts have pages below /drafts/, which
    are no part of the output either.
    """
    prepare(content, settings)
    _rebuild(content, output, settings, preview)
    rebuilds = Rebuilds()
    handler = functools.partial(
        Handler, directory=str(output), rebuilds=rebuilds, extra=extra, preview=preview.folder if preview else None
    )
    try:
        server = Server((HOST, port), handler)
    except OSError as error:
        print(f"端口 {port} 用不了（{error.strerror}），请换一个：inv serve --port 8001", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://{HOST}:{server.server_port}/  （按 Ctrl-C 结束）", flush=True)
    if preview is not None:
        print(f"http://{HOST}:{server.server_port}{DRAFTS}  草稿", flush=True)
    project = settings.absolute().parent
    wanted = [content, project / "theme", project / "plugins", settings, *([preview.drafts] if preview else [])]
    try:
        for _ in _changes(wanted):
            if _rebuild(content, output, settings, preview):
                rebuilds.announce()
    finally:
        server.shutdown()
    return 0


def _changes(wanted: list[Path]) -> Iterator[None]:
    """Yields at each change of a file, also in folders that are made later, until interrupted."""
    watched, is_new = [path for path in wanted if path.exists()], False
    while True:
        changes = watchfiles.watch(*watched, raise_interrupt=False, rust_timeout=LOOK_AGAIN, yield_on_timeout=True)
        for changed in changes:
            if changed or is_new:  # what came into a new folder before it was watched
                is_new = False
                yield
            now = [path for path in wanted if path.exists()]
            if now != watched:
                watched, is_new = now, True
                break
        else:
            return


def _rebuild(content: Path, output: Path, settings: Path, preview: Preview | None) -> bool:
    try:
        print(build_site(content, output, settings, preview=preview), flush=True)
    except BuildError as error:
        print(error, file=sys.stderr, flush=True)
        return False
    return True


def _with_reload(page: bytes) -> bytes:
    return page.replace(b"</body>", RELOAD_TAG)
