"""Many things cut into chunks at places that their names alone tell: adding one changes one chunk and no other."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")
# A chunk ends after a thing whose name's checksum is a multiple of this: so many things on average.
USUAL = 128
# Four times as many in a row without an end are rare; this only keeps a chunk from growing without bound.
MOST = 512


def cut_chunks(things: Iterable[Thing], name: Callable[[Thing], str]) -> Iterator[list[Thing]]:
    """Cut things, in their order."""
    own: list[Thing] = []
    for thing in things:
        own.append(thing)
        if zlib.crc32(name(thing).encode()) % USUAL == 0 or len(own) == MOST:
            yield own
            own = []
    if own:
        yield own
