"""Marks that come in pairs: which belong together, and which of a paragraph lack their other half."""

from __future__ import annotations

import re

BRACKET_OF = {
    "”": "“",
    "’": "‘",
    "》": "《",
    "〉": "〈",
    "）": "（",
    "】": "【",
    "」": "「",
    "』": "『",
    "〕": "〔",
    "〗": "〖",
    ")": "(",
    "]": "[",
}
OPENING, CLOSING = "“‘《〈（【「『〔〖", "”’》〉）】」』〕〗"
# Brackets of either width close each other: that they differ is another rule's matter.
WIDTHS = {"(": "（", ")": "）"}
QUOTES = frozenset("“‘「『")
PAIRED_RE = re.compile(f"[{re.escape(''.join(BRACKET_OF) + ''.join(BRACKET_OF.values()))}]")
# 1) and 一） count an item off, at the beginning of a sentence.
ITEM_RE = re.compile(r"(?:^|[\s。；：，、])(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)）]")


def unbalanced_marks(text: str, following: str = "") -> list[tuple[int, str]]:
    """The offsets of marks without their other half.

    A quotation of several paragraphs opens each with a mark and closes the last: what is open at the end of a paragraph
    is right if `following`, the next one, opens again.
    """
    items = {match.end() - 1 for match in ITEM_RE.finditer(text)}
    open_marks: list[tuple[int, str]] = []
    lone: list[tuple[int, str]] = []
    for match in PAIRED_RE.finditer(text):
        at, mark = match.start(), WIDTHS.get(match[0], match[0])
        if mark not in BRACKET_OF:
            open_marks.append((at, mark))
        elif open_marks and open_marks[-1][1] == BRACKET_OF[mark]:
            open_marks.pop()
        elif not (at in items or _is_apostrophe(text, at)):
            _close_across(open_marks, lone, (at, mark))
    if open_marks and open_marks[-1][1] in QUOTES and following.lstrip()[:1] == open_marks[-1][1]:
        open_marks.pop()
    return sorted((at, text[at]) for at, _ in lone + open_marks)


def _close_across(open_marks: list[tuple[int, str]], lone: list[tuple[int, str]], mark: tuple[int, str]) -> None:
    """A mark that closes one further out leaves those between alone; one that closes none is alone itself."""
    wanted = BRACKET_OF[mark[1]]
    inner = next((back for back, (_, own) in enumerate(reversed(open_marks)) if own == wanted), None)
    if inner is None:
        lone.append(mark)
        return
    lone.extend(open_marks[len(open_marks) - inner :])
    del open_marks[len(open_marks) - inner - 1 :]


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at - 1 : at].isascii() and text[at - 1 : at].isalnum()
