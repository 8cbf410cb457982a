"""The manifest: every file of a published site with its sum and size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gongbao.publish.problem import PublishError
from gongbao.published import FORMAT, MANIFEST


@dataclass(frozen=True)
class Entry:
    """A file: SHA-256 in hexadecimal, and bytes."""

    sha256: str
    size: int


Manifest = Mapping[str, Entry]


def hash_file(path: Path) -> Entry:
    with path.open("rb") as file:
        return Entry(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def site_files(folder: Path) -> list[str]:
    """The paths of a folder's files, sorted, with slashes on every system; the manifest isn't one of them."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path != MANIFEST)


def make_manifest(folder: Path, paths: Iterable[str] | None = None) -> dict[str, Entry]:
    """The entries of a folder's files, or of those named."""
    names = sorted(paths) if paths is not None else site_files(folder)
    with ThreadPoolExecutor() as threads:  # hashing and reading leave the interpreter's lock
        return dict(zip(names, threads.map(lambda name: hash_file(folder / name), names), strict=True))


def dump_manifest(manifest: Manifest) -> bytes:
    """The manifest as the site has it: one line a file, so that a record under version control shows what changed."""
    lines = [
        f"  {json.dumps(path, ensure_ascii=False)}: {json.dumps({'sha256': entry.sha256, 'size': entry.size})}"
        for path, entry in sorted(manifest.items())
    ]
    files = ",\n".join(lines)
    return f'{{"format": {FORMAT}, "files": {{\n{files}\n}}}}\n'.encode()


def load_manifest(data: bytes | None, name: str) -> dict[str, Entry]:
    """The entries of a manifest, none for None. Raises PublishError naming it if it can't be read."""
    if data is None:
        return {}
    try:
        values = json.loads(data)
        if values["format"] != FORMAT:
            raise PublishError(f"{name} 的格式是 {values['format']}，本程序只认 {FORMAT}")
        return {path: Entry(str(entry["sha256"]), int(entry["size"])) for path, entry in values["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"{name} 读不了，不知道上次发布了什么：{error!r}") from None
