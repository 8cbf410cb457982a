"""What an editor has looked at and lets stand: `check: {ignore: [{rule: …, reason: …}]}` in the front matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongbao.check.document import Document
from gongbao.check.registry import RULES, Finding, Rule, rule
from gongbao.frontmatter import FieldError, Node, is_empty, list_items, parse_mapping, parse_text
from gongbao.vocabulary import nearest

CHECK_FIELDS = ("ignore",)
IGNORE_FIELDS = ("rule", "reason")


@dataclass(frozen=True)
class Ignore:
    """A rule that a file's editor has set aside there, and where the front matter says so."""

    rule: str
    line: int
    column: int


@rule("error", "check.ignore 写法不对，或没有写理由")
def check_bad_ignore(document: Document) -> Iterator[Finding]:
    """An `ignore` without a reason, of a rule that doesn't exist, or of an error, which stops a build all the same.

    Bad:  check: {ignore: [{rule: long-title}]}
    Good: check: {ignore: [{rule: long-title, reason: 原题如此}]}
    """
    for entry in _read(document):
        if isinstance(entry, FieldError):
            yield Finding(document.start_of(entry.node), str(entry))


@rule("warning", "check.ignore 里的规则并没有触发")
def check_unused_ignore(_: Document) -> Iterator[Finding]:
    """An `ignore` of what isn't found any more; told once all other rules have run.

    Bad:  check: {ignore: [{rule: long-title, reason: 原题如此}]}，而标题只有十个字
    Good: 不写 ignore
    """
    yield from ()


def read_ignores(document: Document) -> tuple[Ignore, ...]:
    """The rules that a document sets aside, with a reason each."""
    return tuple(entry for entry in _read(document) if isinstance(entry, Ignore))


def _read(document: Document) -> Iterator[Ignore | FieldError]:
    node = document.node("check")
    if node is None or is_empty(node):
        return
    try:
        values = parse_mapping(node, CHECK_FIELDS)
        entries = list_items(values["ignore"]) if "ignore" in values else []
    except FieldError as error:
        yield error
        return
    for entry in entries:
        try:
            yield _read_entry(document, entry)
        except FieldError as error:
            yield error


def _read_entry(document: Document, node: Node) -> Ignore:
    values = parse_mapping(node, IGNORE_FIELDS)
    for name in IGNORE_FIELDS:
        if name not in values:
            raise FieldError(node, f"缺少 {name}：要写明忽略哪条规则，为什么", "bad-ignore")
    own = _find_rule(values["rule"])
    return Ignore(own.id, *document.place(document.start_of(node)))


def _find_rule(node: Node) -> Rule:
    name = parse_text(node)
    if name not in RULES:
        hint = f"，是否想写 {near}" if (near := nearest(name, RULES)) else ""
        raise FieldError(node, f"没有“{name}”这条规则{hint}", "bad-ignore")
    if RULES[name].severity == "error":
        raise FieldError(node, f"{name} 是错误，不能忽略：网站不会生成", "bad-ignore")
    return RULES[name]
