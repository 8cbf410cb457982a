"""What computed a kept value: the code and the libraries, as hashes. A change of either makes it anew."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from gongbao.cache import hash_files

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parents[1]


def code_hash(patterns: Iterable[str]) -> str:
    """The hash of the modules beside the features, and of those that the patterns name."""
    files = [path for pattern in ("*.py", *patterns) for path in sorted(PACKAGE.glob(pattern))]
    return hash_files(PACKAGE, [path for path in files if path.is_file() and path.suffix != ".pyc"])


def library_versions() -> str:
    """Every installed package with its version, as the folders of their metadata are called, and Python's."""
    folders = (Path(folder) for folder in sys.path if folder)
    found = (path.stem for folder in folders for kind in ("dist", "egg") for path in folder.glob(f"*.{kind}-info"))
    return "\n".join([sys.version, *sorted(found)])
