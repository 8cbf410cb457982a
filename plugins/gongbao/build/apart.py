"""Pelican in a process of its own, where its signals and settings begin anew at each build."""

from __future__ import annotations

import cProfile
import errno
import gc
import multiprocessing
import os
import pstats
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from gongbao.addresses import SEARCH_INDEX
from gongbao.build.folders import keep_only
from gongbao.build.job import Job, PelicanError, run_pelican
from gongbao.build.preparation import begin, prepare
from gongbao.build.record import files_of
from gongbao.build.session import Session
from gongbao.build.shares import write_shares
from gongbao.problem import ContentError
from gongbao.progress import Phases
from gongbao.workers import run_beside, start_method

# A full disk, a full share of it, a file too large for it, a disk or a folder that may not be written to.
UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES})
_OF_ITS_OWN = frozenset({SEARCH_INDEX.strip("/")})  # whoever writes it removes what is left of an earlier one
MOST_WARNINGS = 10  # printed by a build; `check` lists all


class BuildError(Exception):
    """The site wasn't built; the message says why, the old output stands as it was."""


@dataclass(frozen=True)
class Phase:
    """How far a phase of a build has got."""

    label: str
    done: int
    total: int


@dataclass(frozen=True)
class Done:
    """What came of a job: how many articles and pages there are, how many files were made, seconds, warnings."""

    articles: int
    pages: int
    made: int
    timings: dict[str, float]
    warnings: list[str]


def run_apart(job: Job) -> Done:
    """Do a job in another process, which goes on from what this one has loaded.

    Raises BuildError with every problem of the content, or with what Pelican said.
    """
    context: Any = multiprocessing.get_context(start_method())
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryFile() as log:
        process = context.Process(target=_work, args=(job, sender, log.fileno()))
        process.start()
        sender.close()
        answer = _follow(receiver)
        process.join()
        log.seek(0)
        said = log.read().decode("utf-8", "replace").rstrip()
    if isinstance(answer, str) and answer:
        raise BuildError(answer)
    if not isinstance(answer, Done) or process.exitcode or not (job.new / "index.html").is_file():
        raise BuildError(f"Pelican 没有建成网站：\n{said}")
    if "WARNING" in said:
        print(said, file=sys.stderr)
    _print_warnings(answer.warnings)
    return answer


def _follow(receiver: Connection) -> object:
    """Show how far the other process has got; returns its answer, None if it ended without one."""
    with Phases() as phases:
        while True:
            try:
                answer = receiver.recv()
            except EOFError:
                return None
            if not isinstance(answer, Phase):
                return answer
            phases.show(answer.label, answer.done, answer.total)


def _print_warnings(warnings: list[str]) -> None:
    for warning in warnings[:MOST_WARNINGS]:
        print(warning, file=sys.stderr)
    if len(warnings) > MOST_WARNINGS:
        print(f"另有 {len(warnings) - MOST_WARNINGS} 处警告，用 inv check 全部列出。", file=sys.stderr)


def _work(job: Job, sender: Connection, log: int) -> None:
    """In the other process: read, run Pelican, and send a message, or what came of it."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    gc.disable()  # what this process makes lives as long as it does; looking for garbage took a fifth of its time
    watch = cProfile.Profile()
    if job.profile:
        watch.enable()
    try:
        session = _build(job, partial(_send_phase, sender))
    except (BuildError, ContentError) as error:
        sender.send(str(error))
        return
    except OSError as error:
        if error.errno not in UNWRITABLE:
            traceback.print_exc()
            raise
        where = f"：{error.filename}" if error.filename else ""
        sender.send(f"文件写不下去，网站没有建成，原来的网站没有动：{error.strerror}{where}")
        return
    if job.profile:
        watch.disable()
        with job.profile.open("w", encoding="utf-8") as file:
            pstats.Stats(watch, stream=file).sort_stats("cumulative").print_stats()
    warnings = [str(problem) for problem in session.reading.problems]
    sender.send(Done(len(session.reading.stories), session.pages, session.made, session.timings, warnings))


def _build(job: Job, report: Callable[[str, int, int], None]) -> Session:
    known = files_of(job.record, job.inputs.site)
    clear = run_beside(partial(keep_only, job.new, known, _OF_ITS_OWN)) if job.new.exists() else list[str]
    try:
        session = Session.open(
            *(job.content, job.new, job.output, job.cache, job.inputs, job.record, report, job.preview),
            prepare=partial(prepare, job.content, job.settings),
        )
    except BaseException:
        clear()
        raise
    if job.inputs.scheduler:
        session.make_pages = partial(write_shares, job)
    try:
        if known:  # an edit waits for the index; all of a site takes its most memory meanwhile
            begin(session, job.settings)
        session.left = frozenset(clear())  # before Pelican writes anything there
        run_pelican(job, job.new)
    except PelicanError:
        # Its log has all that went wrong; what became of a page is told more plainly.
        raise BuildError(session.failure) from None
    finally:
        session.drop()
    return session


def _send_phase(sender: Connection, label: str, done: int, total: int) -> None:
    sender.send(Phase(label, done, total))
