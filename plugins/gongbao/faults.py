"""Why front matter is no YAML, said to editors who have never heard of YAML; the parser's own words are English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongbao.text import HAN


@dataclass(frozen=True)
class Fault:
    """A line and column of the front matter, from 0, and what is wrong there."""

    line: int
    column: int
    message: str


# What a line may show whatever the parser stumbled over, often lines later: where, and what to say.
SIGHTS = (
    (re.compile(rf"[ \t]*(?:- )?[a-z{HAN}]{{1,12}}(?P<at>：)"), "冒号是中文的“：”，应写英文的“:”，后面空一格"),
    (re.compile(r" *(?P<at>\t)"), "行首用了制表符，应改用空格"),
    (re.compile(r"[ \t]*(?:- )?[a-z]{1,12}(?P<at>:)[^\s:/]"), "冒号后面要空一格"),
)
ENDED = "以英文引号或方括号开头的值到这里已经结束，后面不能再有字，请用英文单引号括住整个值；如果不是，请看这一行的缩进"
# Words of the parser, for either of its implementations, and what they mean.
REASONS = (
    ("mapping values are not allowed", "值里有英文冒号，请给整个值加上英文引号，或者改用中文冒号“：”"),
    ("cannot start any token", "值不能以“{char}”开头，请给整个值加上英文引号"),
    ("alphabetic or numeric", "值不能以“*”或“&”开头，请给整个值加上英文引号"),
    ("end of stream", "英文引号少了一半"),
    ("',' or ']'", "方括号少了一半；几项之间要用英文逗号"),
    ("',' or '}'", "花括号少了一半；几项之间要用英文逗号"),
    ("expected key", ENDED),
    ("block end", ENDED),
    ("undefined alias", "值不能以“*”开头，请给整个值加上英文引号"),
    ("escape", "英文双引号里的“\\”有特别的意思，请改用单引号"),
)


def explain_fault(text: str, line: int, column: int, reason: str) -> Fault:
    """The likeliest cause of what the parser says of a place, and where it stands; its own words if none is known.

    Lines after the place are not looked at, as they may be right.
    """
    lines = text.split("\n")
    if seen := find_sight(lines[: line + 1]):
        return seen
    char = lines[line][column : column + 1] if line < len(lines) else ""
    known = (meaning for words, meaning in REASONS if words in reason)
    return Fault(line, column, next(known, reason).format(char=char))


def find_sight(lines: list[str]) -> Fault | None:
    """The first of SIGHTS in the lines."""
    for number, one in enumerate(lines):
        for sight, message in SIGHTS:
            if match := sight.match(one):
                return Fault(number, match.start("at"), message)
    return None
