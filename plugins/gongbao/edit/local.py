"""The page /admin/ on the editor's own machine, for a server that hands requests over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from gongbao.addresses import ADMIN
from gongbao.archive import load_lists
from gongbao.cache import Cache
from gongbao.edit.backend import Desk, RefusalError
from gongbao.edit.host import LOCAL
from gongbao.edit.package import load_program
from gongbao.edit.pages import admin_files

OWN_NAMES = ("127.0.0.1", "localhost")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
}

Answer = tuple[int, Mapping[str, str], bytes]


class EditingPage:
    """Answers what is asked below /admin/; None for all other addresses."""

    def __init__(self, content: Path, cache: Path, *, name: str) -> None:
        """Raises PackageError if the program can't be had, ContentError if the vocabularies can't be read."""
        self._files = admin_files(LOCAL, load_lists(content), load_program(Cache(cache)), name=name, site="/")
        self._desk = Desk(content)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """The status, the headers and the body for a request."""
        if path == ADMIN.rstrip("/"):
            return 301, {"Location": ADMIN}, b""
        if not path.startswith(ADMIN):
            return None
        if path == LOCAL.api:
            return self._ask(method, headers, body)
        name = path.removeprefix(ADMIN) or "index.html"
        if method not in {"GET", "HEAD"} or name not in self._files:
            return None
        kind = TYPES.get(PurePosixPath(name).suffix, "text/plain; charset=utf-8")
        return 200, {"Content-Type": kind}, self._files[name]

    def _ask(self, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            if method != "POST" or not comes_from_own_page(headers):
                raise RefusalError("只有本机的编辑页可以在这里读写", 403)
            try:
                question = json.loads(body)
            except ValueError:
                raise RefusalError("请求不是 JSON", 400) from None
            status, value = 200, self._desk.answer(question)
        except RefusalError as refusal:
            status, value = refusal.status, {"error": str(refusal)}
        except OSError as error:
            status, value = 500, {"error": f"没有存成：{error}"}
        return status, {"Content-Type": "application/json"}, json.dumps(value, ensure_ascii=False).encode()


def comes_from_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a request was made by a page of this very server.

    Any web page that the editor has open can send requests to this machine, and a name that its owner points here
    passes for the same origin: so both the name that was asked and the page that asks are looked at, and the type is
    one that no form can send.
    """
    own = {name.lower(): value for name, value in headers.items()}
    host, origin = own.get("host", ""), own.get("origin", "")
    if host.partition(":")[0] not in OWN_NAMES or origin != f"http://{host}":
        return False
    return own.get("content-type", "").startswith("application/json")
