"""Many pages at once: found, cut in parallel, counted; one bad file doesn't stop the others."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gongbao.archive import load_lists
from gongbao.article import Lists
from gongbao.clip.cut import cut_page
from gongbao.clip.problem import ClipError, UsageError
from gongbao.clip.reading import read_dump
from gongbao.clip.records import Known
from gongbao.clip.store import Kept, store
from gongbao.dates import parse_date
from gongbao.progress import show_progress

LAST_PAGE = 999
SUFFIXES = frozenset((".txt", ".text", ".md"))


@dataclass(frozen=True)
class Job:
    """A page to cut, and the folder for what comes out."""

    path: Path
    folder: Path


@dataclass(frozen=True)
class Options:
    """What holds for all pages of a batch."""

    content: Path
    known: Known = field(default_factory=Known)
    least: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What became of a page; `error` says why nothing did."""

    path: Path
    articles: int = 0
    doubtful: int = 0
    flagged: int = 0
    repeats: int = 0
    kept: tuple[Kept, ...] = ()
    accepted: tuple[str, ...] = ()
    error: str = ""


def read_options(content: Path, *, date: str, paper: str, page: str, least: str) -> Options:
    """The options of the command line. Raises UsageError for a date, paper, page or number that can't be meant."""
    try:
        when = parse_date(date) if date else None
    except ValueError as error:
        raise UsageError(f"--date：{error}") from None
    vocabulary = _lists(content).vocabulary
    found = vocabulary.find_paper(paper) if paper else None
    if paper and found is None:
        raise UsageError(f"没有“{paper}”这份报纸，可用：{'、'.join(one.name for one in vocabulary.papers)}")
    if page and not (page.isdecimal() and 1 <= int(page) <= LAST_PAGE):
        raise UsageError(f"版次“{page}”应是 1—{LAST_PAGE} 的整数")
    try:
        limit = float(least or 0)
    except ValueError:
        limit = -1.0
    if not 0 <= limit <= 1:
        raise UsageError(f"--min-confidence“{least}”应是 0—1 之间的数")
    return Options(content, Known(when, found, int(page) if page else None), limit)


def find_jobs(paths: Iterable[Path], out: Path) -> list[Job]:
    """The pages that files and folders stand for.

    A single file's drafts go straight to `out`; else each page has a folder there, by the name of its file.
    Raises ClipError if a path isn't there or a folder has no page.
    """
    given = list(paths)
    files = list(dict.fromkeys(file for path in given for file in _files(path)))
    if len(given) == 1 and given[0].is_file():
        return [Job(files[0], out)]
    names: Counter[str] = Counter()
    jobs = []
    for file in files:
        names[file.stem] += 1
        suffix = f"-{names[file.stem]}" if names[file.stem] > 1 else ""
        jobs.append(Job(file, out / f"{file.stem}{suffix}"))
    return jobs


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        if not found:
            raise ClipError(f"{path}：文件夹里没有录文（{'、'.join(sorted(SUFFIXES))}）")
        return found
    if not path.exists():
        raise ClipError(f"{path}：没有这个文件")
    return [path]


@cache
def _lists(content: Path) -> Lists:
    return load_lists(content)


def cut_file(job: Job, options: Options) -> Outcome:
    """Cut one page and write what comes out. Never raises: an error is part of the outcome."""
    try:
        cut = cut_page(read_dump(job.path), _lists(options.content), options.known)
        stored = store(cut, job.folder, options.least)
    except ClipError as error:
        return Outcome(job.path, error=str(error))
    except Exception as error:  # one bad page must not stop the others, whatever is wrong with it
        return Outcome(job.path, error=f"{job.path}：{type(error).__name__}：{error}")
    flagged = sum(bool(set(one.flags) - {"no-byline"}) for one in cut.clippings)
    return Outcome(
        path=job.path,
        articles=len(stored.written) + len(stored.doubtful),
        doubtful=len(stored.doubtful),
        flagged=flagged,
        repeats=len(cut.repeats),
        kept=stored.kept,
        accepted=stored.accepted,
    )


def run_batch(jobs: list[Job], options: Options) -> list[Outcome]:
    """Cut all pages, in processes of their own if there are several; outcomes in the order of the jobs."""
    done: dict[Path, Outcome] = {}
    with show_progress("剪报", len(jobs)) as step:
        for folder, outcome in _outcomes(jobs, options):
            done[folder] = outcome
            step(1)
    return [done[job.folder] for job in jobs]


def _outcomes(jobs: list[Job], options: Options) -> Iterator[tuple[Path, Outcome]]:
    if len(jobs) == 1:
        yield jobs[0].folder, cut_file(jobs[0], options)
        return
    with ProcessPoolExecutor(max_workers=min(len(jobs), os.cpu_count() or 1)) as pool:
        futures = {pool.submit(cut_file, job, options): job for job in jobs}
        for future in as_completed(futures):
            yield futures[future].folder, _result(future, futures[future])


def _result(future: Future[Outcome], job: Job) -> Outcome:
    try:
        return future.result()
    except Exception as error:  # a process that was killed
        return Outcome(job.path, error=f"{job.path}：没有剪成（{type(error).__name__}）")


def report(outcomes: list[Outcome], out: Path) -> None:
    """Print a table of what came of each page, what was left alone, and on stderr what went wrong."""
    table = Table(title=f"剪出的草稿在 {out}", title_justify="left")
    table.add_column("版面", overflow="fold")
    for name in ("文章", "要留意", "存疑", "重复"):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        counts = (outcome.articles, outcome.flagged, outcome.doubtful, outcome.repeats)
        table.add_row(outcome.path.name, *(["—"] * 4 if outcome.error else map(str, counts)))
    if len(outcomes) > 1:
        totals = [
            sum(getattr(one, name) for one in outcomes) for name in ("articles", "flagged", "doubtful", "repeats")
        ]
        table.add_section()
        table.add_row("合计", *map(str, totals))
    console = Console(width=None if sys.stdout.isatty() else 100)
    console.print(table)
    for outcome in outcomes:
        for kept in outcome.kept:
            console.print(
                f"{kept.path} 已有编辑改过，没有动它{'；重剪会不同：' if kept.differences else '。'}", markup=False
            )
            for line in kept.differences:
                console.print(f"    {line}", markup=False, highlight=False)
        for where in outcome.accepted:
            console.print(f"{where} 是这个版面以前收下的文章，不再剪。", markup=False)
    for outcome in outcomes:
        if outcome.error:
            print(outcome.error, file=sys.stderr)
