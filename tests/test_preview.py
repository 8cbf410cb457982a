"""Drafts while the archive is served: pages of their own with their problems, and nothing of them in the site."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from gongbao.build.apart import BuildError
from gongbao.build.run import build_site
from gongbao.build.serve import HOST, Handler, Rebuilds, Server
from gongbao.clip.batch import find_jobs, read_options, run_batch
from gongbao.inventory import Preview, says_draft
from gongbao.problem import Problem

from tests.clipping import PAGES
from tests.conftest import ROOT

SETTINGS = ROOT / "pelicanconf.py"
TEXT = "---\ntitle: {title}\ndate: {date}\nregion: [{region}]\n{status}---\n\n{body}\n"


@dataclass
class Desk:
    """An archive with a published article, two drafts of it, and the drafts of a clipped page."""

    content: Path
    output: Path
    preview: Preview

    def write(self, slug: str, status: str = "status: draft\n", **values: str) -> Path:
        defaults = {"title": "写了一半的稿子", "date": "2020-01-15", "region": "陕西省", "body": "县里的工会。"}
        path = self.content / "articles/2020" / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(status=status, **defaults | values), encoding="utf-8")
        return path

    def build(self, preview: bool = True) -> None:
        build_site(self.content, self.output, SETTINGS, preview=self.preview if preview else None)

    def page(self, name: str) -> str:
        return (self.preview.folder / "drafts" / name / "index.html").read_text("utf-8")


def site_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    own = Desk(tmp_path / "content", tmp_path / "output", Preview(tmp_path / ".preview", tmp_path / "drafts"))
    own.write("fabu", status="", title="发布了的报道")
    own.write("ok")
    own.write("bad", title="地名写错的稿子", region="没有省")
    return own


def clip(desk: Desk) -> None:
    options = read_options(desk.content, date="2020-01-16", paper="工人日报", page="3", least="")
    run_batch(find_jobs([PAGES / "bylines.txt"], desk.preview.drafts / "版面"), options)


def test_drafts_have_pages_with_their_problems_and_the_site_has_none(desk: Desk) -> None:
    clip(desk)
    desk.build()
    assert "没有发现问题" in desk.page("articles/2020/ok")
    assert "县里的工会。" in desk.page("articles/2020/ok")
    bad = desk.page("articles/2020/bad")
    assert "错误 1 处" in bad
    assert "第 4 行：没有“没有省”这个地区" in bad
    assert "unknown-region" in bad
    assert "地名写错的稿子" in bad
    clipped = desk.page("clip/版面/01")
    assert "剪报把握 0." in clipped
    assert "clip --accept " in clipped
    assert "/drafts/clip/%E7%89%88%E9%9D%A2/review.html" in clipped
    assert (desk.preview.folder / "drafts/clip/版面/review.html").is_file()
    index = (desk.preview.folder / "drafts/index.html").read_text("utf-8")
    assert index.count('class="draft-link"') == 2 + len(list((desk.preview.drafts / "版面").glob("[0-9]*.md")))
    built = site_files(desk.output)
    assert not any("draft" in name for name in built if not name.endswith("/css/latin.css"))
    assert not any("写了一半" in data.decode("utf-8", "replace") for data in built.values())
    assert "发布了的报道" in (desk.output / "index.html").read_text("utf-8").replace("<wbr>", "")


def test_site_is_the_same_with_and_without_preview(desk: Desk, tmp_path: Path) -> None:
    (desk.content / "articles/2020/bad.md").unlink()
    desk.build()
    seen = site_files(desk.output)
    build_site(desk.content, tmp_path / "other", SETTINGS)
    assert site_files(tmp_path / "other") == seen


def test_a_drafts_error_stops_every_build_but_the_preview(desk: Desk) -> None:
    desk.build()
    with pytest.raises(BuildError, match="没有省"):
        desk.build(preview=False)
    desk.write("kuai", status="", region="没有省")
    with pytest.raises(BuildError, match="kuai"):
        desk.build()


def test_pictures_of_drafts_are_shown_and_not_published(desk: Desk) -> None:
    picture = desk.content / "images/2020/xin.png"
    picture.parent.mkdir(parents=True)
    shutil.copy(next((ROOT / "content/images").rglob("*.[jp][pn]g")), picture)
    body = "正文。\n\n![画面](/images/2020/xin.png)"
    desk.write("ok", status="status: draft\nimages: {file: 2020/xin.png, alt: 画面}\n", body=body)
    for _ in range(2):  # the second takes the draft's page as it is
        desk.build()
        assert desk.page("articles/2020/ok").count('src="/drafts/images/2020/xin.png"') == 2
        assert (desk.preview.folder / "drafts/images/2020/xin.png").read_bytes() == picture.read_bytes()
        assert not any("2020/xin" in name for name in site_files(desk.output))
        desk.write("bad", title="另一份改了")


def test_only_what_changed_is_made_again(desk: Desk) -> None:
    desk.build()
    page = desk.preview.folder / "drafts/articles/2020/ok/index.html"
    bad = desk.preview.folder / "drafts/articles/2020/bad/index.html"
    before, made = bad.stat().st_mtime_ns, page.stat().st_mtime_ns
    desk.write("ok", body="改过的正文。")
    desk.build()
    assert "改过的正文。" in page.read_text("utf-8")
    assert page.stat().st_mtime_ns != made
    assert bad.stat().st_mtime_ns == before
    (desk.content / "articles/2020/bad.md").unlink()
    desk.write("ok", status="")
    desk.build()
    assert not bad.parent.exists()
    assert not page.exists()
    assert (desk.output / "articles/2020/ok/index.html").is_file()
    assert "现在一份也没有" in (desk.preview.folder / "drafts/index.html").read_text("utf-8")


def test_files_that_are_no_articles_yet_are_shown_as_they_are(desk: Desk) -> None:
    folder = desk.preview.drafts
    folder.mkdir()
    (folder / "01.md").write_text("<script>alert(1)</script>只有正文。", encoding="utf-8")
    (folder / "02.md").write_text("---\ntitle: [坏\n---\n正文二", encoding="utf-8")
    (folder / "03.md").write_bytes("---\ntitle: 题\n---\n".encode("gb18030"))
    (folder / "leftovers.md").write_text("剩余", encoding="utf-8")
    desk.build()
    assert "只有正文。" in desk.page("clip/01")
    assert "alert(1)" not in desk.page("clip/01")
    assert "missing-front-matter" in desk.page("clip/01")
    assert "bad-yaml" in desk.page("clip/02")
    assert "not-utf-8" in desk.page("clip/03")
    assert not (desk.preview.folder / "drafts/clip/leftovers").exists()


def find_one(path: Path, content: Path) -> list[Problem]:
    return [Problem(path, 7, f"查自 {content.name}", "a-rule", "notice"), Problem(path, 2, "错了", "b-rule")]


def test_problems_are_those_that_check_finds_errors_first(desk: Desk) -> None:
    desk.preview = replace(desk.preview, find_problems=find_one)
    desk.build()
    page = desk.page("articles/2020/ok")
    assert "错误 1 处，提示 1 处" in page
    assert page.index("b-rule") < page.index("查自 content")


@pytest.mark.parametrize(
    ("text", "is_draft"),
    [
        ("---\nstatus: draft\n---\n", True),
        ("---\r\nstatus: 'draft' # 未完\r\n---\r\n", True),
        ("---\nstatus: drafty\n---\n", False),
        ("---\ntitle: 题\n---\nstatus: draft\n", False),
        ("status: draft", False),
    ],
)
def test_a_draft_says_so_in_its_front_matter(text: str, is_draft: bool) -> None:
    assert says_draft(text) is is_draft


# --- served


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as response:
        return str(response.read().decode())


@pytest.fixture
def served(desk: Desk) -> Iterator[str]:
    clip(desk)
    desk.build()
    handler = functools.partial(Handler, directory=str(desk.output), rebuilds=Rebuilds(), preview=desk.preview.folder)
    server = Server((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_drafts_are_served_beside_the_site(served: str) -> None:
    assert "地名写错的稿子" in get(f"{served}/drafts/")
    assert "__reload.js" in get(f"{served}/drafts/articles/2020/ok/")
    assert "draft-box" in get(f"{served}/drafts/preview.css")
    assert "版面" in get(f"{served}/drafts")
    assert "clip --accept" in get(f"{served}/drafts/clip/%E7%89%88%E9%9D%A2/01/")
    assert "发布了的报道" in get(f"{served}/articles/2020/fabu/")
    for path in ("/drafts/../../pelicanconf.py", "/drafts/%2e%2e/index.html", "/drafts/nowhere/", "/draftsx"):
        with pytest.raises(urllib.error.HTTPError):
            get(served + path)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """`inv serve` of a copy of the project that has a content of its own."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("plugins", "theme", "pelicanconf.py"):
        (project / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "tasks.py", project)
    started = []

    def run(port: int) -> str:
        command = [sys.executable, "-m", "invoke", "--search-root", str(project), "serve", "--port", str(port)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        assert process.stdout
        for line in process.stdout:
            if line.rstrip().endswith("草稿"):
                break
        return f"http://{HOST}:{port}"

    yield run
    for process in started:
        process.terminate()
        process.wait(10)


def wait_for(words: str, address: str, seconds: float = 30) -> None:
    """Until a page has these words; before, it may have others or not be there."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(urllib.error.HTTPError):
            if words in get(address):
                return
        assert time.monotonic() < end, words
        time.sleep(0.1)


def test_serve_shows_a_draft_soon_after_it_is_saved(running: Callable[..., str], desk: Desk, tmp_path: Path) -> None:
    """Also where clip makes its folder while the archive is being served."""
    shutil.move(desk.content, tmp_path / "project/content")
    desk.content = tmp_path / "project/content"
    with Server((HOST, 0), Handler) as probe:
        port = probe.server_port
    address = running(port)
    assert "unknown-region" in get(f"{address}/drafts/articles/2020/bad/")
    desk.write("bad", title="改好的稿子")
    wait_for("改好的稿子", f"{address}/drafts/articles/2020/bad/")
    assert "unknown-region" not in get(f"{address}/drafts/articles/2020/bad/")
    desk.preview = replace(desk.preview, drafts=tmp_path / "project/drafts")
    clip(desk)
    wait_for("clip --accept drafts/", f"{address}/drafts/clip/%E7%89%88%E9%9D%A2/01/")
    assert not (tmp_path / "project/output/drafts").exists()
