"""The theme's styles and scripts as a site serves them: below an address that says their content, kept for good.

theme/v/V/css/…  theme/v/V/js/…     what pages name; V is the first twelve digits of the SHA-256 of all of it
theme/js/search/engine.js           the search, for pages of anybody: the same at every version
theme/img/…                         icons, which other programs keep the addresses of
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongbao.cache import hash_parts
from gongbao.scripts import lasting_scripts, public_scripts

STYLES, SCRIPTS = "css", "js"
THEME, VERSIONS = "theme/", "theme/v/"
VERSION_RE = re.compile(r"theme/v/([0-9a-f]{12})/")


@dataclass(frozen=True)
class Assets:
    """The folder of a version of styles and scripts, below the site's own path, and the files by their names in it."""

    folder: str
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, theme: Path) -> Assets:
        """Those of a theme. Raises ScriptError if its modules can't be joined."""
        static = theme / "static"
        styles = {f"{STYLES}/{path.name}": path.read_bytes() for path in sorted((static / STYLES).glob("*.css"))}
        scripts = {f"{SCRIPTS}/{name}": text.encode() for name, text in public_scripts(theme).items()}
        files = styles | scripts
        version = hash_parts(part for name in sorted(files) for part in (name, files[name]))[:12]
        return cls(f"{VERSIONS}{version}/", files)

    def write(self, output: Path, theme: Path) -> None:
        """Write them into a site's folder, and the scripts whose addresses never change."""
        lasting = {f"{THEME}{SCRIPTS}/{name}": text.encode() for name, text in lasting_scripts(theme).items()}
        versioned = {f"{self.folder}{name}": data for name, data in self.files.items()}
        for name, data in (versioned | lasting).items():
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_bytes(data)


def plain_name(name: str) -> str:
    """A file's name without its version, for those who don't serve: theme/css/site.css."""
    return VERSION_RE.sub(THEME, name)
