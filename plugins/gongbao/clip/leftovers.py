"""The list of what stands in no article: nothing of a page is dropped without a trace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongbao.clip.drafts import escape_markdown, unescape_markdown
from gongbao.clip.page import Piece
from gongbao.clip.records import Cut

KINDS = {
    "stray": "没有归入任何一篇的行",
    "toc": "目录、导读",
    "banner": "通栏题、栏目名、报头报尾",
    "markup": "Markdown 记号的残留",
}
ITEM_RE = re.compile(r"- 第 (\d+) 行(?:（[^）]*）)?：(.*)")


def render_leftovers(cut: Cut) -> str:
    """leftovers.md of a page: every piece that is in no article, with its line, and what repeats repeat."""
    parts = [f"# 剩余：{escape_markdown(cut.dump.path.name)}\n"]
    for kind, label in KINDS.items():
        items = [item for leftover in cut.leftovers if leftover.kind == kind for item in _pieces(leftover.pieces)]
        if items:
            parts.append(f"## {label}\n\n" + "".join(items))
    repeats = "".join(_repeats(cut))
    if repeats:
        parts.append(f"## 重复的段落（已从文章里拿掉，只留第一遍）\n\n{repeats}")
    if len(parts) == 1:
        parts.append("没有：版面上的每一个字都在文章里。\n")
    return "\n".join(parts)


def _pieces(pieces: tuple[Piece, ...]) -> Iterator[str]:
    for piece in pieces:
        yield f"- 第 {piece.line} 行：{escape_markdown(piece.text)}\n"


def _repeats(cut: Cut) -> Iterator[str]:
    for repeat in cut.repeats:
        of = "、".join(map(str, repeat.of))
        why = f"（重复第 {of} 行，相似 {repeat.likeness:.0f}%）"
        for piece in repeat.unit.pieces:
            yield f"- 第 {piece.line} 行{why}：{escape_markdown(piece.text)}\n"


def read_leftovers(text: str) -> list[tuple[int, str]]:
    """The line number and the text of every piece in a list of leftovers."""
    matches = (ITEM_RE.fullmatch(line) for line in text.split("\n"))
    return [(int(match[1]), unescape_markdown(match[2])) for match in matches if match]


def describe_lines(ranges: list[tuple[int, int]]) -> str:
    """第 9—13、7 行."""
    return f"第 {'、'.join(f'{first}—{last}' if last > first else str(first) for first, last in ranges)} 行"
