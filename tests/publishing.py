"""What tests of several stores share: publications to each, and one that can be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from gongbao.publish.manifest import load_manifest
from gongbao.publish.store import Store

from tests.test_publish import PLACES, publish, simple_site, write_site

# A publication in a process of its own, which whoever knows its number can kill.
KILLED = [
    sys.executable,
    "-c",
    """
import os, sys
from pathlib import Path
from gongbao.publish.run import Options, open_store, publish_site
from gongbao.publish.target import parse_target
os.environ["PUBLICATION"] = str(os.getpid())
site = Path(sys.argv[1])
store = open_store(parse_target(sys.argv[2]), history=False)
publish_site(store, Options(site, site.parent / "published.json", {}), lambda title: [title], lambda _: None)
""",
]


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
