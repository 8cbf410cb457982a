"""One build: read, let Pelican write beside the old site, swap; or find that nothing changed."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gongbao.build.apart import BuildError, run_apart
from gongbao.build.folders import Stage
from gongbao.build.inputs import Inputs, gather_inputs
from gongbao.build.job import Job
from gongbao.build.preparation import load_plugins
from gongbao.build.record import Record, files_of
from gongbao.build.session import LOCK
from gongbao.cache import Cache, hash_parts
from gongbao.inventory import Preview
from gongbao.workers import Beside, run_beside

try:
    import fcntl
except ImportError:  # Windows: two builds at once aren't noticed there
    fcntl = None  # type: ignore[assignment]


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


def build_site(
    content: Path,
    output: Path,
    settings: Path,
    *,
    fresh: bool = False,
    profile: Path | None = None,
    preview: Preview | None = None,
) -> BuildReport:
    """Build `content` into `output`, which changes in one step at the end.

    What the last build of this output knew is kept beside it, in a folder named after it; `fresh` forgets that.
    `profile` is where to write how much time each function of the building process took. `preview` makes pages of
    drafts too, in a folder of their own; the output is the same.
    Raises BuildError with every problem of the content, or with what Pelican said.
    """
    started = time.monotonic()
    output = output.absolute()
    if not content.is_dir():
        raise BuildError(f"没有内容文件夹 {content}")
    cache = Cache(output.with_name(f".{output.name}-cache"))
    stage = Stage.of(output, cache.folder)
    with _lock(cache):
        stage.recover()
        if fresh:
            cache.keep_only([LOCK])
        hashing = run_beside(partial(gather_inputs, content, settings))
        record = Record.load(cache)
        _load_meanwhile(settings, hashing)
        try:
            inputs = hashing()
        except (OSError, SyntaxError) as error:
            raise BuildError(f"读不了：{error}") from None
        if preview is not None:
            # A draft's error stops a build without preview, which must not take this one's word.
            inputs = replace(inputs, everything=hash_parts((inputs.everything, preview.state)))
        previewed = preview is None or preview.folder.is_dir()
        if record and record.inputs == inputs.everything and previewed and record.is_intact(output):
            return BuildReport(output, record.articles, record.pages, 0, time.monotonic() - started, {})
        known = files_of(record, inputs.site)
        try:
            stage.open(use_spare=bool(known))
            done = run_apart(Job(content, stage.new, output, settings, cache, inputs, record, profile, preview))
            stage.swap(done.pages, done.made)
        except BaseException:
            stage.give_up(known)
            raise
        return BuildReport(output, done.articles, done.pages, done.made, time.monotonic() - started, done.timings)


def _load_meanwhile(settings: Path, hashing: Beside[Inputs]) -> None:
    """Load modules that the build will ask for, until it is known whether there is anything to build.

    What fails here fails again where it is told.
    """
    with contextlib.suppress(Exception):
        for _ in load_plugins(settings):
            if hashing.is_done():
                break


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
