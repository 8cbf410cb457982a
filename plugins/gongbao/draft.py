"""The file of a new article: its name, and that no other is ever overwritten."""

from __future__ import annotations

from pathlib import Path

from gongbao.dates import PartialDate


class DraftError(ValueError):
    """The draft can't be made as asked; the message says what was found and what is allowed."""


def free_slug(folder: Path, date: PartialDate, stem: str = "") -> str:
    """A name that no article of the folder has yet: `stem`, else with the date, else with the first free number.

    Without a stem it is the date and a number.
    """
    names = [stem, f"{stem}-{date}"] if stem else []
    number = 1
    while True:
        names.append(f"{stem}-{date}-{number}" if stem else f"{date}-{number}")
        for name in names:
            if not (folder / f"{name}.md").exists():
                return name
        number += 1


def write_new(path: Path, text: str) -> None:
    """Write a file that isn't there yet. Raises DraftError if it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise DraftError(f"{path} 已经有了，请用 --slug 另取一个文件名") from None
