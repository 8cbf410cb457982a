"""Release folders beside the served path: `archive` is a link to `.archive-releases/0007-3fa94c21`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from gongbao.publish.manifest import Manifest, dump_manifest

KEPT = 5
RELEASE_RE = re.compile(r"(\d{4,})-[0-9a-f]{8}")


def releases_folder(path: str) -> str:
    """The name of the folder of a path's releases, beside it."""
    return f".{PurePosixPath(path).name}-releases"


def next_release(names: Iterable[str], manifest: Manifest) -> str:
    """A name after all others; its second half tells what it holds."""
    numbers = [int(match[1]) for name in names if (match := RELEASE_RE.fullmatch(name))]
    return f"{max(numbers, default=0) + 1:04d}-{hashlib.sha256(dump_manifest(manifest)).hexdigest()[:8]}"


def sort_releases(names: Iterable[str]) -> list[str]:
    """Finished releases from the oldest to the newest; nothing else that lies there."""
    return sorted((name for name in names if RELEASE_RE.fullmatch(name)), key=lambda name: int(name.partition("-")[0]))


def release_before(names: Iterable[str], current: str) -> str | None:
    """The release that a rollback goes to."""
    older = [name for name in sort_releases(names) if int(name.partition("-")[0]) < int(current.partition("-")[0])]
    return older[-1] if older else None


def superfluous(names: Iterable[str], current: str) -> list[str]:
    """What may be deleted: all but the newest ones and the one that is served."""
    return [name for name in sort_releases(names)[:-KEPT] if name != current]
