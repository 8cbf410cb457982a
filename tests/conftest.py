"""What several tests share: small archives, the demo site built once, a server, a browser."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock
from gongbao.archive import load_lists
from gongbao.article import Lists
from gongbao.build.preparation import prepare
from gongbao.build.run import build_site
from gongbao.cache import Cache
from gongbao.edit.package import PackageError, load_program
from hypothesis import settings

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
REQUIRED = os.environ.get("GONGBAO_BROWSER") == "required"

ARTICLE = """\
---
title: {title}
date: {date}
region: [{region}]
campaign: [{campaign}]
source: {{paper: 工人日报, date: {date}, page: 3}}
---

{body}
"""


settings.register_profile("gongbao", deadline=None)  # a busy machine is no bug
settings.load_profile("gongbao")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """What runs in the background may be deaf to Ctrl-C, and so may all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    """Builds of this process begin with the dictionaries loaded, as those of `inv serve` do."""
    prepare(ROOT / "content", ROOT / "pelicanconf.py")


@pytest.fixture(scope="session")
def lists() -> Lists:
    return load_lists(ROOT / "content")


@pytest.fixture
def write_article(tmp_path: Path) -> Callable[..., Path]:
    """Writes an article into a content folder of the test's own; the folder is `tmp_path / "content"`."""

    def write(slug: str = "song-nuan", text: str | None = None, **values: str) -> Path:
        defaults = {
            "title": "工会上门送温暖",
            "date": "2020-01-15",
            "region": "陕西省/延安市/安塞区",
            "campaign": "送温暖",
            "body": "县里的工会干部给环卫工送去棉衣。",
        }
        path = tmp_path / "content" / "articles" / (defaults | values)["date"][:4] / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or ARTICLE.format(**defaults | values), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The demo archive, built by the first worker that needs it: for the others a build waits, and changes nothing."""
    output = shared / "site" / "output"
    build_site(ROOT / "content", output, ROOT / "pelicanconf.py")
    return output


ENGLISH = """\
import sys
sys.path.insert(0, {root!r})
from pelicanconf import *
GONGBAO = {{"language": "en", "report": GONGBAO["report"]}}
"""


@pytest.fixture(scope="session")
def english_site(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo archive with an English interface, built once as `site` is."""
    folder = shared / "english"
    folder.mkdir(exist_ok=True)
    written = tmp_path_factory.mktemp("english") / "english.py"
    written.write_text(ENGLISH.format(root=str(ROOT)), encoding="utf-8")
    written.replace(folder / "english.py")  # whole: another worker may be reading it
    build_site(ROOT / "content", folder / "output", folder / "english.py")
    return folder / "output"


class QuietHandler(SimpleHTTPRequestHandler):
    """A static host with the policy that the site promises to run under."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each file waits for an acknowledgement of its head

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """Serves folders on loopback; gives the address without a slash at its end."""
    servers = []

    def serve(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node, or a skip that says what to install."""
    found = shutil.which("node")
    if found is None:
        if REQUIRED:
            pytest.fail("node is required here and not on PATH")
        pytest.skip("install Node.js 20 or newer to run the JavaScript tests")
    return found


@pytest.fixture(scope="session")
def node_modules(shared: Path) -> Path:
    """The folder of the development packages from npm, installed if they aren't there; or a skip."""
    folder = ROOT / "node_modules"
    with FileLock(shared / "npm.lock"):  # the others wait until all packages are there
        if not all((folder / name).is_dir() for name in ("axe-core", "lunr", "typescript")):
            npm = shutil.which("npm")
            if npm is None:
                if REQUIRED:
                    pytest.fail("npm is required here and not on PATH")
                pytest.skip(
                    "install Node.js with npm to check against lunr.js, axe-core and the types of the JavaScript"
                )
            subprocess.run([npm, "ci", "--ignore-scripts"], cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def editing_program(shared: Path) -> dict[str, bytes]:
    """Decap CMS, taken from npm once and kept in .cache/editing; or a skip that says why not."""
    try:
        with FileLock(shared / "editing.lock"):
            return load_program(Cache(ROOT / ".cache" / "editing"))
    except PackageError as error:
        if REQUIRED:
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def run_node(node: str) -> Callable[..., str]:
    """Runs a module of tests/js with arguments and gives what it printed."""

    def run(script: str, *arguments: str, text: str = "") -> str:
        command = [node, str(ROOT / "tests" / "js" / script), *arguments]
        result = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=False)
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


# The files that take longest, in seconds of one processor or of waiting. Begun first, they end side by side: in the
# order of the alphabet a worker would still be at one of them when the others have nothing left.
LONGEST = (
    *("browser/test_access.py", "test_tools.py", "test_incremental.py", "browser/test_hosting.py", "test_cluster.py"),
    *("browser/test_offline.py", "test_publish_stores.py", "browser/test_edit.py", "browser/test_site.py"),
    *("test_search_engines.py", "browser/test_lists.py", "test_publish.py", "test_publish_s3.py", "test_preview.py"),
    *("browser/test_article.py", "browser/test_review.py", "browser/test_suggest.py", "browser/test_usb.py"),
    *("browser/test_preview.py", "browser/test_facets.py", "browser/test_words.py", "browser/test_stillness.py"),
    *("test_publish_command.py", "test_tasks.py", "test_build.py", "test_pictures.py", "test_benchmarks.py"),
    *("test_segment.py", "test_search_index.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {f"tests/{name}": rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(LONGEST)))


def pytest_report_header() -> str:
    return f"gongbao: python {sys.version.split()[0]}, browser {'required' if REQUIRED else 'if there is one'}"
