"""The files in the project that are made from the vocabularies and the fields, and kept under version control."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gongbao.article import Lists
from gongbao.write.panel import panel_text
from gongbao.write.schema import schema_text


def own_files(lists: Lists) -> dict[str, str]:
    """Each by its name below the project's folder."""
    return {"docs/article.schema.json": schema_text(lists), "frontmatter.json": panel_text(lists)}


def write_files(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write those that differ from what is there, and give their paths."""
    changed = []
    for name, text in files.items():
        path = folder / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
        changed.append(path)
    return changed
