"""Values kept from build to build, by the hash of all that they were made of: found again, or made again."""

from __future__ import annotations

import hashlib
import os
import pickle
import struct
import threading
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Self, TypeVar

Value = TypeVar("Value")
HEAD = struct.Struct("<IQ")  # the CRC-32 of the data, and how many bytes they are


class Cache:
    """A folder of files, each with the checksum of its data before it.

    Nothing in it is ever changed, so processes may share it; what is torn, damaged or missing counts as never kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        """Whether something is kept under a name, damaged or not."""
        return (self.folder / name).is_file()

    def read(self, name: str) -> bytes | None:
        """The data kept under a name; None if there is none, or if it isn't what was written."""
        path = self.folder / name
        try:
            with path.open("rb", buffering=0) as file:  # a buffered one copies all that it has read
                head, data = file.read(HEAD.size), file.readall()
        except OSError:
            return None
        if head == _head(data):
            return data
        path.unlink(missing_ok=True)
        return None

    def write(self, name: str, data: bytes | memoryview) -> None:
        """Keep data under a name, in one step; OSError if the disk is full, say."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
        try:
            with beside.open("wb") as file:
                file.writelines((_head(data), data))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def keep_only(self, names: Collection[str]) -> None:
        """Forget all other names, so that the cache is never larger than one build's needs.

        The name of a folder keeps what is in it.
        Files and folders whose names begin with a dot are somebody else's.
        """
        kept = {self.folder / name for name in names}
        tops = list(self.folder.glob("[!.]*"))
        for path in [*tops, *(path for top in tops if top.is_dir() for path in top.rglob("*"))]:
            if path.is_file() and path not in kept and path.parent not in kept:
                path.unlink(missing_ok=True)


@dataclass
class Known(Generic[Value]):
    """Values by their keys, kept under a name of a cache: what the last build made needn't be made again."""

    cache: Cache
    name: str
    values: dict[str, Value]

    @classmethod
    def load(cls, cache: Cache, name: str) -> Self:
        """What was kept; nothing if there was nothing."""
        data = cache.read(name)
        return cls(cache, name, pickle.loads(data) if data else {})

    def keep(self, values: dict[str, Value]) -> None:
        """Know these and no others; a key has one value for ever."""
        if values.keys() != self.values.keys():
            self.values = values
            self.cache.write(self.name, pickle.dumps(values, pickle.HIGHEST_PROTOCOL))


def _head(data: bytes | memoryview) -> bytes:
    """Tells whether data are torn or damaged: nobody forges a cache, and a CRC takes a fifth of a hash's time."""
    return HEAD.pack(zlib.crc32(data), len(data))


def hash_parts(parts: Iterable[bytes | str]) -> str:
    """One hexadecimal hash of several values; where one ends and the next begins counts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()


def hash_files(root: Path, files: Iterable[Path]) -> str:
    """One hash of the names below `root` and the contents of files."""
    return hash_parts(part for path in files for part in (path.relative_to(root).as_posix(), path.read_bytes()))
