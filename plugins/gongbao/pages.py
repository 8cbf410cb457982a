"""The files of a site as what they are made of: which of them have to be made again is told before any is made."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from pathlib import PurePath
from types import FunctionType, MethodType
from typing import Any

from gongbao.progress import tell_nobody

Make = Callable[[], "str | bytes"]
LONG = 100  # a list of so many is itself one that several pages show
PLAIN = frozenset({str, int, float, bool, type(None), bytes})


@dataclass(frozen=True)
class Page:
    """A file below the output folder, with what makes it and the digest of all that it shows of its own.

    What every page of the site shows, such as its name, stands in no digest.
    """

    file: str
    make: Make = field(repr=False)
    digest: str


@dataclass(frozen=True)
class Gathered:
    """What a group of pages came to: the digest of its inputs, the digest of each file, and what was told of them."""

    inputs: str
    files: Mapping[str, str]
    told: Any


class PageQueue:
    """The pages of a site, gathered while nothing is made yet.

    `prepare_many` is called before most of them are made: what it works out all processes have that make them.
    `last` are the groups of the last build, `groups` those of this one, by their names.
    """

    def __init__(self, last: Mapping[str, Gathered] | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.groups: dict[str, Gathered] = {}
        self.prepare_many: Callable[[], None] = tell_nobody
        self._last = last or {}
        self._digests = Digests()

    def add(self, file: str, make: Make, inputs: object) -> None:
        """A page, whose file is made of `inputs` and of nothing else. Raises ValueError if another one has the file."""
        self._add(Page(file, make, self._digests.of(inputs)))

    def add_file(self, file: str, function: Callable[..., str | bytes], *arguments: Any) -> None:
        """A file that a function makes of its arguments alone."""
        self.add(file, partial(function, *arguments), (function, arguments))

    def add_group(self, name: str, inputs: object, gather: Callable[[], Any]) -> Any:
        """The pages that a function adds; they, and what it tells of them, hang on `inputs` and on nothing else.

        Where the last build had a group of this name with the same inputs the function isn't called, but by whoever
        has to make one of the pages again. Returns what it tells, which is kept for the next build.
        """
        digest, last = self._digests.of(inputs), self._last.get(name)
        if last is None or last.inputs != digest:
            pages, told = self._gather(gather)
            last = Gathered(digest, {page.file: page.digest for page in pages.values()}, told)
        else:
            again = cache(partial(self._gather, gather))
            pages = {file: Page(file, partial(_make, again, file), own) for file, own in last.files.items()}
        for page in pages.values():
            self._add(page)
        self.groups[name] = last
        return last.told

    def _add(self, page: Page) -> None:
        if page.file in self.pages:
            raise ValueError(f"两个页面都要写 {page.file}")
        self.pages[page.file] = page

    def _gather(self, gather: Callable[[], Any]) -> tuple[dict[str, Page], Any]:
        """What a function adds, apart from the other pages, and what it returns."""
        others, self.pages = self.pages, {}
        try:
            told = gather()
            return self.pages, told
        finally:
            self.pages = others


def _make(gather: Callable[[], tuple[dict[str, Page], Any]], file: str) -> str | bytes:
    """A page of a group that wasn't gathered."""
    pages, _ = gather()
    return pages[file].make()


class Digests:
    """Digests of records: equal if, and only if, all that they hold is equal.

    A record that has a `digest` of its own, as a story has, is taken by that; others field by field, each once.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}  # holds the record too, that its id stays its own

    def of(self, value: object) -> str:
        """The digest of a value. Raises TypeError for what has no value of its own, such as an open file."""
        try:
            return _digest(value).hex()  # most are texts and numbers throughout
        except ValueError:  # there are records in it
            return _digest(self._plain(value)).hex()

    def _plain(self, value: Any) -> object:
        """A value with the digests of records in place of these: what is left, `marshal` can write."""
        kind = type(value)
        if kind in PLAIN:
            return value
        is_list = kind is tuple or kind is list
        is_plain = is_list and PLAIN.issuperset(map(type, value))
        if is_list and len(value) < LONG:
            return value if is_plain else list(map(self._plain, value))
        if isinstance(own := getattr(value, "digest", None), str) and own:
            return (kind.__qualname__, own)
        known = self._known.get(id(value))  # most are records that stand on many pages
        if known is not None:
            return known[1]
        if isinstance(value, Mapping):
            return {self._plain(key): self._plain(own) for key, own in value.items()}
        content = value if is_plain else list(map(self._plain, value)) if is_list else self._content(value)
        digest = _digest((kind.__qualname__, content))
        self._known[id(value)] = (value, digest)
        return digest

    def _content(self, value: Any) -> object:
        if is_dataclass(value):
            return [self._plain(getattr(value, name)) for name in _names(value.__class__)]
        if isinstance(value, frozenset | set):
            return sorted(_digest(self._plain(part)) for part in value)
        if isinstance(value, partial):
            return self._plain((value.func, value.args, value.keywords))
        if isinstance(value, FunctionType | MethodType | type):
            return f"{value.__module__}.{value.__qualname__}"
        if isinstance(value, Enum | PurePath):
            return str(value)
        raise TypeError(f"{type(value).__qualname__} has no digest")


def _digest(plain: Any) -> bytes:
    """BLAKE2b of 16 bytes; ValueError for what `marshal` can't write.

    For short texts it takes a fifth of SHA-256's time, as OpenSSL looks that up each time. Version 2 of `marshal`
    writes equal values as equal bytes; later ones write an object that comes again as a number.
    """
    return hashlib.blake2b(marshal.dumps(plain, 2), digest_size=16).digest()


@cache
def _names(record: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(record))
