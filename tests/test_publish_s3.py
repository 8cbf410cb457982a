"""Publishing to an S3 bucket: a server on loopback, killed publications, and secrets that nobody prints."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from gongbao.publish.manifest import load_manifest, make_manifest
from gongbao.publish.plan import make_plan
from gongbao.publish.readback import check_sums
from gongbao.publish.s3 import PENDING, S3Store, sending_order
from gongbao.publish.target import S3Target
from gongbao.publish.verify import Site, verify_site
from moto.backends import get_backend
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.commands import run_command, run_forked
from tests.publishing import check_two_publications, publish_to_be_killed
from tests.test_publish import PLACES, publish, simple_site, write_site

ROOT = Path(__file__).parents[1]
SECRET = "wJalrXUtnFEMI-not-a-real-key"
POINTS = 10  # at which a publication is killed


class QuietRequests(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


class Counted:
    """An S3 server that counts what changes it, and can kill a process instead of doing the nth change."""

    def __init__(self) -> None:
        self.app = DomainDispatcherApplication(create_backend_app)
        self.changes: list[str] = []
        self.victim: Callable[[], int] | None = None
        self.point = 0

    def __call__(self, environ: dict[str, str], start_response: object) -> object:
        if environ["REQUEST_METHOD"] in {"PUT", "POST", "DELETE"}:
            self.changes.append(environ["PATH_INFO"])
            if self.victim and len(self.changes) == self.point:
                os.kill(self.victim(), signal.SIGKILL)
        return self.app(environ, start_response)


@pytest.fixture
def s3_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    counted = Counted()
    server = make_server("127.0.0.1", 0, counted, threaded=True, request_handler=QuietRequests)  # type: ignore[arg-type]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "not-a-real-id",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    S3Store(S3Target("archive", "")).client.create_bucket(Bucket="archive")
    counted.changes.clear()
    yield counted
    server.shutdown()
    server.server_close()
    get_backend("s3")["123456789012"]["aws"].reset()


@pytest.mark.usefixtures("s3_server")
@pytest.mark.parametrize("prefix", ["", "news/old/"])
def test_s3_bucket_gets_the_site(tmp_path: Path, prefix: str) -> None:
    store = S3Store(S3Target("archive", prefix))
    store.client.put_object(Bucket="archive", Key="letter.txt", Body=b"x")
    check_two_publications(store, tmp_path)
    assert store.client.get_object(Bucket="archive", Key="letter.txt")["Body"].read() == b"x"  # not ours


def test_s3_gets_only_what_changed_in_an_order_that_never_breaks(s3_server: Counted, tmp_path: Path) -> None:
    store = S3Store(S3Target("archive", ""))
    publish(store, simple_site(tmp_path / "site", version="a" * 12))
    s3_server.changes.clear()
    pages = dict.fromkeys(PLACES, "字" * 600) | {"/": "新", "/articles/2021/ding/": "字"}
    publish(store, write_site(tmp_path / "site", pages, "b" * 12))
    keys = [change.removeprefix("/archive/") for change in s3_server.changes]
    assert keys[0] == PENDING
    assert keys[-1] == "/archive"  # the removal, after all that
    assert set(keys[1:3]) == {f"search-index/{'b' * 12}/{name}" for name in ("root.bin", "s/aa.bin")}
    assert keys[4:-1] == [
        *("articles/2021/ding/index.html", "search-index/manifest.json", "index.html", "published.json")
    ]
    head = store.client.head_object(Bucket="archive", Key="index.html")
    assert (head["ContentType"], head["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    head = store.client.head_object(Bucket="archive", Key=f"search-index/{'b' * 12}/root.bin")
    assert (head["ContentType"], head["CacheControl"]) == (
        *("application/octet-stream", "public, max-age=31536000, immutable"),
    )


def test_pages_are_sent_after_what_they_load() -> None:
    manifest = make_plan({}, make_manifest(ROOT / "theme"))
    assert sum(map(len, sending_order(manifest))) == len(manifest.manifest)


def test_s3_killed_at_any_point_serves_whole_pages(s3_server: Counted, tmp_path: Path) -> None:
    store = S3Store(S3Target("archive", ""))
    publish(store, simple_site(tmp_path / "site", version="0" * 12))
    for number in range(POINTS):
        version = f"{number + 1:012d}"
        text = f'<a href="/b/articles/{number}/">第{number}次</a>'
        pages = dict.fromkeys(PLACES, text) | {f"/articles/{one}/": "字" for one in range(number + 1)}
        site = write_site(tmp_path / "site", pages, version)
        s3_server.changes.clear()
        s3_server.point = 1 + number * 13 // (POINTS - 1)  # a publication of these pages makes fourteen changes
        begun: list[int] = []
        s3_server.victim = begun.pop
        process = run_forked(partial(publish_to_be_killed, site, "s3:archive"), begun=begun.append)
        s3_server.victim = None
        assert process.returncode == -signal.SIGKILL
        served = download(store, tmp_path / "served")
        assert [one for one in verify_site(served) if not one.startswith("sitemap.xml")] == []
        named = json.loads((served.folder / "search-index/manifest.json").read_text(encoding="utf-8"))["version"]
        assert f"search-index/{named}/s/aa.bin" in served.files
        publish(store, site, verify="target")
    assert PENDING not in download(store, tmp_path / "served").files
    check_sums(load_manifest(store.read("published.json"), ""), store.sums())
    assert load_manifest(store.read("published.json"), "").keys() == store.sums().keys()


def download(store: S3Store, folder: Path) -> Site:
    shutil.rmtree(folder, ignore_errors=True)
    for key in store._list():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(store._get(key) or b"")
    return Site(folder, frozenset(make_manifest(folder)), "https://a.example/b")


@pytest.mark.usefixtures("s3_server")
def test_bucket_that_is_not_there_is_named_and_no_secret(tmp_path: Path) -> None:
    site = simple_site(tmp_path / "site")
    places = ["--site", str(site), "--content", str(tmp_path)]
    result = run_command("publish", "--to", "s3:no-such-bucket", *places)
    assert result.returncode == 1
    assert SECRET not in result.stdout + result.stderr
