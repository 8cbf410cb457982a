"""Every problem of a content folder, for people and for tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from gongbao.archive import load_archive
from gongbao.problem import Problem


def check_content(content: Path) -> list[Problem]:
    """The problems of all articles and vocabularies, by file and line."""
    if not content.is_dir():
        return [Problem(content, 1, "没有这个内容文件夹", "missing-content")]
    return sorted(load_archive(content).problems)


def report_problems(problems: Iterable[Problem], *, as_json: bool) -> str:
    """One problem a line, or a JSON array of objects."""
    if as_json:
        return json.dumps([problem.to_json() for problem in problems], ensure_ascii=False, indent=1) + "\n"
    return "".join(f"{problem}\n" for problem in problems)
