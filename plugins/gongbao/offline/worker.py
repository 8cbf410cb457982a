"""The service worker's script and the web app's manifest, which make an archive readable without a net."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from gongbao import addresses
from gongbao.assets import Assets
from gongbao.cache import hash_files, hash_parts
from gongbao.scripts import join_modules, read_modules
from gongbao.settings import Settings

KEEPING, REMOVING = "offline/worker.js", "offline/remove.js"
# What a browser has to have for reading and searching what it kept; everything of the theme but images comes to it.
PAGES = (addresses.HOME, addresses.SEARCH, addresses.SHELF, addresses.OFFLINE)
PAPER, ACCENT = "#fdfdfb", "#a3161a"  # as in site.css
ICONS = (
    {"src": "theme/img/icon.svg", "type": "image/svg+xml", "sizes": "any"},
    {"src": "theme/img/icon-192.png", "type": "image/png", "sizes": "192x192"},
    {"src": "theme/img/icon-512.png", "type": "image/png", "sizes": "512x512"},
    {"src": "theme/img/icon-maskable.png", "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
)


def worker_script(static: Path, assets: Assets, site: str, *, offline: bool) -> str:
    """/sw.js: the worker of an archive that keeps what is read, or the one that takes such a worker away.

    `static` is the folder of the theme's files, `assets` are those that pages name, `site` is the hash of what pages
    are made of: a browser fetches anew what it needs without a net when any of them has changed.
    """
    modules = read_modules(static / "js")
    if not offline:
        return _join(modules, REMOVING)
    drawn = sorted(static.rglob("*.svg"))
    version = hash_parts((site, assets.folder, hash_files(static, drawn)))[:12]
    wanted = [
        *(address.removeprefix("/") for address in PAGES),
        *(f"{assets.folder}{name}" for name in sorted(assets.files)),
        *(f"theme/{path.relative_to(static).as_posix()}" for path in drawn),
    ]
    settings = json.dumps({"version": version, "files": wanted}, ensure_ascii=False)
    return f"self.GONGBAO = {settings};\n{_join(modules, KEEPING)}"


def _join(modules: Mapping[str, str], entry: str) -> str:
    return join_modules(modules, [entry], f'$load("{entry}");')


def app_manifest(settings: Settings) -> str:
    """manifest.webmanifest, by which browsers offer to install the archive; its addresses are relative."""
    manifest: Mapping[str, object] = {
        "name": f"{settings.name} · {settings.tagline}",
        "short_name": settings.name,
        "description": settings.description,
        "lang": settings.language,
        "id": ".",
        "start_url": ".",
        "scope": ".",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": ICONS,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
