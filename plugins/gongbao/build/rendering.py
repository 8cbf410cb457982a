"""Pages made side by side, and only those that differ from what the last build made of the same output folder."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongbao.cache import Cache
from gongbao.pages import Page
from gongbao.progress import tell_nobody
from gongbao.workers import make_executor, start_method

# How many pages are done, and of how many.
Report = Callable[[int, int], None]
RECORD = "record"
PAGES_AT_ONCE = 48

# What a build's forked processes begin with: pages hold templates, which can't be sent to a process.
_INHERITED: list[tuple[Sequence[Page], Folders]] = []


@dataclass(frozen=True, slots=True)
class Made:
    """A file as a build left it: its page's digest, and what tells that nobody changed it since."""

    digest: str
    size: int
    modified: int  # nanoseconds


@dataclass(frozen=True)
class Record:
    """What the last build made: of which site, of which content, and each file."""

    site: str
    inputs: str
    articles: int
    files: Mapping[str, Made]

    @classmethod
    def load(cls, cache: Cache) -> Record | None:
        """The record of the last build; None if there is none to rely on."""
        data = cache.read(RECORD)
        if data is None:
            return None
        site, inputs, articles, files = pickle.loads(data)
        return cls(site, inputs, articles, {name: Made(*own) for name, own in files.items()})

    def save(self, cache: Cache) -> None:
        """Keep it for the next build."""
        files = {name: (made.digest, made.size, made.modified) for name, made in self.files.items()}
        cache.write(RECORD, pickle.dumps((self.site, self.inputs, self.articles, files), pickle.HIGHEST_PROTOCOL))

    @property
    def pages(self) -> int:
        """How many of the files are HTML pages."""
        return sum(1 for name in self.files if name.endswith(".html"))

    def is_intact(self, output: Path) -> bool:
        """Whether every file is as the build left it. Files that somebody added aren't looked for."""
        return all(made == _look_at(output, name, made.digest) for name, made in self.files.items())


def scan(folder: Path, skip: Collection[str] = ()) -> dict[str, Made]:
    """Every file below a folder, by its name with slashes; what `skip` names at its top is left out."""
    found: dict[str, Made] = {}
    waiting = [("", str(folder))]
    while waiting:
        prefix, path = waiting.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                name = prefix + entry.name
                if name in skip:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{name}/", entry.path))
                else:
                    stat = entry.stat(follow_symlinks=False)
                    found[name] = Made("", stat.st_size, stat.st_mtime_ns)
    return found


@dataclass(frozen=True)
class Folders:
    """Where pages are made, and where those of the last build are, with what that noted of each."""

    new: Path
    old: Path
    known: Mapping[str, Made]

    def has(self, page: Page) -> bool:
        """Whether the last build made the same page."""
        made = self.known.get(page.file)
        return made is not None and made.digest == page.digest


@dataclass(frozen=True)
class Outcome:
    """What became of some pages: each file, and how many were made, not taken over."""

    files: dict[str, Made]
    made: int


def write_pages(
    pages: Iterable[Page],
    folders: Folders,
    meanwhile: Callable[[], None],
    report: Report = tell_nobody,
) -> Outcome:
    """Make pages, and link those that are as they were, in forked processes, while this one does something else.

    `report` is told how many pages of how many are done.
    Raises RuntimeError, which names the file, if a page can't be made.
    """
    ordered = in_order(pages, folders)
    if len(ordered) <= PAGES_AT_ONCE or start_method() != "fork":
        outcome = write_part(ordered, folders)
        meanwhile()
        return outcome
    _INHERITED[:] = [(ordered, folders)]
    try:
        with make_executor() as executor:
            starts = range(0, len(ordered), PAGES_AT_ONCE)
            waiting = [executor.submit(_write_inherited, first, first + PAGES_AT_ONCE) for first in starts]
            meanwhile()
            outcomes = []
            for future in waiting:
                outcomes.append(future.result())
                report(sum(len(outcome.files) for outcome in outcomes), len(ordered))
    finally:
        _INHERITED.clear()
    return merge(outcomes)


def in_order(pages: Iterable[Page], folders: Folders) -> list[Page]:
    """Pages that have to be made before those that are there already, which take no time."""
    return sorted(pages, key=folders.has)


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
    """Make pages one after another, or link them. Raises RuntimeError, which names the file, if one can't be made."""
    files: dict[str, Made] = {}
    ready: set[str] = set()
    made = 0
    for page in pages:
        path = os.path.join(folders.new, page.file)
        _make_folder(os.path.dirname(path), ready)
        last = folders.known[page.file] if folders.has(page) else None
        if last is not None and last == _look_at(folders.old, page.file, page.digest):
            _link(os.path.join(folders.old, page.file), path)
            files[page.file] = last
            continue
        made += 1
        stat = _make_page(page, path)
        files[page.file] = Made(page.digest, stat.st_size, stat.st_mtime_ns)
    return Outcome(files, made)


def _make_page(page: Page, path: str) -> os.stat_result:
    try:
        data = page.make()
    except Exception as error:
        raise RuntimeError(f"{page.file} 没有做成：{type(error).__name__}: {error}") from error
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode("utf-8"))
        file.flush()
        return os.fstat(file.fileno())


def _look_at(folder: Path, name: str, digest: str) -> Made | None:
    """A file as it is; None if it isn't there. A digest can't be seen in a file."""
    try:
        stat = os.stat(os.path.join(folder, name))
    except OSError:
        return None
    return Made(digest, stat.st_size, stat.st_mtime_ns)


def _make_folder(path: str, known: set[str]) -> None:
    if path in known:
        return
    try:
        os.mkdir(path)  # most pages have a folder of their own below one that is there
    except OSError:
        os.makedirs(path, exist_ok=True)
    known.add(path)


def _link(source: str, target: str) -> None:
    """One file in both folders; a copy where the file system has no such links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
