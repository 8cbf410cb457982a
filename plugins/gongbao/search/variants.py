"""Traditional characters and the simplified ones that they are read as."""

from __future__ import annotations

from functools import cache

from gongbao.folding import traditional_forms


@cache
def _table() -> dict[int, str]:
    return {ord(one): other for one, other in traditional_forms().items()}


def simplify(text: str) -> str:
    """A text with each traditional character replaced; as long as before."""
    return text.translate(_table())
