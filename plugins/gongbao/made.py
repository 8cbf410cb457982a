"""Files as a build left them: the next one takes over those that it would make again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import BinaryIO, NamedTuple


class Made(NamedTuple):
    """A file as a build left it: the digest of what it was made of, and what tells that nobody changed it since."""

    digest: str
    size: int
    modified: int  # nanoseconds

    def is_still(self, stat: os.stat_result) -> bool:
        """Whether this is how the file is."""
        return stat.st_mtime_ns == self.modified and stat.st_size == self.size

    def stands_at(self, path: str) -> bool:
        """Whether the file is there as it was left; its digest can't be seen in it."""
        try:
            return self.is_still(os.stat(path))
        except OSError:
            return False


def to_plain(files: Mapping[str, Made]) -> dict[str, tuple[str, int, int]]:
    """Files by their names as they are kept: tuples are read in half the time that records take."""
    return {name: (made.digest, made.size, made.modified) for name, made in files.items()}


def from_plain(files: Mapping[str, tuple[str, int, int]]) -> dict[str, Made]:
    """The records of what was kept."""
    return dict(zip(files, map(Made._make, files.values()), strict=True))


def write_file(path: str, data: bytes, digest: str) -> Made:
    """Write a new file. One that is there may be another site's too, and stays as it is under its other name."""
    with _open_new(path) as file:
        file.write(data)
        file.flush()
        stat = os.fstat(file.fileno())
    return Made(digest, stat.st_size, stat.st_mtime_ns)


def _open_new(path: str) -> BinaryIO:
    try:
        return open(path, "xb")
    except FileExistsError:
        os.unlink(path)
        return open(path, "xb")


def link_file(source: str, target: str) -> None:
    """One file in both folders; a copy where the file system has no such links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
