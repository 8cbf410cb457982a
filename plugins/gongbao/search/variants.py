"""Traditional characters and the simplified ones that they are read as."""

from __future__ import annotations

from functools import cache

from gongbao.folding import simplify_character

# Where the dictionary's characters are; the table is made character by character, so that positions are kept.
FIRST, LAST = 0x3400, 0x9FFF


@cache
def simplified_of() -> dict[str, str]:
    """Every traditional character with its simplified one; characters that are both stay."""
    pairs = ((character, simplify_character(character)) for character in map(chr, range(FIRST, LAST + 1)))
    return {one: other for one, other in pairs if one != other}


@cache
def _table() -> dict[int, str]:
    return {ord(one): other for one, other in simplified_of().items()}


def simplify(text: str) -> str:
    """A text with each traditional character replaced; as long as before."""
    return text.translate(_table())
