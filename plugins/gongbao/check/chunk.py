"""Some files checked one by one, in whatever process: what was found in each, and what the whole needs of it."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongbao.archive import load_lists
from gongbao.article import Lists
from gongbao.cache import Cache, hash_parts
from gongbao.check.document import Document, kind_of, read_document
from gongbao.check.ignores import Ignore, read_ignores
from gongbao.check.registry import Finding
from gongbao.check.rules import DOCUMENT_CHECKS, RULES
from gongbao.check.whole import Facts, gather_facts
from gongbao.problem import Problem


@dataclass(frozen=True)
class Checked:
    """A file: its problems, those included that it sets aside, and what it says of itself."""

    problems: tuple[Problem, ...]
    facts: Facts
    ignores: tuple[Ignore, ...]


@dataclass(frozen=True)
class Chunk:
    """Files of a content folder, and the hash of all that checking them depends on."""

    content: Path
    files: tuple[Path, ...]
    environment: str
    key: str

    @property
    def name(self) -> str:
        """Its name in the cache."""
        return f"chunks/{self.key}"


def make_chunk(content: Path, files: Sequence[Path], environment: str) -> Chunk:
    """A chunk of files as they are now."""
    return Chunk(content, tuple(files), environment, _hash(environment, map(read_bytes, files), files))


def _hash(environment: str, contents: Iterable[bytes | Problem], files: Sequence[Path]) -> str:
    parts = (str(part) if isinstance(part, Problem) else part for part in contents)
    return hash_parts((environment, *map(str, files), *parts))


def read_bytes(path: Path) -> bytes | Problem:
    """A file's bytes, or why they can't be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        return Problem(path, 1, f"文件打不开：{error.strerror}", "unreadable-file")


def check_chunk(chunk: Chunk, folder: Path) -> bytes:
    """Check a chunk's files and return the result, pickled; it is kept if the files are still what they were."""
    cache = Cache(folder)
    lists = load_lists(chunk.content)
    contents = [read_bytes(path) for path in chunk.files]
    pairs = zip(chunk.files, contents, strict=True)
    checked = [check_file(path, data, chunk.content, lists) for path, data in pairs]
    data = pickle.dumps(checked, pickle.HIGHEST_PROTOCOL)
    if _hash(chunk.environment, contents, chunk.files) == chunk.key:
        cache.write(chunk.name, data)
    return data


def check_file(path: Path, data: bytes | Problem, content: Path, lists: Lists) -> Checked:
    """What all rules on single documents find in a file."""
    document = read_document(path, data, lists, kind_of(path, content))
    return Checked(tuple(find_problems(document)), gather_facts(document), read_ignores(document))


def find_problems(document: Document) -> list[Problem]:
    """The problems of a document, by place."""
    found = [
        to_problem(document, own, finding) for own, check in DOCUMENT_CHECKS.items() for finding in check(document)
    ]
    return sorted(found, key=lambda problem: problem.sort_key)


def to_problem(document: Document, own: str, finding: Finding) -> Problem:
    """A finding as people and programs see it."""
    line, column = document.place(finding.at)
    severity = finding.severity or RULES[own].severity
    return Problem(document.path, line, finding.message, own, severity, column, bool(finding.fixes))
