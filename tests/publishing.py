"""What tests of several stores share: publications to each, and one that can be killed."""

from __future__ import annotations

import os
from pathlib import Path

from gongbao.publish.manifest import load_manifest
from gongbao.publish.run import Options, open_store, publish_site
from gongbao.publish.store import Store
from gongbao.publish.target import parse_target

from tests.test_publish import PLACES, publish, simple_site, write_site


def publish_to_be_killed(site: Path, target: str) -> None:
    """A publication for a process of its own, which whoever knows its number can kill."""
    os.environ["PUBLICATION"] = str(os.getpid())
    store = open_store(parse_target(target), history=False)
    publish_site(store, Options(site, site.parent / "published.json", {}), lambda title: [title], lambda _: None)


def check_two_publications(store: Store, tmp_path: Path) -> None:
    """What holds everywhere: all files arrive, only changes are sent, the last search index stays."""
    publish(store, simple_site(tmp_path / "site", version="a" * 12), verify="target")
    pages = dict.fromkeys(PLACES, "字" * 600) | {"/": "新", "/articles/2021/ding/": "字"}
    site = write_site(tmp_path / "site", pages, "b" * 12)
    said = publish(store, site, verify="target")
    assert said.startswith("已发布：新增 ")
    assert store.read(f"search-index/{'a' * 12}/root.bin") == f"root of {'a' * 12}".encode()
    assert store.read("index.html") == (site / "index.html").read_bytes()
    assert store.read("nowhere.html") is None
    assert publish(store, site, verify="target") == "没有变化，不必发布。"
    assert load_manifest(store.read("published.json"), "").keys() == store.sums().keys() - {"letter.txt"}
    last = dict.fromkeys(PLACES, "末")
    publish(store, write_site(tmp_path / "site", last, "c" * 12), gone=frozenset(["/articles/2021/ding/"]))
    assert store.read(f"search-index/{'a' * 12}/root.bin") is None
    assert store.read("articles/2021/ding/index.html") is None
