"""The command `check`: which content folder a file belongs to, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from gongbao.archive import ARTICLES, PAGES, VOCABULARIES
from gongbao.check.fix import fix_files
from gongbao.check.rules import RULES, Rule
from gongbao.check.run import check_alone, check_content
from gongbao.problem import Problem
from gongbao.progress import Phases

FOLDERS = (ARTICLES, PAGES, VOCABULARIES)
SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示"}


class UsageError(Exception):
    """The command was called in a way that it doesn't understand."""


def check_files(paths: Sequence[Path], content: Path, *, fix: bool = False) -> list[Problem]:
    """The problems of files and folders, or of the whole content if none are named; fixed ones are told no more.

    A file below a content folder is checked with all of that folder, as another article may have its address.
    Any other, such as a draft, is checked alone by the lists of `content`. Raises UsageError for a path that is gone,
    and for a file that no rule looks at.
    """
    if gone := [str(path) for path in paths if not path.exists()]:
        raise UsageError(f"没有这个文件或文件夹：{'、'.join(gone)}")
    if others := [str(path) for path in paths if path.is_file() and path.suffix != ".md" and not find_content(path)]:
        raise UsageError(f"只能检查 .md 文件：{'、'.join(others)}")
    problems = _find(paths, content)
    if fix and fix_files({problem.path for problem in problems if problem.fixable}):
        problems = _find(paths, content)
    return problems


def _find(paths: Sequence[Path], content: Path) -> list[Problem]:
    if not paths:
        return _check(content)
    roots = {path: find_content(path) for path in paths}
    problems: list[Problem] = []
    for root in dict.fromkeys(root for root in roots.values() if root):
        wanted = [path.resolve() for path, own in roots.items() if own == root]
        problems += _those_of(wanted, _check(root))
    for path in (path for path, root in roots.items() if not root):
        files = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        problems += [problem for file in files if file.suffix == ".md" for problem in check_alone(file, content)]
    return problems


def _check(content: Path) -> list[Problem]:
    with Phases() as phases:
        return check_content(content, report=phases.show)


def _those_of(wanted: Sequence[Path], problems: Iterable[Problem]) -> list[Problem]:
    resolved = {problem.path: problem.path.resolve() for problem in problems}
    return [one for one in problems if any(resolved[one.path].is_relative_to(path) for path in wanted)]


def find_content(path: Path) -> Path | None:
    """The content folder that a file or folder belongs to, written as the path is; None for one outside any."""
    for folder in (path, *path.parents):
        inside = path.relative_to(folder).parts
        if (inside and inside[0] in FOLDERS) or (not inside and any((path / name).is_dir() for name in FOLDERS)):
            return folder
    return None


def list_rules() -> str:
    """Every rule with what it finds and an example of each side."""
    parts = []
    for rule in RULES.values():
        kind = SEVERITIES[rule.severity] + ("，可用 --fix 改正" if rule.fixable else "")
        parts.append(f"{rule.id}（{kind}）\n  {rule.summary}\n  ✗ {rule.bad}\n  ✓ {rule.good}")
    return "\n\n".join(parts)


def table_of_rules(*, chinese: bool) -> str:
    """The rules as the documents have them, a Markdown table."""
    head = "| 规则 | 程度 | 查出什么 |" if chinese else "| rule | severity | found |"
    return "\n".join([head, "|---|---|---|", *(_row(rule, chinese=chinese) for rule in RULES.values())])


def _row(rule: Rule, *, chinese: bool) -> str:
    if not chinese:
        return f"| `{rule.id}` | {rule.severity} | {rule.meaning} |"
    fixed = "；`--fix` 能改" if rule.fixable else ""
    return f"| `{rule.id}` | {SEVERITIES[rule.severity]} | {rule.summary}{fixed} |"
