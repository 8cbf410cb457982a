"""The site as it will be published: what was built, and what only a published site has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongbao.addresses import ADMIN
from gongbao.publish.compress import compress_files, compressible, link_or_copy
from gongbao.publish.hosting import headers_file, stated_policy
from gongbao.publish.manifest import Entry, dump_manifest, load_manifest, make_manifest
from gongbao.publish.permanence import redirect_files
from gongbao.publish.problem import PublishError
from gongbao.publish.verify import Site
from gongbao.published import MANIFEST


@dataclass(frozen=True)
class Stage:
    """A folder ready to be given away, and the manifest of its files."""

    folder: Path
    manifest: dict[str, Entry]


def stage_folder(site: Path) -> Path:
    """Where a site's stage is: beside it, kept for the next time, which then need not compress everything again."""
    return site.with_name(f".{site.name}-staged")


def make_stage(
    site: Site, redirects: Mapping[str, str], *, precompress: bool, step: Callable[[int], None] = lambda _: None
) -> Stage:
    """Put the built files and those made of them into a folder of their own; the built site isn't touched.

    Raises PublishError if a file to be made exists already.
    """
    final = stage_folder(site.folder)
    fresh = final.with_name(f"{final.name}-new")
    shutil.rmtree(fresh, ignore_errors=True)
    for path in sorted(site.files):
        target = fresh / path
        target.parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(site.folder / path, target)
    made = redirect_files(redirects, site.siteurl, site.base) | {
        "_headers": headers_file(site.base, editing_policy(site))
    }
    for path, data in made.items():
        _write(fresh / path, data)
    manifest = make_manifest(fresh)
    if precompress:
        old = load_manifest(_read(final / MANIFEST), str(final / MANIFEST))
        copies = compress_files(fresh, manifest, final, old, step)
        manifest |= make_manifest(fresh, copies)
    (fresh / MANIFEST).write_bytes(dump_manifest(manifest))
    _replace(fresh, final)
    return Stage(final, manifest)


def editing_policy(site: Site) -> str:
    """The policy under which the editing page is to be served; '' if the site has none."""
    name = f"{ADMIN.strip('/')}/index.html"
    return stated_policy((site.folder / name).read_text(encoding="utf-8")) if name in site.files else ""


def count_compressible(site: Site) -> int:
    """How many of a site's files `make_stage` will compress."""
    sizes = {path: Entry("", os.stat(site.folder / path).st_size) for path in site.files}
    return len(list(compressible(sizes)))


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        raise PublishError(f"{path}：构建出的网站已经有这个文件，发布时却要另写")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _replace(fresh: Path, final: Path) -> None:
    shutil.rmtree(final, ignore_errors=True)
    fresh.rename(final)
