"""The YAML at a file's head, composed to nodes that keep their lines, and the reading of single values.

Any value that isn't allowed raises FieldError, which says what was found and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gongbao.problem import ContentError, Problem
from gongbao.vocabulary import nearest

FRONT_MATTER_RE = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
Node = yaml.Node
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, ten times faster, where the wheel has it


class FieldError(ValueError):
    """A field's value is not allowed; the message says what was found and what is allowed."""

    def __init__(self, node: yaml.Node | None, message: str, rule: str, *, warning: bool = False) -> None:
        super().__init__(message)
        self.node, self.rule, self.warning = node, rule, warning


@dataclass
class FrontMatter:
    """The YAML mapping at a file's head, with the place of each value."""

    path: Path
    nodes: dict[str, tuple[yaml.Node, yaml.Node]]
    body: str
    body_line: int
    yaml_start: int = 0  # where the marks' index 0 stands in the file's text
    problems: list[Problem] = field(default_factory=list)

    def report(self, node: yaml.Node | None, message: str, rule: str, *, warning: bool = False) -> None:
        """Note a problem where a node stands; without a node at the front matter's first line."""
        line, column = (node.start_mark.line + 2, node.start_mark.column + 1) if node is not None else (1, 1)
        self.problems.append(Problem(self.path, line, message, rule, "warning" if warning else "error", column))

    def read(self, name: str, parse: Callable[[yaml.Node], Any], default: Any) -> Any:
        """The parsed value of a field; `default`, with the problem noted, if it is missing or not allowed."""
        if name not in self.nodes or is_empty(self.nodes[name][1]):
            return default
        try:
            return parse(self.nodes[name][1])
        except FieldError as error:
            self.report(error.node or self.nodes[name][1], str(error), error.rule, warning=error.warning)
            return default


def split_front_matter(path: Path, text: str) -> FrontMatter:
    """Part a file into its front matter and its body.

    Raises ContentError if there is no front matter, it isn't YAML, or it isn't a mapping.
    """
    match = FRONT_MATTER_RE.match(text)
    if match is None:
        message = f"文件开头是“{text[:12].strip()}”，应以两行 --- 之间的元数据开头"
        raise ContentError([Problem(path, 1, message, "missing-front-matter")])
    try:
        root = yaml.compose(match["yaml"], Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        message = f"YAML 写法有误：{error.problem}"
        raise ContentError([Problem(path, line, message, "bad-yaml", column=column)]) from None
    except yaml.YAMLError as error:
        raise ContentError([Problem(path, 1, f"YAML 写法有误：{error}", "bad-yaml")]) from None
    if not isinstance(root, yaml.MappingNode):
        raise ContentError([Problem(path, 2, "元数据应是若干“字段: 值”的行", "bad-yaml")])
    matter = FrontMatter(path, {}, text[match.end() :], text.count("\n", 0, match.end()) + 1, match.start("yaml"))
    for key, value in root.value:
        if key.value in matter.nodes:
            matter.report(key, f"字段 {key.value} 写了两次", "repeated-field")
        matter.nodes[str(key.value)] = (key, value)
    return matter


def report_unknown(matter: FrontMatter, allowed: Collection[str]) -> None:
    """Report the fields that aren't allowed, with the nearest name that is."""
    for name, (key, _) in matter.nodes.items():
        if name not in allowed:
            hint = f"，是否想写 {near}" if (near := nearest(name, allowed)) else ""
            matter.report(key, f"没有“{name}”这个字段{hint}；可用：{'、'.join(allowed)}", "unknown-field")


def parse_text(node: yaml.Node) -> str:
    """A scalar as text, white space folded. Raises FieldError for a list or mapping."""
    if not isinstance(node, yaml.ScalarNode):
        raise FieldError(node, "这里应是一行文字", "bad-value")
    return " ".join(str(node.value).split())


def is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")


def list_items(node: yaml.Node) -> list[yaml.Node]:
    """A list's items; a single value counts as a list of one."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def parse_mapping(node: yaml.Node, allowed: tuple[str, ...]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise FieldError(node, f"这里应是“字段: 值”，可用：{'、'.join(allowed)}", "bad-value")
    values = {}
    for key, value in node.value:
        if key.value not in allowed:
            raise FieldError(key, f"没有“{key.value}”这一项，可用：{'、'.join(allowed)}", "unknown-field")
        if not is_empty(value):
            values[str(key.value)] = value
    return values


def require(values: dict[str, yaml.Node], name: str, node: yaml.Node) -> yaml.Node:
    if name not in values:
        raise FieldError(node, f"缺少 {name}", "missing-value")
    return values[name]


def parse_number(node: yaml.Node) -> int | float:
    text = parse_text(node)
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        raise FieldError(node, f"“{text}”不是数，应写如 20000 或 73.6", "bad-number")
    return float(text) if "." in text else int(text)


def parse_choice(allowed: tuple[str, ...]) -> Callable[[yaml.Node], str]:
    def parse(node: yaml.Node) -> str:
        text = parse_text(node)
        if text not in allowed:
            raise FieldError(node, f"“{text}”不可用，可用：{'、'.join(allowed)}", "bad-value")
        return text

    return parse
