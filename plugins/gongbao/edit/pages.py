"""The files of /admin/: our page and scripts, its configuration, and the program from npm."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongbao.addresses import ADMIN
from gongbao.article import Lists
from gongbao.edit.configuration import make_configuration, region_choices
from gongbao.edit.host import Host

FOLDER = ADMIN.strip("/")
STATIC = Path(__file__).parent / "static"


def admin_files(host: Host, lists: Lists, program: Mapping[str, bytes], *, name: str, site: str) -> dict[str, bytes]:
    """Every file of the page by its name below /admin/; `name` and `site` are the archive's name and address."""
    own = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file()}
    for field, value in {"name": html.escape(name), "policy": host.policy}.items():
        own["index.html"] = own["index.html"].replace(f"{{{field}}}".encode(), value.encode())
    made = {
        "config.json": _to_json(make_configuration(host, lists, site)),
        "regions.json": _to_json(region_choices(lists.regions)),
    }
    return {**own, **made, **program}


def _to_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
