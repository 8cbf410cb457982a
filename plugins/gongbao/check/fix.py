"""Mending what has one right form: only the characters that a rule names change, and a file is replaced in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from gongbao.archive import decode_text
from gongbao.check.document import Document, read_text_only
from gongbao.check.ignores import read_ignores
from gongbao.check.registry import Fix
from gongbao.check.rules import DOCUMENT_CHECKS, RULES

ROUNDS = 5  # a mended mark may bring to light another beside it
MARK = b"\xef\xbb\xbf"


def fix_files(paths: Iterable[Path]) -> int:
    """Mend files; how many have changed."""
    return sum(fix_file(path) for path in sorted(paths))


def fix_file(path: Path) -> bool:
    """Mend a file; whether it has changed. Line ends, a mark at its beginning and its permissions stay."""
    data = path.read_bytes()
    before = decode_text(path, data)
    after = fix_text(path, before)
    if after == before:
        return False
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes((MARK if data.startswith(MARK) else b"") + after.encode())
        shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return True


def fix_text(path: Path, text: str) -> str:
    """A file's text with all fixes applied; mending it again changes nothing."""
    for _ in range(ROUNDS):
        mended = _apply(text, _find_fixes(path, text))
        if mended == text:
            break
        text = mended
    return text


def _find_fixes(path: Path, text: str) -> list[tuple[Document, Fix]]:
    document = read_text_only(path, text)
    ignored = {one.rule for one in read_ignores(document)}
    return [
        (document, fix)
        for own, check in DOCUMENT_CHECKS.items()
        if RULES[own].fixable and own not in ignored
        for finding in check(document)
        for fix in finding.fixes
    ]


def _apply(text: str, fixes: list[tuple[Document, Fix]]) -> str:
    """Apply fixes from the last to the first; of two that overlap the later waits for the next round."""
    starts = _line_starts(text)
    changed_from = len(text) + 1
    for document, fix in sorted(fixes, key=lambda pair: (pair[1].start, pair[1].end), reverse=True):
        (line, column), length = document.place(fix.start), fix.end - fix.start
        start = starts[line - 1] + column - 1
        if start + length <= changed_from:
            text = text[:start] + fix.text + text[start + length :]
            changed_from = start
    return text


def _line_starts(text: str) -> list[int]:
    """Where lines begin in the text as the file has it; documents have one character for each end of a line."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
