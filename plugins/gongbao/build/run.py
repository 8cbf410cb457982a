"""One build: read, let Pelican write beside the old site, swap; or find that nothing changed."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib
import multiprocessing
import os
import runpy
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gongbao.archive import load_lists
from gongbao.build.inputs import Inputs, gather_inputs, read_values
from gongbao.build.rendering import Record
from gongbao.build.session import LOCK, Session, open_session
from gongbao.cache import Cache
from gongbao.problem import ContentError
from gongbao.workers import start_method

try:
    import fcntl
except ImportError:  # Windows: two builds at once aren't noticed there
    fcntl = None  # type: ignore[assignment]

MANY_FILES = 2000  # take longer to remove than a reader of messages likes to wait
MOST_WARNINGS = 10  # printed by a build; `check` lists all
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # renameat2(2)


class BuildError(Exception):
    """The site wasn't built; the message says why, the old output stands as it was."""


@dataclass(frozen=True)
class BuildReport:
    """What a build made. `made` counts the pages that weren't as in the last build."""

    output: Path
    articles: int
    pages: int
    made: int
    seconds: float
    timings: dict[str, float]

    def __str__(self) -> str:
        made = "没有变化" if not self.made else f"新做 {self.made} 页" if self.made < self.pages else "全部新做"
        return f"{self.articles} 篇报道，{self.pages} 个页面，{made}，{self.seconds:.1f} 秒 → {self.output}"


def build_site(content: Path, output: Path, settings: Path, *, fresh: bool = False) -> BuildReport:
    """Build `content` into `output`, which changes in one step at the end.

    What the last build of this output knew is kept beside it, in a folder named after it; `fresh` forgets that.
    Raises BuildError with every problem of the content, or with what Pelican said.
    """
    started = time.monotonic()
    output = output.absolute()
    if not content.is_dir():
        raise BuildError(f"没有内容文件夹 {content}")
    cache = Cache(_sibling(output, "cache"))
    with _lock(cache):
        new, old = _sibling(output, "new"), _sibling(output, "old")
        _recover(output, old)
        shutil.rmtree(new, ignore_errors=True)
        if fresh:
            cache.keep_only([LOCK])
        try:
            inputs = gather_inputs(content, settings)
        except (OSError, SyntaxError) as error:
            raise BuildError(f"读不了：{error}") from None
        record = Record.load(cache)
        if record and record.inputs == inputs.everything and record.is_intact(output):
            shutil.rmtree(old, ignore_errors=True)
            return BuildReport(output, record.articles, record.pages, 0, time.monotonic() - started, {})
        try:
            articles, made, timings = _run_apart(content, new, old, output, settings, cache, inputs, record)
            _swap(new, output, old, many=record is not None and len(record.files) > MANY_FILES)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        pages = sum(1 for _ in output.rglob("*.html"))
        return BuildReport(output, articles, pages, made, time.monotonic() - started, timings)


def prepare(content: Path, settings: Path) -> None:
    """Load what every build loads, for builds that this process will begin: each goes on from here.

    A plugin may have a `prepare` of its own, which is given the lists.
    """
    lists = load_lists(content)
    for name in read_values(settings).get("PLUGINS", ()):
        plugin = importlib.import_module(name)
        if hasattr(plugin, "prepare"):
            plugin.prepare(lists)


def _sibling(output: Path, suffix: str) -> Path:
    """A folder on the same file system, so that renaming is one step."""
    return output.with_name(f".{output.name}-{suffix}")


@contextlib.contextmanager
def _lock(cache: Cache) -> Iterator[None]:
    """Two builds of one folder: the second waits until the first has ended. A killed one holds nothing."""
    cache.folder.mkdir(parents=True, exist_ok=True)
    with (cache.folder / LOCK).open("wb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("另一次构建正在写同一个文件夹，等它结束 …", file=sys.stderr, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run_apart(
    content: Path,
    new: Path,
    old: Path,
    output: Path,
    settings: Path,
    cache: Cache,
    inputs: Inputs,
    record: Record | None,
) -> tuple[int, int, dict[str, float]]:
    """Run Pelican in a process of its own, where its signals and settings begin anew each time."""
    context: Any = multiprocessing.get_context(start_method())
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryFile() as log:
        arguments = (content, new, output, settings, cache, inputs, record, sender, log.fileno())
        process = context.Process(target=_run_pelican, args=arguments)
        process.start()
        sender.close()
        shutil.rmtree(old, ignore_errors=True)  # what a swap left behind; the other process is busy anyway
        try:
            answer = receiver.recv()
        except EOFError:
            answer = None
        process.join()
        log.seek(0)
        said = log.read().decode("utf-8", "replace").rstrip()
    if isinstance(answer, str):
        raise BuildError(answer)
    if answer is None or process.exitcode or not (new / "index.html").is_file():
        raise BuildError(f"Pelican 没有建成网站：\n{said}")
    if "WARNING" in said:
        print(said, file=sys.stderr)
    articles, made, timings, warnings = answer
    for warning in warnings[:MOST_WARNINGS]:
        print(warning, file=sys.stderr)
    if len(warnings) > MOST_WARNINGS:
        print(f"另有 {len(warnings) - MOST_WARNINGS} 处提醒，用 inv check 全部列出。", file=sys.stderr)
    return articles, made, timings


def _run_pelican(
    content: Path,
    new: Path,
    output: Path,
    settings: Path,
    cache: Cache,
    inputs: Inputs,
    record: Record | None,
    sender: Connection,
    log: int,
) -> None:
    """In the other process: read, run Pelican, and send a message, or what came of it."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    try:
        session = open_session(content, new, output, cache, inputs, record)
    except ContentError as error:
        sender.send(str(error))
        return
    sys.argv = ["pelican", str(content), "--output", str(new), "--settings", str(settings), "--fatal", "errors"]
    try:
        runpy.run_module("pelican", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            sys.stderr.flush()
            os._exit(1)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sender.send(f"磁盘满了，网站没有建成：{error}")
            return
        traceback.print_exc()
        raise
    _send(sender, session)


def _send(sender: Connection, session: Session) -> None:
    sender.send((len(session.reading.stories), session.made, session.timings, list(map(str, session.reading.problems))))


def _swap(new: Path, output: Path, old: Path, *, many: bool) -> None:
    """Put the new folder in the old one's place, in one step where the system can.

    An old one of many files is cleared by the next build, while that does something else.
    """
    if output.exists() and _exchange(new, output):
        new.rename(old)
    else:
        if output.exists():
            output.rename(old)
        new.rename(output)
    if not many:
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders' names in one step; False if this system or file system can't."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return bool(rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)


def _recover(output: Path, old: Path) -> None:
    """Undo a swap that was killed between its two renames."""
    if old.exists() and not output.exists():
        old.rename(output)
