"""The files of an index on disk, packed; those that the last build made of the same bytes are taken over."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Self

from gongbao.cache import Cache, hash_parts
from gongbao.made import Made, from_plain, link_file, to_plain, write_file

ROOT = "root"  # the file that goes into the manifest
MANIFEST = "manifest.json"
FILES = "files.json"  # the bytes of each file, for those who fetch them all
FILES_AT_ONCE = 256  # a file alone is packed sooner than a thread is told of it


@dataclass(frozen=True)
class LastIndex:
    """The index of the last build: its folder, the version in it, and each file as it was left."""

    folder: Path
    version: str = ""
    files: Mapping[str, Made] = field(default_factory=dict)

    @classmethod
    def load(cls, cache: Cache | None, name: str, folder: Path) -> Self:
        """What was kept under a name of the index in a folder."""
        data = cache.read(name) if cache else None
        if not data:
            return cls(folder)
        version, files = pickle.loads(data)
        return cls(folder, version, from_plain(files))

    def save(self, cache: Cache | None, name: str) -> None:
        """Keep it for the next build."""
        if cache:
            cache.write(name, pickle.dumps((self.version, to_plain(self.files)), pickle.HIGHEST_PROTOCOL))

    def find(self, name: str, digest: str) -> Made | None:
        """A packed file; None if it was made of other bytes, or if somebody changed it since."""
        made = self.files.get(name)
        if made is None or made.digest != digest or not made.stands_at(os.path.join(self.root, name)):
            return None
        return made

    @cached_property
    def root(self) -> str:
        return os.path.join(self.folder, self.version)


def save_files(
    files: Mapping[str, bytes], folder: Path, manifest: Mapping[str, object], last: LastIndex | None
) -> LastIndex:
    """Write files, packed, below `folder`/VERSION, and last the manifest, with the root and the version in it."""
    last = last or LastIndex(folder)
    names = sorted(files)
    digests = {name: hashlib.blake2b(files[name], digest_size=16).hexdigest() for name in names}
    version = hash_parts(part for name in names for part in (name, digests[name]))[:12]
    target = folder / version
    made = {name: old for name in names if name != ROOT and (old := last.find(name, digests[name]))}
    new = [name for name in names if name not in made and name != ROOT]
    there = _lay_out(target, [*made, *new], made, last)
    for name in made.keys() - there:
        link_file(os.path.join(last.root, name), os.path.join(target, name))
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # zlib works beside other threads
        shares = [new[first : first + FILES_AT_ONCE] for first in range(0, len(new), FILES_AT_ONCE)]
        for written in threads.map(partial(_pack, files, digests, target), shares):
            made |= written
    sizes = {name: made[name].size for name in names if name != ROOT}
    write_file(str(target / FILES), f"{json.dumps(sizes)}\n".encode(), "")
    root = base64.b64encode(gzip.compress(files[ROOT], 9, mtime=0)).decode()
    text = json.dumps({**manifest, "version": version, "root": root}) + "\n"
    write_file(str(folder / MANIFEST), text.encode(), "")
    return LastIndex(folder, version, made)


def _pack(
    files: Mapping[str, bytes], digests: Mapping[str, str], folder: Path, names: Iterable[str]
) -> dict[str, Made]:
    """Compress some files and write them."""
    return {
        name: write_file(os.path.join(folder, name), gzip.compress(files[name], 9, mtime=0), digests[name])
        for name in names
    }


def _lay_out(target: Path, names: Iterable[str], made: Collection[str], last: LastIndex) -> set[str]:
    """Make the folder of a version with these files; returns which of those `made` in the last one it has already.

    Where an earlier index stands, and isn't the last one, the folder is made out of that: nearly all of its files are
    the last one's own too, and to remove and link them again takes half a second.
    """
    if target.parent.is_dir() and target.parent != last.folder:
        _take_over(target)
    parents = {name.rpartition("/")[0] for name in names}
    for parent in parents:
        (target / parent).mkdir(parents=True, exist_ok=True)
    here, there = _numbers_of(target), _numbers_of(Path(last.root))
    same = {name for name in made if name in here and here[name] == there.get(name)}
    for name in here.keys() - same:
        (target / name).unlink()
    for path in target.iterdir():
        if path.is_dir() and path.name not in parents:
            shutil.rmtree(path)
    return same


def _take_over(target: Path) -> None:
    """Give the folder of another version beside it this one's name, and remove all others."""
    for path in list(target.parent.iterdir()):
        if not path.is_dir():
            path.unlink()
        elif target.exists():
            shutil.rmtree(path)
        else:
            path.rename(target)


def _numbers_of(folder: Path) -> dict[str, tuple[int, int]]:
    """What tells each file in a folder, and in the folders there, from all other files: its device and inode."""
    numbers: dict[str, tuple[int, int]] = {}
    if not folder.is_dir():
        return numbers
    device = folder.stat().st_dev
    for below in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        prefix = "" if below == folder else f"{below.name}/"
        with os.scandir(below) as entries:
            numbers |= {prefix + one.name: (device, one.inode()) for one in entries if not one.is_dir()}
    return numbers
