"""The closed lists that people keep in content/vocabularies/*.toml: campaigns, papers, synonyms."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from gongbao.problem import ContentError, Problem

ID_RE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Campaign:
    """A recurring activity of the unions (工会活动); `months` is when it usually runs.

    `cues` are words of its reports that are no names of it; `clip` alone looks at them. A `seasonal` one has no meaning
    outside its months; `check` tells of articles that are.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    description: str = ""
    seasonal: bool = False


@dataclass(frozen=True)
class Paper:
    """A newspaper whose stories the archive holds."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    publisher: str = ""
    place: str = ""
    description: str = ""


Entry = TypeVar("Entry", bound=Campaign | Paper)


@dataclass(frozen=True)
class Vocabulary:
    """The lists of one archive; look entries up by id, name or alias."""

    campaigns: tuple[Campaign, ...]
    papers: tuple[Paper, ...]
    synonyms: tuple[tuple[str, ...], ...] = ()

    def find_campaign(self, text: str) -> Campaign | None:
        """The campaign with this id, name or alias, or None."""
        return self._campaign_names.get(_fold(text))

    def find_paper(self, text: str) -> Paper | None:
        """The paper with this id, name or alias, or None."""
        return self._paper_names.get(_fold(text))

    @cached_property
    def _campaign_names(self) -> dict[str, Campaign]:
        return _index(self.campaigns)

    @cached_property
    def _paper_names(self) -> dict[str, Paper]:
        return _index(self.papers)


def nearest(text: str, allowed: Iterable[str]) -> str | None:
    """The allowed spelling most like `text`, to offer in a message; None if none is like it."""
    return next(iter(difflib.get_close_matches(text, list(allowed), n=1, cutoff=0.5)), None)


def load_vocabulary(folder: Path) -> Vocabulary:
    """Read campaigns.toml, papers.toml and synonyms.toml of a folder; a missing file is an empty list.

    Raises ContentError naming file and entry for broken TOML, a bad id, an unknown key or a name used twice.
    """
    return Vocabulary(
        _read_entries(folder / "campaigns.toml", Campaign),
        _read_entries(folder / "papers.toml", Paper),
        _read_synonyms(folder / "synonyms.toml"),
    )


def _fold(text: str) -> str:
    """Spellings that mean the same entry: width, case, spaces and punctuation don't count."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _index(entries: Iterable[Entry]) -> dict[str, Entry]:
    index: dict[str, Entry] = {}
    for one in entries:
        for name in (one.id, one.name, *one.aliases):
            index[_fold(name)] = one
    return index


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ContentError([Problem(path, 1, f"不是 UTF-8 文件（第 {error.start} 字节）", "bad-vocabulary")]) from None
    except tomllib.TOMLDecodeError as error:
        line = int(match[1]) if (match := re.search(r"line (\d+)", str(error))) else 1
        raise ContentError([Problem(path, line, f"TOML 写法有误：{error}", "bad-vocabulary")]) from None


def _read_entries(path: Path, kind: type[Entry]) -> tuple[Entry, ...]:
    tables = _read_toml(path)
    problems: list[Problem] = []
    entries: list[Entry] = []
    for key, table in tables.items():
        line = _line_of(path, key)
        try:
            entries.append(_entry(kind, key, table))
        except ValueError as error:
            problems.append(Problem(path, line, f"[{key}] {error}", "bad-vocabulary"))
    seen: dict[str, str] = {}
    for one in entries:
        for name in (one.name, *one.aliases):
            if seen.setdefault(_fold(name), one.id) != one.id:
                message = f"[{one.id}] 的名称“{name}”已属于 [{seen[_fold(name)]}]，一个名称只能属于一条"
                problems.append(Problem(path, _line_of(path, one.id), message, "bad-vocabulary"))
    if problems:
        raise ContentError(problems)
    return tuple(entries)


def _entry(kind: type[Entry], key: str, table: object) -> Entry:
    if not ID_RE.fullmatch(key):
        raise ValueError("标识只能用小写字母、数字和连字符")
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise ValueError("缺少 name")
    allowed = {field.name for field in fields(kind)} - {"id"}
    if unknown := sorted(set(table) - allowed):
        raise ValueError(f"没有“{unknown[0]}”这一项，可用：{'、'.join(sorted(allowed))}")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return kind(id=key, **values)


def _line_of(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.strip() == f"[{key}]"), 1)


def _read_synonyms(path: Path) -> tuple[tuple[str, ...], ...]:
    groups = _read_toml(path).get("groups", [])
    if not all(isinstance(group, list) and all(isinstance(word, str) for word in group) for group in groups):
        raise ContentError([Problem(path, 1, "groups 应是若干组词，每组一个列表", "bad-vocabulary")])
    return tuple(tuple(group) for group in groups)
