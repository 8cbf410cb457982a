"""The published site behind a real nginx, with the files that `publish` writes for it."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest
from gongbao.archive import load_lists
from gongbao.build.run import build_site
from gongbao.edit.host import Host as EditedHost
from gongbao.edit.pages import admin_files
from gongbao.publish.folder import FolderStore
from gongbao.publish.hosting import POLICY, SECURITY
from gongbao.publish.run import Options, publish_site
from gongbao.publish.target import FolderTarget
from playwright.sync_api import BrowserContext, expect

from tests.conftest import REQUIRED

ROOT = Path(__file__).parents[2]
EDITED = EditedHost("github", "union/archive", server="api.github.com")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
OLD, NEW = "/articles/2020/jiu-diming/", "/articles/2020/ansai-gonghui-pinpai/"
KINDS = (
    *("/", "/articles/2020/ansai-gonghui-pinpai/", "/regions/", "/regions/610603/", "/campaigns/song-wennuan/"),
    *("/years/2020/", "/papers/gongren-ribao/", "/papers/gongren-ribao/calendar/2021/", "/days/01-15/", "/data/"),
    *("/search/", "/shelf/", "/offline/", "/about/", "/nowhere/"),
)
CONFIGURATION = """\
{modules}{user}daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {hosting}/nginx-http.conf;
    server {{
        listen 127.0.0.1:{port};
        include {hosting}/nginx.conf;
    }}
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Host:
    """The site as nginx serves it."""

    port: int
    base: str
    folder: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def get(self, address: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", self.base + address, headers=names)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def version(self) -> str:
        return str(re.search(r'"version": "(\w+)"', self.get("/search-index/manifest.json").body.decode())[1])  # type: ignore[index]

    def assets(self) -> str:
        return str(re.search(r"theme/v/\w+/", self.get("/").body.decode())[0])  # type: ignore[index]


@pytest.fixture(scope="module", params=["", "/archive"], ids=["root", "sub-path"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The demo archive, built for the address at which nginx then serves it, in the root or below a path."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        message = "install nginx (Debian: apt install nginx-light libnginx-mod-http-brotli-static) to test hosting"
        pytest.fail(message) if REQUIRED else pytest.skip(message)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("host")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGBAO_SITEURL", f"http://127.0.0.1:{port}{request.param}")
        build_site(ROOT / "content", folder / "site", ROOT / "publishconf.py")
    editing = admin_files(EDITED, load_lists(ROOT / "content"), {}, name="工报", site="")
    for name, data in editing.items():
        (folder / "site" / "admin").mkdir(exist_ok=True)
        (folder / "site" / "admin" / name).write_bytes(data)
    store = FolderStore(FolderTarget(folder / "www"))
    options = Options(folder / "site", folder / "published.json", {OLD: NEW})
    publish_site(store, options, lambda _: 1, lambda _: None)
    process = start_nginx(nginx, folder, port)
    try:
        yield Host(port, request.param, folder / "www")
    finally:
        process.terminate()
        process.wait()


def start_nginx(nginx: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    hosting = folder / "site-hosting"
    if not BROTLI.exists():  # as the comment in the file says
        text = (hosting / "nginx.conf").read_text(encoding="utf-8")
        (hosting / "nginx.conf").write_text(text.replace("    brotli_static on;\n", ""), encoding="utf-8")
    configuration = CONFIGURATION.format(
        modules=f"load_module {BROTLI};\n" if BROTLI.exists() else "",
        user="user root;\n" if os.geteuid() == 0 else "",
        folder=folder,
        hosting=hosting,
        port=port,
    )
    (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
    command = [nginx, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError((folder / "error.log").read_text(encoding="utf-8"))


@pytest.mark.parametrize("address", KINDS)
def test_every_kind_of_page_has_the_security_headers(host: Host, address: str) -> None:
    answer = host.get(address)
    assert answer.status == (404 if address == "/nowhere/" else 200)
    assert {name: answer.headers.get(name.lower()) for name in SECURITY} == SECURITY
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers.get("etag") or answer.status == 404


def test_editing_page_alone_has_another_policy(host: Host) -> None:
    for address in ("/admin/", "/admin/start.js"):
        answer = host.get(address)
        assert answer.status == 200
        assert answer.headers["content-security-policy"] == f"{EDITED.policy}; frame-ancestors 'none'"
        assert {name: answer.headers[name.lower()] for name in SECURITY if name != POLICY} == {
            name: value for name, value in SECURITY.items() if name != POLICY
        }
    assert host.get("/admin").headers["content-security-policy"] == SECURITY[POLICY]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/theme/js/search/engine.js", "text/javascript; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/theme/img/icon.svg", "image/svg+xml"),
        ("/data/articles.json", "application/json"),
        ("/data/articles.csv", "text/csv; charset=utf-8"),
        ("/feeds/all.atom.xml", "application/xml"),
        ("/data/archive.zip", "application/zip"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_have_their_types(host: Host, address: str, kind: str) -> None:
    answer = host.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_text_is_sent_compressed_as_it_lies_there(host: Host) -> None:
    plain = host.get("/")
    packed = host.get("/", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.body == (host.folder / "index.html.gz").read_bytes()
    assert gzip.decompress(packed.body) == plain.body
    if BROTLI.exists():
        smallest = host.get("/", Accept_Encoding="gzip, br")
        assert smallest.headers["content-encoding"] == "br"
        assert brotli.decompress(smallest.body) == plain.body
        assert len(smallest.body) < len(packed.body) < len(plain.body)


def test_only_addresses_with_a_hash_are_kept_for_ever(host: Host) -> None:
    for name in ("variants.bin", "columns.bin"):
        answer = host.get(f"/search-index/{host.version()}/{name}", Accept_Encoding="gzip, br")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "content-encoding" not in answer.headers  # the browser unpacks these itself
    for name, kind in (("css/site.css", "text/css"), ("js/search/page.js", "text/javascript")):
        answer = host.get(f"/{host.assets()}{name}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    for address in ("/search-index/manifest.json", "/theme/js/search/engine.js", "/sw.js", "/published.json"):
        assert host.get(address).headers["cache-control"] == "no-cache"
    missing = host.get(f"/search-index/{host.version()}/nowhere.bin")
    assert (missing.status, missing.headers["cache-control"]) == (404, "no-cache")


def test_asking_again_costs_no_body(host: Host) -> None:
    first = host.get("/")
    again = host.get("/", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_old_address_redirects(host: Host) -> None:
    answer = host.get(OLD)
    assert (answer.status, answer.headers["location"]) == (301, host.base + NEW)


@pytest.mark.browser
def test_site_works_behind_nginx(host: Host, context: BrowserContext) -> None:
    """From the home page through the search to an article, with nothing said in the console and no other host asked."""
    complaints: list[str] = []
    page = context.new_page()
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(host.address) else complaints.append(request.url))
    page.goto(f"{host.address}/")
    page.fill("#header-q", "张莲莲")
    page.press("#header-q", "Enter")
    expect(page.locator(".result-title").first).to_contain_text("安塞")
    page.locator(".result-title a").first.click()
    expect(page.locator("h1")).to_contain_text("安塞")
    page.goto(f"{host.address}{OLD}")
    expect(page).to_have_url(f"{host.address}{NEW}")
    assert complaints == []
