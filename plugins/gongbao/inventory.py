"""The files of an archive one by one, as they are: drafts and files with errors too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gongbao.archive import check_folder, check_pictures, read_text
from gongbao.article import Article, Lists, Provenance, parse_article, parse_clip
from gongbao.cache import hash_files, hash_parts
from gongbao.frontmatter import FRONT_MATTER_RE, FrontMatter, parse_text, split_front_matter
from gongbao.problem import ContentError, Problem

DRAFT_RE = re.compile(r"^status:[ \t]*[\"']?draft\b", re.MULTILINE)
NO_DRAFTS = frozenset(("leftovers.md",))  # what `clip` writes beside its drafts
FindProblems = Callable[[Path, Path], list[Problem]]


@dataclass(frozen=True)
class Entry:
    """A file: an article, or what is wrong with it."""

    path: Path
    text: str = field(repr=False)
    article: Article | None
    problems: tuple[Problem, ...]

    @property
    def is_draft(self) -> bool:
        """Whether it says that it isn't to be published, whatever else is wrong with it."""
        return self.article.status == "draft" if self.article else says_draft(self.text)

    @property
    def title(self) -> str:
        """The title, also of a file with errors; empty if there is none to be read."""
        if self.article:
            return self.article.title
        title: str = matter.read("title", parse_text, "") if (matter := self._matter()) else ""
        return title

    @property
    def body(self) -> str:
        """The Markdown, also of a file with errors; all of it if it has no front matter."""
        if self.article:
            return self.article.body
        return matter.body if (matter := self._matter()) else self.text

    @property
    def clip(self) -> Provenance | None:
        """What `clip` noted, also of a file with errors."""
        if self.article:
            return self.article.clip
        clip: Provenance | None = matter.read("clip", parse_clip, None) if (matter := self._matter()) else None
        return clip

    def _matter(self) -> FrontMatter | None:
        try:
            return split_front_matter(self.path, self.text.replace("\r\n", "\n"))
        except ContentError:
            return None


@dataclass(frozen=True)
class Preview:
    """What `serve` wants beside the site: drafts as pages below `folder`, never in the site itself.

    `drafts` is where `clip` puts its drafts. `find_problems` takes a file and the content folder.
    """

    folder: Path
    drafts: Path
    find_problems: FindProblems | None = None

    @property
    def state(self) -> str:
        """The hash of the drafts there are."""
        files = draft_files(self.drafts)
        reviews = sorted(self.drafts.rglob("review.html")) if self.drafts.is_dir() else []
        return hash_parts((str(self.folder), hash_files(self.drafts, [*files, *reviews])))


def read_entry(path: Path, lists: Lists, content: Path) -> Entry:
    """Read a file, whatever it holds; its pictures are looked for in a content folder."""
    text = ""
    try:
        text = read_text(path)
        article, warnings = parse_article(path, text, lists)
    except ContentError as error:
        return Entry(path, text, None, error.problems)
    return Entry(path, text, article, (*warnings, *check_folder(article), *check_pictures(article, content)))


def read_entries(paths: Iterable[Path], lists: Lists, content: Path) -> Iterator[Entry]:
    """Read files in their order."""
    return (read_entry(path, lists, content) for path in paths)


def says_draft(text: str) -> bool:
    """Whether a file's front matter calls it a draft, even if nothing else of it can be read."""
    match = FRONT_MATTER_RE.match(text.replace("\r\n", "\n"))
    return bool(match and DRAFT_RE.search(match["yaml"]))


def is_draft_file(path: Path) -> bool:
    """The same of a file; false if it can't be read."""
    try:
        return says_draft(read_text(path))
    except (ContentError, OSError):
        return False


def draft_files(folder: Path) -> list[Path]:
    """The drafts that `clip` wrote into a folder and those below it, in an order that is always the same."""
    found = sorted(folder.rglob("*.md")) if folder.is_dir() else []
    return [path for path in found if path.name not in NO_DRAFTS and path.is_file()]
