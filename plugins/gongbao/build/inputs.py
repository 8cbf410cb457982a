"""Hashes of all that a site is made of, so that a change makes anew what depends on it, and nothing else."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongbao.archive import IMAGES, article_names, vocabulary_folder
from gongbao.assets import SCRIPTS, STYLES
from gongbao.build.reading import Chunk, split_chunks
from gongbao.cache import hash_files, hash_parts
from gongbao.origin import code_hash, library_versions
from gongbao.words import TRANSLATIONS

# Which code has a say in what; the modules beside the features have in everything.
READING_CODE = ("build/reading.py",)
COUNTING_CODE = ("search/**/*",)
PAGE_CODE = (
    "build/plugin.py",
    *(f"{feature}/**/*" for feature in ("browse", "edit", "offline", "pictures", "preview", "read")),
)


@dataclass(frozen=True)
class Inputs:
    """What a build begins with.

    `site` is the hash of what every page may depend on: code, libraries, settings, templates, styles and scripts, whose
    address says their content, lists, and the pages that the footer names. `everything` is that of all files there are.
    """

    chunks: tuple[Chunk, ...]
    counting: str
    site: str
    everything: str
    scheduler: str


def gather_inputs(content: Path, settings: Path) -> Inputs:
    """Hash a content folder and what it is built with. Raises OSError if a file can't be read."""
    values = read_values(settings)
    theme = theme_of(values, settings)
    libraries = library_versions()
    lists = vocabulary_folder(content)
    vocabularies = hash_files(lists, sorted(lists.glob("*.toml")))
    reading = hash_parts((code_hash(READING_CODE), libraries, vocabularies, str(content)))
    chunks = tuple(split_chunks(content, article_names(content), reading))
    counting = hash_parts((code_hash(COUNTING_CODE), libraries, vocabularies))
    pages = hash_files(content, _files(content / "pages"))
    shown = [theme / "templates", *(theme / "static" / name for name in (STYLES, SCRIPTS))]
    templates = hash_files(theme, (path for folder in shown for path in _files(folder)))
    words = hash_files(TRANSLATIONS, _files(TRANSLATIONS))
    site = hash_parts((code_hash(PAGE_CODE), libraries, vocabularies, pages, templates, words, stable_text(values)))
    others = (hash_files(theme, _files(theme)), _seen(content / IMAGES))
    everything = hash_parts((site, counting, *others, *(chunk.key for chunk in chunks)))
    return Inputs(chunks, counting, site, everything, str(values.get("GONGBAO", {}).get("scheduler", "")))


def _seen(folder: Path) -> str:
    """The hash of the files below a folder by their names, sizes and times: pictures are too many to read each time."""
    stats = ((path, path.stat()) for path in _files(folder))
    return hash_parts(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats)


def read_values(settings: Path) -> dict[str, Any]:
    """The settings that a file of settings makes, as Pelican would take them: names in capitals.

    Another file of settings beside it may be imported.
    """
    folder = str(settings.absolute().parent)
    sys.path.insert(0, folder)
    try:
        values = runpy.run_path(str(settings))
    finally:
        sys.path.remove(folder)
    return {name: value for name, value in values.items() if name.isupper()}


def theme_of(values: Mapping[str, Any], settings: Path) -> Path:
    """The folder of the theme that a file of settings, with these values, names."""
    return Path(values.get("THEME", settings.parent / "theme"))


def stable_text(value: object) -> str:
    """A setting as text that is the same in every process: functions and classes by their names."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {stable_text(own)}' for key, own in sorted(value.items(), key=str))}}}"
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, Sequence | set | frozenset):
        own = [stable_text(one) for one in value]
        return f"[{', '.join(own if isinstance(value, Sequence) else sorted(own))}]"
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"
    return repr(value)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
