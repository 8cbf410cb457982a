"""Text files compressed once, so that the host doesn't do it for every reader."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from gongbao.publish.manifest import Entry

SUFFIXES = (".html", ".css", ".js", ".mjs", ".json", ".xml", ".svg", ".txt", ".csv", ".bib", ".ris")
LEAST_BYTES = 1024  # a smaller file fits into one packet as it is
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 9, mtime=0),
    ".br": lambda data: bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=9)),
}


def compress_files(
    folder: Path,
    files: Mapping[str, Entry],
    old: Path,
    old_files: Mapping[str, Entry],
    step: Callable[[int], None],
) -> list[str]:
    """Write the compressed copies of a folder's text files beside them; those of files that an older folder had too
    are taken from there. Returns the copies' paths.
    """

    def compress(path: str) -> list[str]:
        data: bytes | None = None
        known = old_files.get(path) == files[path]
        made = []
        for suffix, pack in PACKERS.items():
            target = folder / f"{path}{suffix}"
            if not (known and link_or_copy(old / f"{path}{suffix}", target)):
                data = data if data is not None else (folder / path).read_bytes()
                target.write_bytes(pack(data))
            made.append(f"{path}{suffix}")
        step(1)
        return made

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # both libraries leave the interpreter's lock
        return [copy for copies in threads.map(compress, compressible(files)) for copy in copies]


def compressible(files: Mapping[str, Entry]) -> Iterable[str]:
    """The paths of which a compressed copy is worth having."""
    return [path for path, entry in files.items() if path.endswith(SUFFIXES) and entry.size > LEAST_BYTES]


def link_or_copy(source: Path, target: Path) -> bool:
    """The same file at another path, without a second copy of its bytes where the file system can; False if there is
    no such file.
    """
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:
        shutil.copyfile(source, target)
    return True
