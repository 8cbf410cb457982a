"""The files of a site as what they are made of: which of them have to be made again is told before any is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from pathlib import PurePath
from types import FunctionType, MethodType
from typing import Any

Make = Callable[[], "str | bytes"]
PLAIN = frozenset({str, int, float, bool, type(None), bytes})


@dataclass(frozen=True)
class Page:
    """A file below the output folder, with what makes it and the digest of all that it shows of its own.

    What every page of the site shows, such as its name, stands in no digest.
    """

    file: str
    make: Make = field(repr=False)
    digest: str


class PageQueue:
    """The pages of a site, gathered while nothing is made yet."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self._digests = Digests()

    def add(self, file: str, make: Make, inputs: object) -> None:
        """A page, whose file is made of `inputs` and of nothing else. Raises ValueError if another one has the file."""
        if file in self.pages:
            raise ValueError(f"两个页面都要写 {file}")
        self.pages[file] = Page(file, make, self._digests.of(inputs))

    def add_file(self, file: str, function: Callable[..., str | bytes], *arguments: Any) -> None:
        """A file that a function makes of its arguments alone."""
        self.add(file, partial(function, *arguments), (function, arguments))


class Digests:
    """Digests of records: equal if, and only if, all that they hold is equal.

    A record that has a `digest` of its own, as a story has, is taken by that; others field by field, each once.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}  # holds the record too, that its id stays its own

    def of(self, value: object) -> str:
        """The digest of a value. Raises TypeError for what has no value of its own, such as an open file."""
        return _hash(self._encode(value)).hex()

    def _encode(self, value: object) -> bytes:
        known = self._known.get(id(value))  # most are records that stand on many pages
        if known is not None:
            return known[1]
        kind = type(value)
        if kind is str:
            data = value.encode("utf-8", "surrogatepass")  # type: ignore[attr-defined]
            return b"%d:%b" % (len(data), data)
        if kind is tuple or kind is list:
            return b"[%b]" % b"".join(map(self._encode, value))  # type: ignore[call-overload]
        if kind in PLAIN:
            return f"<{kind.__name__}{value}>".encode()
        if isinstance(value, Mapping):
            return b"{%b}" % b"".join(self._encode(part) for item in value.items() for part in item)
        digest = _hash(b"".join(self._parts(value)))
        self._known[id(value)] = (value, digest)
        return digest

    def _parts(self, value: object) -> Iterable[bytes]:
        yield type(value).__qualname__.encode()
        if isinstance(own := getattr(value, "digest", None), str) and own:
            yield own.encode()
        elif is_dataclass(value):
            yield from (self._encode(getattr(value, name)) for name in _names(value.__class__))
        elif isinstance(value, frozenset | set):
            yield from sorted(map(self._encode, value))
        elif isinstance(value, partial):
            yield self._encode((value.func, value.args, value.keywords))
        elif isinstance(value, FunctionType | MethodType | type):
            yield f"{value.__module__}.{value.__qualname__}".encode()
        elif isinstance(value, Enum | PurePath):
            yield str(value).encode()
        else:
            raise TypeError(f"{type(value).__qualname__} has no digest")


def _hash(data: bytes) -> bytes:
    """BLAKE2b of 16 bytes: for short texts a fifth of SHA-256's time, as OpenSSL looks that up each time."""
    return hashlib.blake2b(data, digest_size=16).digest()


@cache
def _names(record: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(record))
