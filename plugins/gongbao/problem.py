"""What is wrong with an input, said so that an editor can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

CONTROL_RE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class Problem:
    """One finding in one place; printed as ``path:line:column: message (rule-id)``.

    `line` and `column`, in characters, count from 1. `message` says what was found and what is allowed, in Chinese:
    editors read it. `fixable` tells that `check --fix` knows the one way to mend it.
    """

    path: Path
    line: int
    message: str
    rule: str
    severity: Severity = "error"
    column: int = 1
    fixable: bool = False

    def __str__(self) -> str:
        """One line whatever the content holds: its control characters don't reach the terminal."""
        return CONTROL_RE.sub(" ", f"{self.path}:{self.line}:{self.column}: {self.message} ({self.rule})")

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Orders by place: the same on every machine."""
        return (self.path.as_posix(), self.line, self.column, self.rule, self.message)

    def to_json(self) -> dict[str, object]:
        """The same as a JSON object; the path as a string."""
        return asdict(self) | {"path": str(self.path)}


class ContentError(ValueError):
    """Content that can't be published; `problems` holds every finding, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems stops a build."""
    return any(problem.severity == "error" for problem in problems)
