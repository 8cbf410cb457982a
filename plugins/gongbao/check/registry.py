"""The rules: functions that say what is wrong, and what documents, options and tests know of them.

A rule is added by writing one function. Its name without `check_` is the rule's id; its docstring says in one sentence
what it finds, then shows it: `Bad:` and `Good:`, each with an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gongbao.check.document import Document
from gongbao.check.whole import Whole
from gongbao.problem import Severity

PREFIX = "check_"
EXAMPLES_RE = re.compile(r"\nBad: +(?P<bad>.+?)\nGood: +(?P<good>.+?)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Fix:
    """What to write instead of the characters from `start` to `end` of a document's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Finding:
    """What a rule found at a place of a document's text; `fixes` mend it and others like it that it stands for.

    `severity` is given only where it isn't the rule's own.
    """

    at: int
    message: str
    fixes: tuple[Fix, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True)
class Remark:
    """What a rule found in the archive as a whole, in one of its files."""

    path: Path
    line: int
    column: int
    message: str
    severity: Severity | None = None


CheckContent = Callable[[Path], Iterator[Remark]]
CheckDocument = Callable[[Document], Iterator[Finding]]
CheckWhole = Callable[[Whole], Iterator[Remark]]


@dataclass(frozen=True)
class Rule:
    """A rule: `summary` is for editors, in Chinese; `meaning` and the examples are the docstring's."""

    id: str
    severity: Severity
    summary: str
    meaning: str
    bad: str
    good: str
    fixable: bool
    module: str


RULES: dict[str, Rule] = {}
CONTENT_CHECKS: dict[str, CheckContent] = {}
DOCUMENT_CHECKS: dict[str, CheckDocument] = {}
WHOLE_CHECKS: dict[str, CheckWhole] = {}

OnContent = TypeVar("OnContent", bound=CheckContent)
OnDocument = TypeVar("OnDocument", bound=CheckDocument)
OnWhole = TypeVar("OnWhole", bound=CheckWhole)


def content_rule(severity: Severity, summary: str) -> Callable[[OnContent], OnContent]:
    """Make a rule of a function that looks at a content folder; no article is read if it finds anything."""

    def register(function: OnContent) -> OnContent:
        CONTENT_CHECKS[_add(function, severity, summary)] = function
        return function

    return register


def rule(severity: Severity, summary: str, *, fixable: bool = False) -> Callable[[OnDocument], OnDocument]:
    """Make a rule of a function that looks at one document."""

    def register(function: OnDocument) -> OnDocument:
        DOCUMENT_CHECKS[_add(function, severity, summary, fixable=fixable)] = function
        return function

    return register


def whole_rule(severity: Severity, summary: str) -> Callable[[OnWhole], OnWhole]:
    """Make a rule of a function that looks at all documents together."""

    def register(function: OnWhole) -> OnWhole:
        WHOLE_CHECKS[_add(function, severity, summary)] = function
        return function

    return register


def _add(function: Callable[..., object], severity: Severity, summary: str, *, fixable: bool = False) -> str:
    name = function.__name__
    match = EXAMPLES_RE.search(doc := re.sub(r"\n +", "\n", function.__doc__ or ""))
    if not name.startswith(PREFIX) or match is None:
        raise TypeError(f"{name} is no rule: check_…, with Bad: and Good: in its docstring")
    own = name.removeprefix(PREFIX).replace("_", "-")
    if own in RULES:
        raise TypeError(f"two rules are called {own}")
    meaning = " ".join(doc[: match.start()].split())
    RULES[own] = Rule(own, severity, summary, meaning, match["bad"], match["good"], fixable, function.__module__)
    return own
