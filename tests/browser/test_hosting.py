"""The published site behind a real nginx and a real Caddy, with the files that `publish` writes for them."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import brotli
import pytest
from gongbao.archive import load_lists
from gongbao.build.run import build_site
from gongbao.edit.host import Host as EditedHost
from gongbao.edit.pages import admin_files
from gongbao.publish.folder import FolderStore
from gongbao.publish.hosting import POLICY, SECURITY
from gongbao.publish.problem import PublishError
from gongbao.publish.run import Options, publish_site
from gongbao.publish.target import FolderTarget
from playwright.sync_api import BrowserContext, expect

from tests.conftest import REQUIRED

ROOT = Path(__file__).parents[2]
EDITED = EditedHost("github", "union/archive", server="api.github.com")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
OLD, NEW = "/articles/2020/jiu-diming/", "/articles/2020/ansai-gonghui-pinpai/"
LONG = f"/articles/2020/{'-'.join(['changchang'] * 20)}/"  # an address for which nginx has no room by itself
KINDS = (
    *("/", "/articles/2020/ansai-gonghui-pinpai/", "/regions/", "/regions/610603/", "/campaigns/"),
    *("/campaigns/song-wennuan/", "/years/", "/years/2020/", "/papers/", "/papers/gongren-ribao/"),
    *("/papers/gongren-ribao/calendar/2021/", "/papers/gongren-ribao/2019-09/", "/days/", "/days/01-15/", "/data/"),
    *("/search/", "/shelf/", "/offline/", "/about/", "/nowhere/"),
)
# What of an address tells its kind: the rest are names.
LISTS = ("articles", "regions", "campaigns", "years", "days", "papers", "calendar")
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


CADDYFILE = """\
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    import "{hosting}/Caddyfile"
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Host:
    """The site as a server gives it; `folder` is the one that is served."""

    server: str
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


@dataclass(frozen=True)
class Published:
    """The demo archive, published for an address on loopback: in the root, or below a path."""

    port: int
    base: str
    folder: Path

    @property
    def options(self) -> Options:
        return Options(self.folder / "site", self.folder / "published.json", {OLD: NEW, LONG: NEW})

    @property
    def store(self) -> FolderStore:
        return FolderStore(FolderTarget(self.folder / "our www"))


@pytest.fixture(scope="session")
def publish_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Published]:
    """Publishes the demo archive for a path, once for all servers."""

    @cache
    def publish(base: str) -> Published:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        folder = tmp_path_factory.mktemp("host")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GONGBAO_SITEURL", f"http://127.0.0.1:{port}{base}")
            build_site(ROOT / "content", folder / "site", ROOT / "publishconf.py")
        editing = admin_files(EDITED, load_lists(ROOT / "content"), {}, name="工报", site="")
        for name, data in editing.items():
            (folder / "site" / "admin").mkdir(exist_ok=True)
            (folder / "site" / "admin" / name).write_bytes(data)
        published = Published(port, base, folder)
        with pytest.MonkeyPatch.context() as patch:
            if not base:  # takes long, and test_tasks.py does it for a site at the root
                patch.setattr("gongbao.publish.run.verify_before", lambda *_: None)
            publish_site(published.store, published.options, lambda title: [title], lambda _: None)
        return published

    return publish


@pytest.fixture(scope="module", params=["", "/archive"], ids=["root", "sub-path"])
def published(request: pytest.FixtureRequest, publish_demo: Callable[[str], Published]) -> Published:
    return publish_demo(request.param)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def host(request: pytest.FixtureRequest, published: Published) -> Iterator[Host]:
    program = shutil.which(request.param, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        message = f"install {request.param} (Debian: {PACKAGES[request.param]}) to test hosting"
        pytest.fail(message) if REQUIRED else pytest.skip(message)
    command = COMMANDS[request.param](program, published)
    log = published.folder / f"{request.param}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, "HOME": str(published.folder)})
    try:
        wait_for(published.port, log)
        yield Host(request.param, published.port, published.base, published.store.path)
    finally:
        process.terminate()
        process.wait()


def nginx_command(program: str, published: Published) -> list[str]:
    folder = published.folder
    hosting = folder / "site-hosting"
    if not BROTLI.exists():  # as the comment in the file says
        text = (hosting / "nginx.conf").read_text(encoding="utf-8")
        (hosting / "nginx.conf").write_text(text.replace("    brotli_static on;\n", ""), encoding="utf-8")
    configuration = CONFIGURATION.format(
        modules=f"load_module {BROTLI};\n" if BROTLI.exists() else "",
        user="user root;\n" if os.geteuid() == 0 else "",
        folder=folder,
        hosting=hosting,
        port=published.port,
    )
    (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
    command = [program, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    return command


def caddy_command(program: str, published: Published) -> list[str]:
    path = published.folder / "Caddyfile"
    path.write_text(CADDYFILE.format(hosting=published.folder / "site-hosting", port=published.port), encoding="utf-8")
    return [program, "run", "--adapter", "caddyfile", "--config", str(path)]


PACKAGES = {"nginx": "nginx-light libnginx-mod-http-brotli-static", "caddy": "caddy"}
COMMANDS = {"nginx": nginx_command, "caddy": caddy_command}


def wait_for(port: int, log: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


def kind_of(address: str) -> str:
    """An address without what is a name in it."""
    parts = address.strip("/").split("/")
    return "/".join(part if part in LISTS else "*" for part in parts) if parts[0] in LISTS else parts[0]


def test_every_kind_of_page_is_among_the_kinds(published: Published) -> None:
    """A page at /NAME/ is one of content/pages, for which one stands, or has been thought of."""
    content = {path.stem for path in (ROOT / "content" / "pages").glob("*.md")} - {"about"}
    files = (path.relative_to(published.folder / "site") for path in (published.folder / "site").rglob("index.html"))
    found = {kind_of(f"/{file.parent.as_posix()}/".replace("/./", "/")) for file in files} - content - {"admin"}
    assert found == {kind_of(address) for address in KINDS} - {"nowhere"}


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
        ("/feeds/all.atom.xml", "application/atom+xml"),
        ("/sitemap.xml", "application/xml"),
        ("/theme/img/icon-192.png", "image/png"),
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
    assert packed.headers["vary"] == "Accept-Encoding"  # or what stands between could give a browser what it can't read
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.body == (host.folder / "index.html.gz").read_bytes()
    assert gzip.decompress(packed.body) == plain.body
    if BROTLI.exists() or host.server != "nginx":
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
    assert missing.headers["content-type"] == "text/html; charset=utf-8"


def test_asking_again_costs_no_body(host: Host) -> None:
    first = host.get("/")
    again = host.get("/", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("address", [OLD, LONG])
def test_old_address_redirects(host: Host, address: str) -> None:
    answer = host.get(address)
    assert (answer.status, answer.headers["location"]) == (301, host.base + NEW)


def test_site_below_a_path_is_found_without_its_slash(host: Host) -> None:
    if host.base:
        answer = host.get("")
        assert (answer.status, answer.headers["location"]) == (301, f"{host.base}/")


def test_published_site_is_fetched_back_through_the_server(host: Host, published: Published) -> None:
    """Where a page leads elsewhere, the server redirects: as good as the page."""
    options = replace(published.options, verify=host.address)
    said: list[str] = []
    publish_site(published.store, options, lambda title: [title], said.append)
    assert said == ["没有变化，不必发布。"]
    about = host.folder / "about" / "index.html"
    kept = about.read_bytes()
    about.unlink()  # the stage has the same file, which must not be written to
    try:
        about.write_bytes(b"x" * len(kept))
        with pytest.raises(PublishError, match=r"有 1 个不对：\n  /about/index\.html：不一样"):
            publish_site(published.store, options, lambda title: [title], said.append)
    finally:
        about.write_bytes(kept)


@pytest.mark.browser
def test_every_kind_of_page_runs_under_its_policy(host: Host, context: BrowserContext) -> None:
    """No page is silently without a script or style, or asks somebody else."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", lambda request: None if request.url.startswith(host.address) else complaints.append(request.url))
    for address in KINDS:
        page.goto(f"{host.address}{address}", wait_until="load")
    assert [one for one in complaints if "/nowhere/" not in one] == []
    assert len(complaints) == 1  # of the page that isn't there, for which it was asked


@pytest.mark.browser
def test_site_works_behind_a_server(host: Host, context: BrowserContext) -> None:
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
