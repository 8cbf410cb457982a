"""The YAML at a file's head, composed to nodes that keep their lines, and the reading of single values.

Any value that isn't allowed raises FieldError, which says what was found and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gongbao.faults import Fault, explain_fault, find_sight
from gongbao.problem import ContentError, Problem
from gongbao.vocabulary import nearest

FRONT_MATTER_RE = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
SEVERAL_RE = re.compile("[，、；,;]")
OPENING_RE = re.compile(r"---[ \t]*\n")
DEEPEST = 100  # lists within lists; an article has three
LONGEST_NUMBER = 15  # digits; as many as survive a float
# Of these the parser tells late, at the end of what follows.
UNCLOSED = ("end of stream", "',' or ']'", "',' or '}'")
Node = yaml.Node
# libyaml, ten times faster, where the wheel has it. What kind of value a text could be isn't asked: fields say that.
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


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
        raise ContentError([Problem(path, 1, _explain_missing(text), "missing-front-matter")])
    root = _compose(path, match["yaml"])
    matter = FrontMatter(path, {}, text[match.end() :], text.count("\n", 0, match.end()) + 1, match.start("yaml"))
    for key, value in root.value:
        name = _name_of(key)
        if name in matter.nodes:
            matter.report(key, f"字段 {name} 写了两次", "repeated-field")
        matter.nodes[name] = (key, value)
    return matter


def _name_of(key: yaml.Node) -> str:
    """A key as text; YAML has lists and mappings for keys too."""
    return str(key.value) if isinstance(key, yaml.ScalarNode) else "[……]"


def _explain_missing(text: str) -> str:
    if OPENING_RE.match(text):
        return "元数据开头有 ---，后面却没有单独一行的 --- 来结束它"
    first = text.lstrip().partition("\n")[0][:12]
    return f"文件开头是“{first}”，应以两行 --- 之间的元数据开头" + ("；--- 前面不能有空行" if first == "---" else "")


def _compose(path: Path, text: str) -> yaml.MappingNode:
    """The mapping that a text is. Raises ContentError with the place and the likeliest cause of its not being one."""
    try:
        _refuse_depth(path, text)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        raise _bad_yaml(path, _find_fault(text, error)) from None
    except yaml.reader.ReaderError as error:
        raise _bad_yaml(path, _find_character(text, error.character)) from None
    if not isinstance(root, yaml.MappingNode):
        sight = find_sight(text.split("\n"))
        if sight:
            raise _bad_yaml(path, sight)
        raise ContentError([Problem(path, 2, "元数据应是若干“字段: 值”的行", "bad-yaml")])
    return root


def _bad_yaml(path: Path, fault: Fault) -> ContentError:
    message = f"YAML 写法有误：{fault.message}"
    return ContentError([Problem(path, fault.line + 2, message, "bad-yaml", column=fault.column + 1)])


def _find_fault(text: str, error: yaml.MarkedYAMLError) -> Fault:
    """Where what isn't closed began, if that is the fault; else where the parser stopped."""
    reason = error.problem or ""
    mark = error.problem_mark
    if error.context_mark and (not mark or any(words in reason for words in UNCLOSED)):
        mark = error.context_mark
    return explain_fault(text, mark.line if mark else 0, mark.column if mark else 0, reason)


def _find_character(text: str, code: int) -> Fault:
    """Where a character stands that YAML can't have; the parser counts bytes."""
    before = text[: max(text.find(chr(code)), 0)]
    return Fault(before.count("\n"), len(before.rpartition("\n")[2]), f"有不能用的控制字符 U+{code:04X}")


def _refuse_depth(path: Path, text: str) -> None:
    """Raises ContentError for lists within lists beyond all use: the parser's recursion would end the process."""
    if sum(map(text.count, "[{-?")) <= DEEPEST:
        return
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            mark = event.start_mark
            raise _bad_yaml(path, Fault(mark.line if mark else 0, mark.column if mark else 0, "一层套一层，太深了"))


def report_unknown(matter: FrontMatter, allowed: Collection[str], meant: Mapping[str, str] | None = None) -> None:
    """Report the fields that aren't allowed, with the one that is `meant` by such a name, or else the nearest name."""
    for name, (key, _) in matter.nodes.items():
        if name not in allowed:
            near = (meant or {}).get(name) or nearest(name, allowed)
            hint = f"，是否想写 {near}" if near else ""
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
    values: dict[str, yaml.Node] = {}
    seen = set()
    for key, value in node.value:
        name = _name_of(key)
        if name not in allowed:
            hint = f"，是否想写 {near}" if (near := nearest(name, allowed)) else ""
            raise FieldError(key, f"没有“{name}”这一项{hint}；可用：{'、'.join(allowed)}", "unknown-field")
        if name in seen:
            raise FieldError(key, f"{name} 写了两次", "repeated-field")
        seen.add(name)
        if not is_empty(value):
            values[name] = value
    return values


def hint_of_list(text: str) -> str:
    """What to add to the refusal of a name that holds several, with Chinese marks between them."""
    return "；几项要写成 [甲, 乙]，中间用英文逗号" if SEVERAL_RE.search(text) else ""


def require(values: dict[str, yaml.Node], name: str, node: yaml.Node) -> yaml.Node:
    if name not in values:
        raise FieldError(node, f"缺少 {name}", "missing-value")
    return values[name]


def parse_number(node: yaml.Node) -> int | float:
    text = parse_text(node)
    if not re.fullmatch(r"\d+(?:\.\d+)?", text) or len(text) > LONGEST_NUMBER:
        raise FieldError(node, f"“{text[:LONGEST_NUMBER]}”不是数，应写如 20000 或 73.6", "bad-number")
    return float(text) if "." in text else int(text)


def parse_choice(allowed: tuple[str, ...]) -> Callable[[yaml.Node], str]:
    def parse(node: yaml.Node) -> str:
        text = parse_text(node)
        if text not in allowed:
            raise FieldError(node, f"“{text}”不可用，可用：{'、'.join(allowed)}", "bad-value")
        return text

    return parse
