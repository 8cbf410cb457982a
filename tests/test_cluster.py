"""A build whose parts run on a cluster: one of two processes here, with nothing in common but the files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gongbao.build.apart import BuildError
from gongbao.build.run import build_site

distributed = pytest.importorskip("distributed", reason="没有安装 Dask：pip install -r requirements/cluster.txt")

ROOT = Path(__file__).parents[1]
SETTINGS = """\
import sys
sys.path.insert(0, {root!r})
from pelicanconf import *
GONGBAO = {{**GONGBAO, "scheduler": {scheduler!r}}}
"""


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


def write_settings(folder: Path, scheduler: str) -> Path:
    path = folder / "cluster.py"
    path.write_text(SETTINGS.format(root=str(ROOT), scheduler=scheduler), "utf-8")
    return path


def read_site(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_cluster_makes_the_same_bytes_at_first_and_after_a_change(scheduler: str, site: Path, tmp_path: Path) -> None:
    settings = write_settings(tmp_path, scheduler)
    content = shutil.copytree(ROOT / "content", tmp_path / "content")
    first = build_site(content, tmp_path / "site", settings)
    assert first.made >= first.pages > 0
    assert read_site(tmp_path / "site") == read_site(site)
    article = content / "articles" / "2020" / "ansai-gonghui-pinpai.md"
    article.write_text(
        re.sub("^title: .*", "title: 改过的标题", article.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    second = build_site(content, tmp_path / "site", settings)
    build_site(content, tmp_path / "fresh", ROOT / "pelicanconf.py")
    assert 0 < second.made < first.made
    assert read_site(tmp_path / "site") == read_site(tmp_path / "fresh")


def test_page_that_fails_there_is_named(
    scheduler: str, write_article: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongbao.build.shares.FEWEST_SHARES", 1)  # each begins a Python of its own: seconds
    write_article("a1", title="标题")
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "theme", theme)
    article = theme / "templates" / "article.html"
    article.write_text(article.read_text("utf-8").replace("<article", "{{ 1 // 0 }}<article", 1), "utf-8")
    settings = write_settings(tmp_path, scheduler)
    settings.write_text(f"{settings.read_text('utf-8')}THEME = {str(theme)!r}\n", "utf-8")
    with pytest.raises(BuildError, match=r"articles/2020/a1/index\.html 没有做成"):
        build_site(tmp_path / "content", tmp_path / "site", settings)
    assert not (tmp_path / "site").exists()
