"""The files of an index on disk, packed; those that the last build made of the same bytes are taken over."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import pickle
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Self

from gongbao.cache import Cache, hash_parts
from gongbao.made import Made, link_file, look_at, write_file

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
        return cls(folder, version, {own: Made(*made) for own, made in files.items()})

    def save(self, cache: Cache | None, name: str) -> None:
        """Keep it for the next build."""
        if cache:
            files = {own: (made.digest, made.size, made.modified) for own, made in self.files.items()}
            cache.write(name, pickle.dumps((self.version, files), pickle.HIGHEST_PROTOCOL))

    def find(self, name: str, digest: str) -> Made | None:
        """A packed file; None if it was made of other bytes, or if somebody changed it since."""
        made = self.files.get(name)
        if made is None or made.digest != digest or made != look_at(self._root, name, digest):
            return None
        return made

    @cached_property
    def _root(self) -> str:
        return os.path.join(self.folder, self.version)


@dataclass(frozen=True)
class _Packed:
    digest: str  # of what it was packed from
    data: bytes
    old: Made | None  # the same file in the last index; then there is no data

    @property
    def size(self) -> int:
        return self.old.size if self.old else len(self.data)


def save_files(
    files: Mapping[str, bytes], folder: Path, manifest: Mapping[str, object], last: LastIndex | None
) -> LastIndex:
    """Write files, packed, below `folder`/VERSION, and last the manifest, with the root and the version in it."""
    last = last or LastIndex(folder)
    names = sorted(files)
    shares = [names[first : first + FILES_AT_ONCE] for first in range(0, len(names), FILES_AT_ONCE)]
    packed, made = dict[str, _Packed](), dict[str, Made]()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for share in threads.map(partial(_pack, files, last), shares):
            packed |= share
        version = hash_parts(part for name in names for part in (name, packed[name].digest))[:12]
        root = base64.b64encode(packed.pop(ROOT).data).decode()
        for parent in {name.rpartition("/")[0] for name in packed}:
            (folder / version / parent).mkdir(parents=True, exist_ok=True)
        for written in threads.map(partial(_write, packed, folder / version, last), shares):
            made |= written
    sizes = {name: one.size for name, one in packed.items()}
    (folder / version / FILES).write_text(json.dumps(sizes) + "\n", encoding="utf-8")
    text = json.dumps({**manifest, "version": version, "root": root}) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return LastIndex(folder, version, made)


def _pack(files: Mapping[str, bytes], last: LastIndex, names: Iterable[str]) -> dict[str, _Packed]:
    packed = {}
    for name in names:
        digest = hashlib.blake2b(files[name], digest_size=16).hexdigest()
        old = last.find(name, digest)
        packed[name] = _Packed(digest, b"" if old else gzip.compress(files[name], 9, mtime=0), old)
    return packed


def _write(packed: Mapping[str, _Packed], folder: Path, last: LastIndex, names: Iterable[str]) -> dict[str, Made]:
    made = {}
    for name in names:
        if name == ROOT:
            continue
        one, path = packed[name], os.path.join(folder, name)
        if one.old:
            link_file(os.path.join(last.folder, last.version, name), path)
            made[name] = one.old
        else:
            made[name] = write_file(path, one.data, one.digest)
    return made
