"""A content folder as a whole: its articles, its lists, and every problem found on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gongbao.article import Article, Lists, check_picture_name, parse_article
from gongbao.origin import PROJECT
from gongbao.problem import ContentError, Problem
from gongbao.regions import load_regions
from gongbao.vocabulary import load_vocabulary

ARTICLES = "articles"
PAGES = "pages"
VOCABULARIES = "vocabularies"
IMAGES = "images"
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")  # of JPEG, PNG, WebP
LEFT_BEHIND_RE = re.compile(r"^[.~]|~$|^(?:Thumbs\.db|desktop\.ini)$")
# The lists of the project's own archive serve every content folder that brings none.
OWN_VOCABULARIES = PROJECT / "content" / VOCABULARIES


@dataclass(frozen=True)
class Archive:
    """Published articles from the newest to the oldest; `problems` are those of unreadable files and the warnings."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]


def load_lists(content: Path) -> Lists:
    """The vocabularies of a content folder, or the project's own where it has none, and the divisions.

    Raises ContentError if a vocabulary can't be read.
    """
    return Lists(load_vocabulary(vocabulary_folder(content)), load_regions())


def vocabulary_folder(content: Path) -> Path:
    """Where a content folder's lists are: its own, or the project's."""
    folder = content / VOCABULARIES
    return folder if folder.is_dir() else OWN_VOCABULARIES


def article_names(content: Path) -> list[str]:
    """The paths of every Markdown file of an archive's articles, in an order that is the same on every machine.

    As strings: each build asks for them, and ten thousand Path objects take longer than to read the folders.
    """
    return _find_markdown(content / ARTICLES)


def article_files(content: Path) -> list[Path]:
    """The same files as paths."""
    return list(map(Path, article_names(content)))


def page_files(content: Path) -> list[Path]:
    """Every Markdown file of an archive's pages, in the same order."""
    return list(map(Path, _find_markdown(content / PAGES)))


def _find_markdown(folder: Path) -> list[str]:
    names, waiting = list[str](), [str(folder)] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".md"):  # a folder of such a name too: who reads it says what is wrong
                    names.append(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return sorted(names, key=lambda name: name.split(os.sep))


def stray_files(content: Path) -> list[Path]:
    """Files where articles and pages are looked for that are none, and Markdown files where nobody looks for it.

    Hidden files, those that systems and editors leave behind, and a README are left out.
    """
    found = []
    for folder, inner, names in os.walk(content):
        at = Path(folder)
        inner[:] = sorted(name for name in inner if not (at == content and name in (IMAGES, VOCABULARIES)))
        is_read = any(at.is_relative_to(content / own) for own in (ARTICLES, PAGES))
        found += [at / name for name in sorted(names) if _is_stray(name, is_read=is_read)]
    return found


def _is_stray(name: str, *, is_read: bool) -> bool:
    if LEFT_BEHIND_RE.search(name) or name.upper().startswith("README"):
        return False
    return not name.endswith(".md") if is_read else ".md" in name.lower()


def read_text(path: Path) -> str:
    """A file's text. Raises ContentError if it can't be read, or naming the first byte that isn't UTF-8."""
    return decode_text(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises ContentError if it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError([Problem(path, 1, f"文件打不开：{error.strerror}", "unreadable-file")]) from None


def decode_text(path: Path, data: bytes) -> str:
    """The text of a file's bytes. Raises ContentError as `read_text` does."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1
        looks = f"，像是 {guess}" if (guess := _guess_encoding(data)) else ""
        message = f"不是 UTF-8 文字（第 {error.start + 1} 字节是 0x{data[error.start]:02x}{looks}），请另存为 UTF-8"
        raise ContentError([Problem(path, line, message, "not-utf-8", column=column)]) from None


def _guess_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GB18030"


def load_archive(content: Path) -> Archive:
    """Read all articles of a content folder. Files that can't be read are in `problems`, not in `articles`."""
    try:
        lists = load_lists(content)
    except ContentError as error:
        return Archive((), error.problems)
    articles: list[Article] = []
    problems: list[Problem] = []
    for path in article_files(content):
        try:
            article, warnings = parse_article(path, read_text(path), lists)
        except ContentError as error:
            problems += error.problems
            continue
        problems += warnings
        problems += [*check_folder(article), *check_pictures(article, content)]
        if article.status == "published":
            articles.append(article)
    problems += check_repeated(articles)
    newest_first = sorted(articles, key=lambda article: article.sort_key, reverse=True)
    return Archive(tuple(newest_first), tuple(problems))


def check_repeated(articles: Iterable[Article]) -> Iterator[Problem]:
    """Articles whose address belongs to another one before them."""
    owners: dict[str, str] = {}
    for article in articles:
        owner = owners.setdefault(article.address, article.file)
        if owner != article.file:
            message = f"地址 {article.address} 已属于 {owner}，请改文件名"
            yield Problem(article.path, 1, message, "repeated-address")


def check_folder(article: Article) -> Iterator[Problem]:
    """An article that doesn't stand in the folder of its year, just below `articles`; a draft elsewhere may."""
    above = article.path.parent.parts
    if ARTICLES not in above:
        return
    inner = "/".join(above[len(above) - above[::-1].index(ARTICLES) :])
    if inner != str(article.year):
        message = f"文章是 {article.year} 年的，却放在 {inner or ARTICLES} 文件夹，应放 {ARTICLES}/{article.year}/"
        yield Problem(article.path, 1, message, "wrong-folder", "warning")


def check_pictures(article: Article, content: Path) -> Iterator[Problem]:
    """Pictures of an article that can't be shown; one that is broken further on only a build finds."""
    for picture in article.pictures:
        if problem := check_picture(content / IMAGES, picture.file):
            yield Problem(article.path, picture.line, *problem)


def check_picture(images: Path, file: str) -> tuple[str, str] | None:
    """What is wrong with a file of content/images/, and the rule: not named as one, not there, something else."""
    path = images / file
    if message := check_picture_name(file):
        return message, "bad-picture"
    if not path.is_file() or not path.resolve().is_relative_to(images.resolve()):
        return f"没有图片文件 {path}", "missing-picture"
    with path.open("rb") as opened:
        start = opened.read(max(map(len, PICTURE_STARTS)))
    return None if start.startswith(PICTURE_STARTS) else (f"{path} 的内容不是 JPEG、PNG 或 WebP 图片", "bad-picture")


def line_of(path: Path, words: str) -> int:
    """The first line of a file that has the words; 1 if none has."""
    lines = read_text(path).splitlines()
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)
