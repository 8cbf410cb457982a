"""Problems for people, as lines; for programs, as JSON or SARIF."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from gongbao import __version__
from gongbao.check.rules import RULES, Rule
from gongbao.problem import Problem, Severity

WORDS: dict[Severity, str] = {"error": "个错误", "warning": "个警告", "notice": "条提示"}
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "notice": "note"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report_problems(problems: Iterable[Problem], *, as_json: bool) -> str:
    """One problem a line, or a JSON array of objects."""
    if as_json:
        return json.dumps([problem.to_json() for problem in problems], ensure_ascii=False, indent=1) + "\n"
    return "".join(f"{problem}\n" for problem in problems)


def summarise(problems: Sequence[Problem]) -> str:
    """How many there are of each severity, and how many `--fix` can mend."""
    if not problems:
        return "没有发现问题。"
    counts = Counter(problem.severity for problem in problems)
    parts = [f"{counts[severity]} {word}" for severity, word in WORDS.items() if counts[severity]]
    fixable = sum(problem.fixable for problem in problems)
    return "，".join(parts) + (f"；其中 {fixable} 处可用 --fix 改正。" if fixable else "。")


def report_sarif(problems: Sequence[Problem], root: Path) -> str:
    """A SARIF 2.1.0 log, which hosts of code show beside the lines of a change; paths are relative to `root`."""
    used = list(dict.fromkeys(problem.rule for problem in problems))
    driver = {
        "name": "gongbao",
        "version": __version__,
        "rules": [_sarif_rule(RULES[own]) for own in used],
    }
    results = [_sarif_result(problem, used.index(problem.rule), root) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _sarif_rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": f"✗ {rule.bad}\n✓ {rule.good}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _sarif_result(problem: Problem, index: int, root: Path) -> dict[str, object]:
    path = problem.path.absolute()
    uri = quote(path.relative_to(root).as_posix()) if path.is_relative_to(root) else path.as_uri()
    region = {"startLine": problem.line, "startColumn": problem.column}
    return {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": LEVELS[problem.severity],
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }
