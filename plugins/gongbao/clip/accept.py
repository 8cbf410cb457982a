"""A reviewed draft becomes an article of the archive."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from gongbao.archive import ARTICLES, load_lists, read_text
from gongbao.article import SLUG_RE, parse_article
from gongbao.clip.problem import ClipError
from gongbao.clip.store import DOUBTFUL, WRITTEN_RE, note_accepted, read_provenance
from gongbao.dates import PartialDate
from gongbao.draft import free_slug
from gongbao.problem import ContentError

NUMBER_RE = re.compile(r"\d+")
STATUS_RE = re.compile(r"^status: draft\n", re.MULTILINE)


def accept_draft(draft: Path, content: Path) -> Path:
    """Move a draft to articles/YYYY/SLUG.md of a content folder and give the new path.

    The file's name is the slug if an editor has chosen it; a number, as `clip` names drafts, is replaced by the date
    and the next free number, as `inv new` does. Raises ContentError with every problem that `inv check` would
    report as an error, ClipError if there is no such draft or the article's place is taken. Provenance stays.
    """
    if not draft.is_file():
        raise ClipError(f"{draft}：没有这份草稿")
    text = STATUS_RE.sub("", WRITTEN_RE.sub("", read_text(draft)), count=1)
    # Until the slug is known the name may be a bare number; whatever else is wrong is wrong with any name.
    name = draft.with_name("draft.md") if NUMBER_RE.fullmatch(draft.stem) else draft
    try:
        article, _ = parse_article(name, text, load_lists(content))
    except ContentError as error:
        raise ContentError(replace(problem, path=draft) for problem in error.problems) from None
    folder = content / ARTICLES / str(article.year)
    path = folder / f"{_slug(draft, folder, article.date)}.md"
    _move(draft, path, text)
    home = draft.parent.parent if draft.parent.name == DOUBTFUL else draft.parent
    note_accepted(home, read_provenance(text), path)
    return path


def _slug(draft: Path, folder: Path, date: PartialDate) -> str:
    if NUMBER_RE.fullmatch(draft.stem) or not SLUG_RE.fullmatch(draft.stem):
        return free_slug(folder, date)
    return draft.stem


def _move(draft: Path, path: Path, text: str) -> None:
    """Write the article, then remove the draft; never over a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ClipError(f"{path} 已经有了，请把草稿改成另一个文件名再收") from None
    draft.unlink()
