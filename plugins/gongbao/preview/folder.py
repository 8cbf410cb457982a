"""The folder that the pages of drafts are kept in from build to build; a server may be reading them all the while."""

from __future__ import annotations

import json
from pathlib import Path

KEYS = "made.json"


class PreviewFolder:
    """Files with the keys of what they were made of; what isn't written or asked for any more goes at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = self._load()
        self._keys: dict[str, str] = {}

    def _load(self) -> dict[str, str]:
        try:
            known = json.loads((self._folder / KEYS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(file): str(key) for file, key in known.items()} if isinstance(known, dict) else {}

    def has_file(self, file: str) -> bool:
        """Whether a file is there."""
        return (self._folder / file).is_file()

    def has(self, file: str, key: str) -> bool:
        """Whether a file is there and made of the same; then it stays."""
        if self._known.get(file) != key or not self.has_file(file):
            return False
        self._keys[file] = key
        return True

    def write(self, file: str, data: bytes, key: str) -> None:
        """Put a file in its place in one step."""
        self._put(file, data)
        self._keys[file] = key

    def _put(self, file: str, data: bytes) -> None:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(data)
        beside.replace(path)

    def keep_only_written(self) -> None:
        """Remove what has no key of this time, and remember the keys."""
        for path in sorted(self._folder.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(self._folder).as_posix() not in self._keys:
                path.unlink()
        self._put(KEYS, json.dumps(self._keys, ensure_ascii=False, sort_keys=True).encode())
