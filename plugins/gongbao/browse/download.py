"""The archive as one download: the Markdown sources of what is published, and the lists that they refer to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from gongbao.article import Article

# The earliest time that a ZIP file can give: the same sources make the same bytes, whenever they were checked out.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
UNIX, PLAIN_FILE = 3, 0o100644 << 16
LICENCE_FILE = "LICENCE.txt"


def zip_sources(content: Path, articles: Iterable[Article], vocabularies: Path, licence: str) -> bytes:
    """The download of an archive's articles."""
    return zip_archive(source_files(content, [article.path for article in articles], vocabularies), licence)


def source_files(content: Path, articles: list[Path], vocabularies: Path) -> dict[str, Path]:
    """Names in the download and their files: the articles given, all pages, the vocabularies."""
    pages = sorted((content / "pages").glob("*.md"))
    lists = sorted(vocabularies.glob("*.toml"))
    return {
        **{path.relative_to(content).as_posix(): path for path in (*articles, *pages)},
        **{f"vocabularies/{path.name}": path for path in lists},
    }


def zip_archive(files: Mapping[str, Path], licence: str) -> bytes:
    """A ZIP file with sorted names and fixed times; bytes differ between versions of zlib only."""
    out = io.BytesIO()
    contents = {name: path.read_bytes() for name, path in files.items()}
    if licence:
        contents[LICENCE_FILE] = f"{licence}\n".encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, PLAIN_FILE
            archive.writestr(entry, contents[name])
    return out.getvalue()
