"""The archive as one download: the Markdown sources of what is published, and the lists that they refer to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from gongbao.article import Article
from gongbao.packing import PackedFile, pack_file, write_zip

LICENCE_FILE = "LICENCE.txt"
# What was packed when it was read, by the files' paths.
Packed = Mapping[str, PackedFile]


def zip_sources(
    content: Path, articles: Iterable[Article], vocabularies: Path, licence: str, load_packed: Callable[[], Packed]
) -> bytes:
    """The download of an archive's articles."""
    return zip_archive(
        source_files(content, [article.file for article in articles], vocabularies), licence, load_packed()
    )


def source_files(content: Path, articles: list[str], vocabularies: Path) -> dict[str, str]:
    """Names in the download and their files: the articles given, all pages, the vocabularies."""
    pages = map(str, sorted((content / "pages").glob("*.md")))
    lists = sorted(vocabularies.glob("*.toml"))
    start = len(f"{content}{os.sep}")  # `relative_to` would part ten thousand paths
    return {
        **{file[start:].replace(os.sep, "/"): file for file in (*articles, *pages)},
        **{f"vocabularies/{path.name}": str(path) for path in lists},
    }


def zip_archive(files: Mapping[str, str], licence: str, packed: Packed) -> bytes:
    """A ZIP file of files by their names in it; those that aren't packed yet are read."""
    own = {name: packed.get(file) or pack_file(Path(file).read_bytes()) for name, file in files.items()}
    if licence:
        own[LICENCE_FILE] = pack_file(f"{licence}\n".encode())
    return write_zip(own)
