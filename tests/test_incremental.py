"""Builds after the first: right to the last byte, sparing, and never half done."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from gongbao.archive import article_files, load_lists
from gongbao.article import parse_article
from gongbao.build.apart import BuildError
from gongbao.build.inputs import stable_text
from gongbao.build.reading import ReadChunk, read_chunk, split_chunks, unpickle
from gongbao.build.run import build_site
from gongbao.cache import Cache
from gongbao.pages import Digests, PageQueue
from gongbao.workers import run_beside

from tests.commands import run_command

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "pelicanconf.py"
PLACES = ("陕西省/延安市/安塞区", "陕西省/延安市", "陕西省/西安市", "山西省/太原市", "北京市/朝阳区")
CAMPAIGNS = ("送温暖", "送清凉", "金秋助学")
WriteArticle = Callable[..., Path]


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def folders(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_dir()}


def write_some(write_article: WriteArticle, count: int) -> None:
    for number in range(count):
        write_article(
            f"a{number:03d}",
            title=f"第{number}篇",
            date=f"{2018 + number % 3}-0{1 + number % 9}-15",
            region=PLACES[number % len(PLACES)],
            campaign=CAMPAIGNS[number % len(CAMPAIGNS)],
            body=f"工会做了第{number}件事，给{number * 37}名职工送去慰问。",
        )


def build_apart(folder: Path, name: str, **environment: str) -> Path:
    """Build in a fresh interpreter: another hash seed, another working folder."""
    script = (
        "import sys; from pathlib import Path; from gongbao.build.run import build_site;"
        "build_site(*map(Path, sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, str(folder / "content"), str(folder / name), str(SETTINGS)]
    subprocess.run(command, check=True, cwd=folder, env={**os.environ, **environment})
    return folder / name


EDITS: dict[str, Callable[[Path, WriteArticle], object]] = {
    "a word": lambda _, write: write("a003", title="第3篇", date="2018-04-15", body="换了几个字。"),
    "a title that others show": lambda _, write: write("a004", title="新标题", date="2019-05-15"),
    "a new article": lambda _, write: write("b001", title="后来的一篇", date="2019-03-02", region=PLACES[3]),
    "another place": lambda _, write: write("a005", title="第5篇", date="2020-06-15", region=PLACES[4]),
    "a figure": lambda content, _: change(
        content, "a006", "---\n\n", "figures: [{what: 慰问, value: 5, unit: 人}]\n---\n\n"
    ),
    "another page of the paper": lambda content, _: change(content, "a008", "page: 3", "page: 1"),
    "another issue": lambda content, _: change(content, "a009", "date: 2018-01-15, page", "date: 2019-11-02, page"),
    "another campaign": lambda content, _: change(content, "a010", f"[{CAMPAIGNS[1]}]", f"[{CAMPAIGNS[2]}]"),
    "an article gone": lambda content, _: next(content.rglob("a007.md")).unlink(),
    "a year gone": lambda content, _: shutil.rmtree(content / "articles/2019"),
    "a first page of content/pages": lambda content, _: add_page(content),
}


def change(content: Path, slug: str, old: str, new: str) -> None:
    path = next(content.rglob(f"{slug}.md"))
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def add_page(content: Path) -> None:
    (content / "pages").mkdir(exist_ok=True)
    (content / "pages" / "about.md").write_text("---\ntitle: 关于\n---\n\n说明。\n", "utf-8")


def test_after_each_edit_the_site_is_what_a_fresh_build_makes(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 40)
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    for name, edit in EDITS.items():
        edit(tmp_path / "content", write_article)
        report = build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
        assert report.made, name
        build_site(tmp_path / "content", tmp_path / "clean", SETTINGS, fresh=True)
        assert digest(tmp_path / "output") == digest(tmp_path / "clean"), name
        assert folders(tmp_path / "output") == folders(tmp_path / "clean"), name


def test_large_archive_is_built_in_another_order_to_the_same_bytes(
    write_article: WriteArticle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_some(write_article, 40)
    write_article("b001", region=PLACES[3], campaign=CAMPAIGNS[0], body="骑士驿站给外卖送餐员准备了热水和充电宝。")
    alike = write_article(
        "b002", region=PLACES[4], campaign=CAMPAIGNS[1], body="外卖送餐员在骑士驿站歇脚充电。"
    ).parent.name
    build_site(tmp_path / "content", tmp_path / "small", SETTINGS)
    monkeypatch.setattr("gongbao.search.plugin.MANY", 1)
    monkeypatch.setattr("gongbao.search.related.DOCUMENTS_AT_ONCE", 7)
    monkeypatch.setattr("gongbao.build.session.FEWEST_AFTER", 1)
    build_site(tmp_path / "content", tmp_path / "large", SETTINGS)
    assert "相关报道" in (tmp_path / "large/articles" / alike / "b002/index.html").read_text("utf-8")
    assert digest(tmp_path / "large") == digest(tmp_path / "small")


@pytest.fixture
def edited(write_article: WriteArticle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An archive with a changed word, whose next build takes every file for a large one; what the last one made."""
    monkeypatch.setattr("gongbao.build.rendering.LARGE", 1)
    write_some(write_article, 10)
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    EDITS["a word"](tmp_path / "content", write_article)
    return digest(tmp_path / "output")


@pytest.mark.usefixtures("edited")
def test_large_files_are_made_ahead_to_the_same_bytes(tmp_path: Path) -> None:
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    build_site(tmp_path / "content", tmp_path / "clean", SETTINGS, fresh=True)
    assert digest(tmp_path / "output") == digest(tmp_path / "clean")
    assert build_site(tmp_path / "content", tmp_path / "output", SETTINGS).made == 0


def test_large_file_that_cannot_be_made_ahead_is_named(
    edited: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongbao.browse.download.zip_archive", None)
    with pytest.raises(BuildError, match=r"data/archive\.zip 没有做成"):
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert digest(tmp_path / "output") == edited


def test_of_a_chunk_only_the_changed_files_are_parsed_again(
    write_article: WriteArticle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_some(write_article, 5)
    misplaced = next((tmp_path / "content").rglob("a001.md"))
    misplaced.rename(misplaced.parents[1] / "2018" / misplaced.name)
    files, cache, parsed = article_files(tmp_path / "content"), Cache(tmp_path / "cache"), list[str]()

    def parse(path: Path, *rest: Any) -> Any:
        parsed.append(path.stem)
        return parse_article(path, *rest)

    def read() -> ReadChunk:
        parsed.clear()
        (chunk,) = split_chunks(tmp_path / "content", list(map(str, files)), "the same")
        found: ReadChunk = unpickle(read_chunk(chunk, cache.folder), load_lists(tmp_path / "content"))
        return found

    monkeypatch.setattr("gongbao.build.reading.parse_article", parse)
    first = read()
    write_article("a002", date="2020-03-15", title="换了标题")
    files[0].write_bytes(codecs.BOM_UTF8 + files[0].read_bytes())
    second = read()
    assert sorted(parsed) == sorted(("a002", files[0].stem))
    assert "换了标题" in [story.article.title for story in second.stories]
    assert len(second.problems) == len(first.problems) == 1
    cache.keep_only(())
    assert read() == second
    assert len(parsed) == len(files)


def test_file_that_is_saved_while_a_build_reads_is_read_again_by_the_next(
    write_article: WriteArticle, tmp_path: Path
) -> None:
    content, cache = tmp_path / "content", Cache(tmp_path / "cache")
    write_some(write_article, 3)
    (chunk,) = split_chunks(content, list(map(str, article_files(content))), "the same")
    write_article("a001", date="2019-02-15", title="刚刚存的")
    read: ReadChunk = unpickle(read_chunk(chunk, cache.folder), load_lists(content))
    assert "刚刚存的" in [story.article.title for story in read.stories]
    assert not cache.has(chunk.name)


def test_file_that_somebody_put_into_the_output_never_comes_back(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 5)
    for number in range(4):  # a site is made in the folder of the one before the last
        write_article("a001", title=f"第{number}稿")
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
        assert not list((tmp_path / "output").rglob("stray*"))
        (tmp_path / f"output/years/stray{number}.txt").write_text("别人放的", "utf-8")
        (tmp_path / f"output/years/stray{number}").mkdir()


def test_page_made_anew_leaves_the_last_site_as_it_was(write_article: WriteArticle, tmp_path: Path) -> None:
    """The folder that a site is made in shares its files with the site that readers see."""
    write_some(write_article, 5)
    for number in range(3):
        write_article("a001", title=f"第{number}稿")
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
        copy = tmp_path / f"copy{number}"
        subprocess.run(["cp", "-al", str(tmp_path / "output"), str(copy)], check=True)
        before = digest(copy)
        write_article("a001", title=f"第{number}稿，又改")
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
        assert digest(copy) == before


def test_one_changed_word_makes_only_what_shows_it(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 40)
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    untouched = tmp_path / "output/articles/2019/a001/index.html"
    before = untouched.stat().st_mtime_ns
    write_article("a003", title="第3篇", date="2018-04-15", region=PLACES[3], body="换了几个字。")
    report = build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert 0 < report.made < report.pages / 2
    assert untouched.stat().st_mtime_ns == before
    assert "换了几个字" in (tmp_path / "output/articles/2018/a003/index.html").read_text("utf-8")


def test_nothing_changed_leaves_everything_as_it_is(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 3)
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    inode = (tmp_path / "output").stat().st_ino
    report = build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert (report.made, report.articles) == (0, 3)
    assert (tmp_path / "output").stat().st_ino == inode
    assert "没有变化" in str(report)


def test_page_that_somebody_changed_in_the_output_is_made_again(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 3)
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    before = digest(tmp_path / "output")
    (tmp_path / "output/years/index.html").write_text("别人写的", "utf-8")
    (tmp_path / "output/search-index/manifest.json").unlink()
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    assert digest(tmp_path / "output") == before


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, None], ids=["emptied", "zeroed", "one byte"])
def test_damaged_cache_is_noticed_and_made_again(
    damage: bytes | None, write_article: WriteArticle, tmp_path: Path
) -> None:
    write_some(write_article, 5)
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    for path in (tmp_path / ".output-cache").rglob("*"):
        if path.is_file() and path.stat().st_size:
            data = path.read_bytes()
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if damage is None else damage)
    write_article("a001", title="改过的题", date="2019-02-15")
    build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
    build_site(tmp_path / "content", tmp_path / "clean", SETTINGS, fresh=True)
    assert digest(tmp_path / "output") == digest(tmp_path / "clean")


def test_cache_holds_no_more_than_the_last_build_needs(write_article: WriteArticle, tmp_path: Path) -> None:
    for number in range(4):
        write_article("a001", title=f"第{number}稿")
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
        kept = [path for path in (tmp_path / ".output-cache").rglob("*") if path.is_file()]
        assert len([path for path in kept if path.parent.name == "stories"]) == 1
        assert len([path for path in kept if path.parent.name == "counts"]) == 1


def test_same_bytes_whatever_the_hash_seed_time_zone_locale_and_order_of_files(
    write_article: WriteArticle, tmp_path: Path
) -> None:
    write_some(write_article, 30)
    one = build_apart(tmp_path, "one", PYTHONHASHSEED="1", TZ="America/New_York", LC_ALL="C")
    files = sorted((tmp_path / "content").rglob("*.md"))
    random.Random(4).shuffle(files)
    for path in files:  # written again in another order, as another checkout might
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    other = build_apart(tmp_path, "other", PYTHONHASHSEED="2", TZ="Asia/Shanghai", LC_ALL="C.UTF-8")
    assert digest(one) == digest(other)


def test_second_build_of_a_folder_waits_for_the_first(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 5)
    folders = ["--content", str(tmp_path / "content"), "--output", str(tmp_path / "output")]
    both = [run_beside(partial(run_command, "build", *folders)) for _ in range(2)]
    ended = [wait() for wait in both]
    assert [process.returncode for process in ended] == [0, 0]
    assert sum("另一次构建" in process.stderr for process in ended) == 1
    assert sum("没有变化" in process.stdout for process in ended) == 1


def test_killed_build_leaves_the_old_site_whole(write_article: WriteArticle, tmp_path: Path) -> None:
    write_some(write_article, 30)
    digests = []
    for output, title in (("clean", "改过的题"), ("output", "原来的题")):
        write_article("a001", title=title, date="2019-02-15")
        build_site(tmp_path / "content", tmp_path / output, SETTINGS)
        digests.append(digest(tmp_path / output))
    command = [sys.executable, str(ROOT / "tasks.py"), "build", "--content", str(tmp_path / "content")]
    for number, seconds in enumerate((0.4, 1.2, 2.4)):
        write_article("a001", title=("改过的题", "原来的题")[number % 2], date="2019-02-15")
        process = subprocess.Popen(
            [*command, "--output", str(tmp_path / "output")],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert digest(tmp_path / "output") in digests, seconds
        build_site(tmp_path / "content", tmp_path / "output", SETTINGS)
        assert digest(tmp_path / "output") == digests[number % 2], seconds


@pytest.mark.parametrize("limit", [2_000, 12_000, 40_000], ids="{:_} bytes".format)
def test_build_that_cannot_write_leaves_the_old_site_and_says_why(
    limit: int, write_article: WriteArticle, tmp_path: Path
) -> None:
    """A limit on files' sizes fails at the same places as a full disk, and needs no disk of its own."""
    write_some(write_article, 5)
    command = ["build", "--content", str(tmp_path / "content"), "--fresh", "--output", str(tmp_path / "output")]
    assert run_command(*command).returncode == 0
    before = digest(tmp_path / "output")
    write_article("a001", title="改过的题", date="2019-02-15")
    result = run_command(*command, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert os.strerror(errno.EFBIG) in result.stderr
    assert digest(tmp_path / "output") == before
    assert not (tmp_path / ".output-new").exists()


def test_cache_gives_back_what_was_kept_or_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write("a/b", b"data")
    assert cache.read("a/b") == b"data"
    assert cache.read("a/c") is None
    (tmp_path / "a/b").write_bytes((tmp_path / "a/b").read_bytes()[:-1])
    assert cache.read("a/b") is None
    assert not cache.has("a/b")
    cache.write("x", b"1")
    cache.write("y", b"2")
    cache.keep_only({"y"})
    assert [cache.has(name) for name in ("x", "y")] == [False, True]


def test_digests_tell_values_apart_and_nothing_else() -> None:
    values = ["1", 1, 1.5, True, None, ("1",), ("a", "b"), ("ab",), (("a",), "b"), {"a": "b"}, ["a", ("b",)], ()]
    digests = [Digests().of(value) for value in values]
    assert len(set(digests)) == len(values)
    assert digests == [Digests().of(value) for value in values]
    with pytest.raises(TypeError):
        Digests().of(object())
    assert Digests().of(build_site) != Digests().of(stable_text)


def test_group_that_is_as_it_was_is_gathered_by_whoever_makes_a_page_of_it() -> None:
    calls = []

    def queue_of(last: PageQueue | None, inputs: str) -> PageQueue:
        queue = PageQueue(last.groups if last else None)

        def gather() -> list[str]:
            calls.append(inputs)
            for file in ("a", "b"):
                queue.add_file(file, stable_text, f"{file} {inputs}")
            return ["told", inputs]

        assert queue.add_group("group", inputs, gather) == ["told", inputs]
        return queue

    first = queue_of(None, "x")
    again = queue_of(first, "x")
    assert calls == ["x"]
    assert [(page.file, page.digest) for page in again.pages.values()] == [
        (page.file, page.digest) for page in first.pages.values()
    ]
    assert [page.make() for page in again.pages.values()] == ["'a x'", "'b x'"]
    assert calls == ["x", "x"]  # once for both pages
    changed = queue_of(again, "y")
    assert [page.make() for page in changed.pages.values()] == ["'a y'", "'b y'"]
    assert changed.pages["a"].digest != first.pages["a"].digest
    with pytest.raises(ValueError, match="a"):
        changed.add_group("other", "y", partial(changed.add_file, "a", stable_text, "z"))


def test_settings_read_the_same_in_every_process() -> None:
    assert stable_text({"b": {2, 1}, "a": [len, "x"]}) == stable_text({"a": [len, "x"], "b": {1, 2}})
    assert " at 0x" not in stable_text({"filter": lambda value: value, "other": print})
