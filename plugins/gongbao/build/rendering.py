"""Pages made side by side, and only those that differ from what the last build made of the same output folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gongbao.made import Made, link_file, write_file
from gongbao.pages import Page
from gongbao.progress import tell_nobody
from gongbao.workers import make_executor, run_beside, start_method

# How many pages are done, and of how many.
Report = Callable[[int, int], None]
PAGES_AT_ONCE = 48
LARGE = 1 << 20  # bytes; the catalogue and the download of a large archive take long to make
SHARES = 16  # of few pages

# What a build's forked processes begin with: pages hold templates, which can't be sent to a process.
_INHERITED: list[tuple[Sequence[Page], Folders]] = []


@dataclass(frozen=True)
class Folders:
    """Where pages are made, and where those of the last build are, with what that noted of each.

    `left` are the files that stand in the new folder already, as the build before the last left them there.
    """

    new: Path
    old: Path
    known: Mapping[str, Made]
    left: Collection[str] = frozenset()

    def find(self, page: Page) -> Made | None:
        """What the last build noted of the same page, if it made it."""
        made = self.known.get(page.file)
        return made if made is not None and made.digest == page.digest else None

    def part(self, pages: Iterable[Page]) -> tuple[list[Page], list[Page]]:
        """Pages that have to be made, and those that are there already, which take no time."""
        new, same = list[Page](), list[Page]()
        for page in pages:
            (new if self.find(page) is None else same).append(page)
        return new, same


@dataclass(frozen=True)
class Outcome:
    """What became of some pages: each file, and how many were made, not taken over."""

    files: dict[str, Made]
    made: int


@dataclass(frozen=True)
class Ahead:
    """Files that are being made beside this process; `finish` waits for what becomes of them."""

    files: frozenset[str]
    finish: Callable[[], Outcome]


NOTHING_AHEAD = Ahead(frozenset(), partial(Outcome, {}, 0))


def write_ahead(pages: Iterable[Page], folders: Folders) -> Ahead:
    """Begin to make those of some pages that are new and were large the last time."""
    large = [page for page in pages if (made := folders.known.get(page.file)) and made.size >= LARGE]
    new, _ = folders.part(large)
    if not new:
        return NOTHING_AHEAD
    return Ahead(frozenset(page.file for page in new), run_beside(partial(write_part, new, folders)))


def write_pages(
    new: Sequence[Page],
    same: Sequence[Page],
    folders: Folders,
    meanwhile: Callable[[], None],
    report: Report = tell_nobody,
) -> Outcome:
    """Make new pages in forked processes, while this one takes over those that are the same and does something else.

    `report` is told how many pages of how many are done.
    Raises RuntimeError, which names the file, if a page can't be made.
    """
    if len(new) <= PAGES_AT_ONCE or start_method() != "fork":
        outcome = write_part((*new, *same), folders)
        meanwhile()
        return outcome
    _INHERITED[:] = [(new, folders)]
    try:
        with make_executor() as executor:
            size = min(PAGES_AT_ONCE, len(new) // SHARES + 1)
            starts = range(0, len(new), size)
            waiting = [executor.submit(_write_inherited, first, first + size) for first in starts]
            outcomes = [write_part(same, folders)]
            meanwhile()
            for future in waiting:
                outcomes.append(future.result())
                report(sum(len(outcome.files) for outcome in outcomes), len(new) + len(same))
    finally:
        _INHERITED.clear()
    return merge(outcomes)


def merge(outcomes: Iterable[Outcome]) -> Outcome:
    """What became of all pages, from what became of some."""
    files: dict[str, Made] = {}
    made = 0
    for outcome in outcomes:
        files |= outcome.files
        made += outcome.made
    return Outcome(files, made)


def _write_inherited(first: int, end: int) -> Outcome:
    pages, folders = _INHERITED[0]
    return write_part(pages[first:end], folders)


def write_part(pages: Iterable[Page], folders: Folders) -> Outcome:
    """Make pages one after another, or take them over. Raises RuntimeError, which names the file that wasn't made."""
    files: dict[str, Made] = {}
    ready: set[str] = set()
    made = 0
    for page in pages:
        last = folders.find(page)
        if last is not None and page.file in folders.left:
            files[page.file] = last
            continue
        path = os.path.join(folders.new, page.file)
        _make_folder(os.path.dirname(path), ready)
        if last is not None and last.stands_at(old := os.path.join(folders.old, page.file)):
            link_file(old, path)
            files[page.file] = last
            continue
        made += 1
        files[page.file] = _make_page(page, path)
    return Outcome(files, made)


def _make_page(page: Page, path: str) -> Made:
    try:
        data = page.make()
    except Exception as error:
        raise RuntimeError(f"{page.file} 没有做成：{type(error).__name__}: {error}") from error
    return write_file(path, data if isinstance(data, bytes) else data.encode("utf-8"), page.digest)


def _make_folder(path: str, known: set[str]) -> None:
    if path in known:
        return
    try:
        os.mkdir(path)  # most pages have a folder of their own below one that is there
    except OSError:
        os.makedirs(path, exist_ok=True)
    known.add(path)
