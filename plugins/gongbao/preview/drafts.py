"""The drafts that there are, in the archive and where `clip` put its own, each with an address of its own."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from gongbao.addresses import DRAFTS
from gongbao.archive import ARTICLES, article_files
from gongbao.flags import FLAG_NAMES
from gongbao.inventory import Entry, draft_files, is_draft_file
from gongbao.problem import Problem
from gongbao.text import shorten

CLIPPED = "clip"
DOUBTFUL = "doubtful"
REVIEW = "review.html"
BEGINNING = 24
SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示"}


@dataclass(frozen=True)
class Draft:
    """A file to be previewed. `folder` is what it stands with; `review` its page dump's review, if there is one."""

    path: Path
    name: str  # its path from the folder that the command was given in
    address: str
    folder: str
    review: str = ""
    is_clipped: bool = False


@dataclass(frozen=True)
class Card:
    """What a list of drafts shows of one."""

    draft: Draft
    title: str
    beginning: str
    date: str
    problems: tuple[Problem, ...]
    flags: tuple[str, ...] = ()
    confidence: str = ""
    counts: tuple[tuple[str, int], ...] = field(default=())  # (错误, 2), (警告, 1)
    images: tuple[str, ...] = ()  # files below content/images/


def find_drafts(content: Path, published: Collection[Path], folder: Path) -> list[Draft]:
    """The archive's drafts, then those that were clipped into `folder`; `published` are known to be none."""
    found = [path for path in article_files(content) if path not in published and is_draft_file(path)]
    own = [_make_draft(path, content, ARTICLES) for path in found]
    return own + [_make_clipped(path, folder) for path in draft_files(folder)]


def _make_draft(path: Path, content: Path, group: str) -> Draft:
    inner = path.relative_to(content / ARTICLES).with_suffix("").as_posix()
    return Draft(path, _shown(path), f"{DRAFTS}{group}/{quote(inner)}/", _shown(content / ARTICLES))


def _make_clipped(path: Path, folder: Path) -> Draft:
    inner = path.relative_to(folder)
    home = path.parent.parent if path.parent.name == DOUBTFUL else path.parent
    review = ""
    if (home / REVIEW).is_file():
        review = f"{DRAFTS}{CLIPPED}/{quote((home / REVIEW).relative_to(folder).as_posix())}"
    address = f"{DRAFTS}{CLIPPED}/{quote(inner.with_suffix('').as_posix())}/"
    return Draft(path, _shown(path), address, _shown(path.parent), review, is_clipped=True)


def _shown(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


def review_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The review pages of clipped pages, each by the name of its file below the preview's folder."""
    if folder.is_dir():
        for path in sorted(folder.rglob(REVIEW)):
            yield f"{DRAFTS.strip('/')}/{CLIPPED}/{path.relative_to(folder).as_posix()}", path


def make_card(draft: Draft, entry: Entry, problems: tuple[Problem, ...]) -> Card:
    """The card of a draft that was read."""
    ordered = tuple(sorted(problems, key=lambda one: (list(SEVERITIES).index(one.severity), one.line, one.rule)))
    counts = [(word, sum(one.severity == name for one in ordered)) for name, word in SEVERITIES.items()]
    clip = entry.clip
    return Card(
        draft=draft,
        title=entry.title,
        beginning=shorten("".join(entry.body.split()), BEGINNING),
        date=entry.article.date.chinese if entry.article else "",
        problems=ordered,
        flags=tuple(FLAG_NAMES.get(flag, flag) for flag in clip.flags) if clip else (),
        confidence=f"{clip.confidence:.2f}" if clip and clip.confidence is not None else "",
        counts=tuple((word, count) for word, count in counts if count),
    )
