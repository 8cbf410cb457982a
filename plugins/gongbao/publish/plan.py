"""What a publication changes, for machines and for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from gongbao.publish.manifest import Entry, Manifest

# Folders whose names say their content, and which file of the site names the one in use.
VERSION_RE = re.compile(r"(?:search-index|theme/v)/[0-9a-f]{12}/")
SEARCH_MANIFEST = "search-index/manifest.json"
NAMED_BY = {
    "search-index/": (SEARCH_MANIFEST, re.compile(rb'"version": ?"([0-9a-f]{12})"')),
    "theme/v/": ("index.html", re.compile(rb"/theme/v/([0-9a-f]{12})/")),
}
COMPRESSED = (".gz", ".br")
SHOWN = 40
UNITS = ("字节", "KB", "MB", "GB")


@dataclass(frozen=True)
class Plan:
    """The way from the old manifest to the new one.

    `kept` are files of the old site that the new one doesn't have but that stay: the last search index, styles and
    scripts, which a reader's open page still asks for. They are part of `manifest`.
    """

    manifest: dict[str, Entry]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def sent(self) -> tuple[str, ...]:
        """What has to be transferred."""
        return tuple(sorted(self.added + self.changed))

    @property
    def bytes_sent(self) -> int:
        return sum(self.manifest[path].size for path in self.sent)

    @property
    def kept_folders(self) -> list[str]:
        """The folders of the files that stay, without a slash at the end."""
        return sorted({match[0].rstrip("/") for path in self.kept if (match := VERSION_RE.match(path))})

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def make_plan(old: Manifest, new: Manifest, kept_folders: Collection[str] = ()) -> Plan:
    """Compare two manifests; what the old one has in some folders stays."""
    prefixes = tuple(kept_folders)
    kept = {path: entry for path, entry in old.items() if path.startswith(prefixes) and path not in new}
    manifest = {**new, **kept}
    return Plan(
        manifest=manifest,
        added=tuple(sorted(set(new) - set(old))),
        changed=tuple(sorted(path for path in set(new) & set(old) if new[path] != old[path])),
        removed=tuple(sorted(set(old) - set(manifest))),
        kept=tuple(sorted(kept)),
    )


def find_kept_folders(old: Manifest, new: Manifest, read: Callable[[str], bytes | None]) -> list[str]:
    """Of each kind of folder that is named by its content the last one published that isn't the new one."""
    # An entry without a sum is one of which a broken publication left unknown how it stands.
    known = {path: entry for path, entry in old.items() if entry.sha256}
    kept = []
    for root, (name, pattern) in NAMED_BY.items():
        left = _folders(known, root) - _folders(new, root)
        found = pattern.search(read(name) or b"") if left else None
        last = f"{root}{found[1].decode()}/" if found else ""
        if left:  # the same one is published again if it isn't among them: what stood beside it still stands
            kept.append(last if last in left else min(left))
    return kept


def _folders(manifest: Manifest, root: str) -> set[str]:
    return {match[0] for path in manifest if path.startswith(root) and (match := VERSION_RE.match(path))}


def format_bytes(count: float) -> str:
    """1.5 MB"""
    rank = 0
    while count >= 1024 and rank < len(UNITS) - 1:
        count /= 1024
        rank += 1
    return f"{count:.1f} {UNITS[rank]}" if rank else f"{count:.0f} {UNITS[0]}"


def describe_plan(plan: Plan, old: Manifest) -> str:
    """The plan as lines for a terminal: addresses for pages, folders for the search index."""
    if not plan:
        return "没有变化。"
    lines = [_summary(plan)]
    for title, sign, paths in _groups(plan):
        if paths:
            lines += ["", f"{title}：", *(f"  {sign} {line}" for line in _lines(paths, {**old, **plan.manifest}))]
    return "\n".join(lines)


def plan_as_markdown(plan: Plan, old: Manifest) -> str:
    """The plan as a comment for a merge request."""
    if not plan:
        return "**这次发布没有变化。**\n"
    parts = [f"**这次发布：{_summary(plan)}**"]
    for title, _, paths in _groups(plan):
        if paths:
            rows = "\n".join(f"- `{line}`" for line in _lines(paths, {**old, **plan.manifest}))
            parts.append(f"<details><summary>{title} {len(paths)} 个文件</summary>\n\n{rows}\n\n</details>")
    return "\n\n".join(parts) + "\n"


def _groups(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [("新增", "+", plan.added), ("改动", "~", plan.changed), ("删除", "-", plan.removed)]


def _summary(plan: Plan) -> str:
    counts = "，".join(f"{title} {len(paths)}" for title, _, paths in _groups(plan))
    return f"{counts} 个文件，传送 {format_bytes(plan.bytes_sent)}"


def _lines(paths: Iterable[str], entries: Mapping[str, Entry]) -> list[str]:
    """One line a page or file; the many files of an index in one; compressed copies go with their file."""
    known = set(paths)
    sizes: dict[str, int] = {}
    for path in sorted(known):
        plain = path.removesuffix(path[-3:]) if path.endswith(COMPRESSED) else path
        version = VERSION_RE.match(plain)
        name = version[0] + "*" if version else "/" + (plain if plain in known else path).removesuffix("index.html")
        sizes[name] = sizes.get(name, 0) + (entries[path].size if plain == path or plain not in known else 0)
    lines = [f"{name}  {format_bytes(size)}" for name, size in sizes.items()]
    return lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"… 另有 {len(lines) - SHOWN} 项"]
