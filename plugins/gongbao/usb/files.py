"""What becomes of each file of a built site in the edition that is carried along."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping

from gongbao.scripts import join_modules
from gongbao.usb.pages import MODULES, carry_page, story_of

# For hosts and their visitors alone, or told otherwise in the edition.
LEFT_OUT_RE = re.compile(
    r"(?:admin/.*|sw\.js|manifest\.webmanifest|robots\.txt|opensearch\.xml|404\.html|_headers|_redirects|published\.json"
    r"|sitemap(?:-\d+)?\.xml|theme/(?:v/[^/]+/)?js/.*|search-index/.*/files\.json|search-index/lunr\.json)"
)
READ_BY_SCRIPTS_RE = re.compile(r"(?:search-index|days)/.*\.(?:bin|json)")
SCRIPTS = "theme/js/"
SOURCE = "source.js"


def is_left_out(name: str) -> bool:
    return LEFT_OUT_RE.fullmatch(name) is not None


def is_changed(name: str) -> bool:
    """Whether a file isn't simply taken over."""
    return name.endswith(".html") or READ_BY_SCRIPTS_RE.fullmatch(name) is not None


def carry_file(name: str, data: bytes, base: str) -> dict[str, bytes]:
    """The edition's files that a file of the site becomes, by name."""
    if not name.endswith(".html"):
        return {f"{name}.js": file_script(name, data)}
    html = data.decode("utf-8")
    files = {name: carry_page(html, name, base).encode()}
    story = story_of(html) if name.startswith("articles/") else None
    if story is not None:
        files[f"{name}.js"] = file_script(name, story.encode())
    return files


def file_script(name: str, data: bytes) -> bytes:
    """A script that hands over a file: bytes as base64, text as text."""
    text = base64.b64encode(data).decode() if name.endswith(".bin") else data.decode("utf-8")
    return f"gongbaoFile({json.dumps(name)}, {json.dumps(text, ensure_ascii=False)});\n".encode()


def script_files(modules: Mapping[str, str], source: str, entries: list[str], base: str) -> dict[str, bytes]:
    """The site's modules as classic scripts: one that has all of them, and for each entry one that runs it.

    `source` is the module that fetches files where there is no server.
    """
    joined = join_modules({**modules, SOURCE: source}, entries, "globalThis.gongbaoRun = $load;")
    where = 'new URL("../../", document.currentScript.src).href'
    site = f"globalThis.gongbaoSite = {{base: {json.dumps(base)}, root: {where}}};\n"
    files = {f"{SCRIPTS}{MODULES}": (site + joined).encode()}
    return files | {f"{SCRIPTS}{entry}": f"gongbaoRun({json.dumps(entry)});\n".encode() for entry in entries}
