"""The files of a cut page in a folder, and what has become of those of an earlier cut.

A draft carries the checksum of what was written. If it still has it, nobody has touched the draft, and the next cut
of the same page may replace it; if not, an editor has corrected it, and it stays as it is.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from gongbao.clip.drafts import render_draft
from gongbao.clip.leftovers import render_leftovers
from gongbao.clip.records import Cut
from gongbao.clip.review import render_review
from gongbao.frontmatter import FRONT_MATTER_RE, LOADER

LEFTOVERS, REVIEW, DOUBTFUL = "leftovers.md", "review.html", "doubtful"
ACCEPTED = "accepted.tsv"
WRITTEN_RE = re.compile(r"^  written: ([0-9a-f]{16})\n", re.MULTILINE)
SHOWN_CHANGES = 6


@dataclass(frozen=True)
class Kept:
    """A draft that stays as its editor left it, and the lines in which a new cut would differ."""

    path: Path
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Stored:
    """What was done in a folder: drafts written, drafts kept, articles that had been accepted before."""

    written: tuple[Path, ...]
    doubtful: tuple[Path, ...]
    kept: tuple[Kept, ...]
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class _Draft:
    """A draft of an earlier cut: the page's lines that it holds, and whether it is as it was written."""

    path: Path
    text: str
    lines: frozenset[int]
    untouched: bool


def sign(text: str) -> str:
    """The draft with the checksum of itself as the last entry of `clip`."""
    mark = f"  written: {_checksum(text)}\n"
    end = text.index("\n---\n", 4) + 1
    return text[:end] + mark + text[end:]


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_untouched(text: str) -> bool:
    """Whether a draft is still as it was written."""
    match = WRITTEN_RE.search(text)
    return match is not None and _checksum(text[: match.start()] + text[match.end() :]) == match[1]


def read_provenance(text: str) -> dict[str, object]:
    """The `clip` field of a draft's front matter; empty if it has none that can be read."""
    match = FRONT_MATTER_RE.match(text)
    try:
        values = yaml.load(match["yaml"], Loader=LOADER) if match else None
    except yaml.YAMLError:
        return {}
    clip = values.get("clip") if isinstance(values, dict) else None
    return clip if isinstance(clip, dict) else {}


def provenance_lines(clip: dict[str, object]) -> frozenset[int]:
    """The first line of every range of `lines`, which tells an article of a page from the others."""
    ranges = clip.get("lines")
    ends = [re.findall(r"\d+", str(one)) for one in ranges] if isinstance(ranges, list) else []
    return frozenset(
        number for end in ends if end for number in range(int(end[0]), min(int(end[-1]), int(end[0]) + 10_000) + 1)
    )


def store(cut: Cut, folder: Path, least: float = 0.0) -> Stored:
    """Write a page's drafts, leftovers.md and review.html into a folder.

    Drafts that an editor has corrected, and articles accepted before, are not written again; drafts of an earlier
    cut of the same page that nobody touched are replaced. Articles with less confidence than `least` go to the
    folder's own folder for doubtful ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    old = list(_drafts_of(folder, cut.dump.sha256))
    taken = [draft for draft in old if not draft.untouched]
    accepted = _accepted(folder, cut.dump.sha256)
    for draft in old:
        if draft.untouched:
            draft.path.unlink()
    written: list[Path] = []
    doubtful: list[Path] = []
    kept: dict[Path, Kept] = {draft.path: Kept(draft.path, ()) for draft in taken}
    left_out: dict[str, None] = {}
    for clipping in cut.clippings:
        text = sign(render_draft(clipping, cut))
        lines = frozenset(piece.line for piece in clipping.pieces)
        if rival := _rival(taken, lines):
            kept[rival.path] = Kept(rival.path, (*kept[rival.path].differences, *_differences(rival.text, text)))
        elif where := next((path for path, others in accepted if others & lines), None):
            left_out[where] = None
        else:
            doubts = clipping.confidence < least
            (doubtful if doubts else written).append(_write(folder / DOUBTFUL if doubts else folder, text))
    (folder / LEFTOVERS).write_text(render_leftovers(cut), encoding="utf-8", newline="\n")
    (folder / REVIEW).write_text(render_review(cut), encoding="utf-8", newline="\n")
    return Stored(tuple(written), tuple(doubtful), tuple(kept.values()), tuple(left_out))


def _drafts_of(folder: Path, sha256: str) -> Iterator[_Draft]:
    """The drafts that came from the page with this checksum."""
    for path in sorted([*folder.glob("*.md"), *(folder / DOUBTFUL).glob("*.md")]):
        text = path.read_text(encoding="utf-8", errors="replace")
        clip = read_provenance(text)
        if path.name != LEFTOVERS and clip.get("sha256") == sha256:
            yield _Draft(path, text, provenance_lines(clip), is_untouched(text))


def _rival(taken: list[_Draft], lines: frozenset[int]) -> _Draft | None:
    """The corrected draft that holds most of a new article's lines, if one holds any."""
    best = max(taken, key=lambda draft: len(draft.lines & lines), default=None)
    return best if best is not None and best.lines & lines else None


def _differences(old: str, new: str) -> tuple[str, ...]:
    """What a new cut has other than the corrected draft has, line by line, the first few."""
    old, new = WRITTEN_RE.sub("", old), WRITTEN_RE.sub("", new)
    changes = [
        line
        for line in difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in ("+++", "---") and line[1:].strip()
    ]
    return tuple(line[:100] for line in changes[:SHOWN_CHANGES])


def _write(folder: Path, text: str) -> Path:
    """Write a draft under the next free number; never over a file."""
    folder.mkdir(exist_ok=True)
    number = 1
    while True:
        path = folder / f"{number:02d}.md"
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            number += 1
            continue
        return path


def _accepted(folder: Path, sha256: str) -> list[tuple[str, frozenset[int]]]:
    """The articles of a page that were moved to the archive before, with the page's lines that each holds."""
    path = folder / ACCEPTED
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
    return [
        (row[2], provenance_lines({"lines": row[1].split(",")})) for row in rows if len(row) == 3 and row[0] == sha256
    ]


def note_accepted(folder: Path, clip: dict[str, object], path: Path) -> None:
    """Remember beside the drafts that one of them was moved to the archive."""
    ranges = clip.get("lines")
    lines = ",".join(map(str, ranges)) if isinstance(ranges, list) else ""
    with (folder / ACCEPTED).open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{clip.get('sha256', '')}\t{lines}\t{path}\n")
