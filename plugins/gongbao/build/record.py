"""What the last build made: which files, and what tells that nobody changed them since."""

from __future__ import annotations

import os
import pickle
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongbao.cache import Cache
from gongbao.made import Made, from_plain, to_plain
from gongbao.pages import Gathered

RECORD = "record"


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
        return cls(site, inputs, articles, from_plain(files))

    def save(self, cache: Cache) -> None:
        """Keep it for the next build."""
        own = (self.site, self.inputs, self.articles, to_plain(self.files))
        cache.write(RECORD, pickle.dumps(own, pickle.HIGHEST_PROTOCOL))

    @property
    def pages(self) -> int:
        """How many of the files are HTML pages."""
        return sum(1 for name in self.files if name.endswith(".html"))

    def is_intact(self, output: Path) -> bool:
        """Whether every file is as the build left it. Files that somebody added aren't looked for."""
        return all(made.stands_at(f"{output}{os.sep}{name}") for name, made in self.files.items())


def files_of(record: Record | None, site: str) -> Mapping[str, Made]:
    """The files that the next build may take over: none if the last one was of another site."""
    return record.files if record is not None and record.site == site else {}


def load_groups(cache: Cache, site: str) -> dict[str, Gathered]:
    """The groups of pages of the last build, by their names; none if that was of another site."""
    data = cache.read(_groups_name(site))
    groups: dict[str, Gathered] = pickle.loads(data) if data else {}
    return groups


def save_groups(cache: Cache, site: str, groups: Mapping[str, Gathered]) -> str:
    """Keep them for the next build; returns their name in the cache."""
    cache.write(_groups_name(site), pickle.dumps(groups, pickle.HIGHEST_PROTOCOL))
    return _groups_name(site)


def _groups_name(site: str) -> str:
    return f"groups/{site}"


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
