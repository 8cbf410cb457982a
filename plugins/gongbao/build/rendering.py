"""Pages made side by side, and only those that differ from what the last build made of the same output folder."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from gongbao.cache import Cache
from gongbao.pages import Page
from gongbao.workers import start_method

RECORD = "record.json"
PAGES_AT_ONCE = 48

# What a build's forked processes begin with: pages hold templates, which can't be sent to a process.
_PAGES: list[Page] = []


@dataclass(frozen=True)
class Made:
    """A file as a build left it: its page's digest, and what tells that nobody changed it since."""

    digest: str
    size: int
    modified: int  # nanoseconds

    @classmethod
    def of(cls, digest: str, path: Path) -> Made:
        """A file that is there."""
        stat = path.stat()
        return cls(digest, stat.st_size, stat.st_mtime_ns)


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
        values = json.loads(data)
        return cls(**{**values, "files": {name: Made(*own) for name, own in values["files"].items()}})

    def save(self, cache: Cache) -> None:
        """Keep it for the next build."""
        files = {name: [made.digest, made.size, made.modified] for name, made in self.files.items()}
        values = {"site": self.site, "inputs": self.inputs, "articles": self.articles, "files": files}
        cache.write(RECORD, json.dumps(values).encode())

    @property
    def pages(self) -> int:
        """How many of the files are HTML pages."""
        return sum(1 for name in self.files if name.endswith(".html"))

    def is_intact(self, output: Path) -> bool:
        """Whether the folder holds just what the build left there."""
        return scan(output) == {name: (made.size, made.modified) for name, made in self.files.items()}


def scan(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder, by its name with slashes."""
    found: dict[str, tuple[int, int]] = {}
    waiting = [("", str(folder))]
    while waiting:
        prefix, path = waiting.pop()
        if not os.path.isdir(path):
            continue
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{prefix}{entry.name}/", entry.path))
                else:
                    stat = entry.stat(follow_symlinks=False)
                    found[prefix + entry.name] = (stat.st_size, stat.st_mtime_ns)
    return found


def take_over(pages: Iterable[Page], record: Record | None, site: str, old: Path, new: Path) -> list[Page]:
    """Link the pages that are as they were from the old folder to the new one; returns those to be made.

    A file that somebody changed in the old folder is not as it was.
    """
    if record is None or record.site != site:
        return list(pages)
    there = scan(old)
    stale = []
    folders: set[str] = set()
    for page in pages:
        made = record.files.get(page.file)
        if made is None or made.digest != page.digest or there.get(page.file) != (made.size, made.modified):
            stale.append(page)
            continue
        target = os.path.join(new, page.file)
        _make_folder(os.path.dirname(target), folders)
        _link(os.path.join(old, page.file), target)
    return stale


def make_pages(
    pages: Sequence[Page], folder: Path, make_executor: Callable[[], Executor], meanwhile: Callable[[], None]
) -> None:
    """Make pages in forked processes while this one does something else.

    Raises RuntimeError, which names the file, if a page can't be made.
    """
    if len(pages) <= PAGES_AT_ONCE or start_method() != "fork":
        meanwhile()
        _make_part(pages, folder)
        return
    _PAGES[:] = pages
    gc.freeze()  # the processes share what is there already; a collection would copy it all
    try:
        with make_executor() as executor:
            parts = [slice(first, first + PAGES_AT_ONCE) for first in range(0, len(pages), PAGES_AT_ONCE)]
            waiting = [executor.submit(_make_inherited, part, folder) for part in parts]
            meanwhile()
            for future in waiting:
                future.result()
    finally:
        _PAGES.clear()
        gc.unfreeze()


def _make_inherited(part: slice, folder: Path) -> None:
    _make_part(_PAGES[part], folder)


def _make_part(pages: Iterable[Page], folder: Path) -> None:
    folders: set[str] = set()
    for page in pages:
        try:
            data = page.make()
        except Exception as error:
            raise RuntimeError(f"{page.file} 没有做成：{type(error).__name__}: {error}") from error
        path = os.path.join(folder, page.file)
        _make_folder(os.path.dirname(path), folders)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode("utf-8"))


def _make_folder(path: str, known: set[str]) -> None:
    if path not in known:
        os.makedirs(path, exist_ok=True)
        known.add(path)


def _link(source: str, target: str) -> None:
    """One file in both folders; a copy where the file system has no such links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
