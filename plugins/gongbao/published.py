"""The record of the last publication, `published.json` beside the content folder: which files a site had."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

MANIFEST = "published.json"
FORMAT = 1
INDEX = "index.html"


class PublishedError(ValueError):
    """A record that can't be read; `line` is where, if that is known."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def record_of(content: Path) -> Path:
    """Where the record of an archive's last publication is kept."""
    return content.absolute().parent / MANIFEST


def page_addresses(files: Collection[str]) -> set[str]:
    """The addresses of pages among files: /a/ for a/index.html."""
    return {f"/{path.removesuffix(INDEX)}" for path in files if path == INDEX or path.endswith(f"/{INDEX}")}


def load_record(path: Path) -> dict[str, int]:
    """The addresses of the pages once published, each with the line that names its file; none without a record.

    Raises PublishedError if the record can't be read.
    """
    if not path.exists():
        return {}
    try:
        text = path.read_text("utf-8")
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise PublishedError(f"格式是 {values['format']}，本程序只认 {FORMAT}")
        addresses = page_addresses(values["files"])
    except json.JSONDecodeError as error:
        raise PublishedError(f"不是合规的 JSON：{error.msg}", error.lineno) from None
    except (OSError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise PublishedError(f"读不了：{error!r}") from None
    lines = text.split("\n")
    found = {address: f'"{address.removeprefix("/")}{INDEX}"' for address in addresses}
    numbers = {line.lstrip().partition(":")[0]: number for number, line in enumerate(lines, 1)}
    return {address: numbers.get(name, 1) for address, name in found.items()}
