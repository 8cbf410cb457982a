"""Renditions kept between builds, by the picture's own bytes, and made when they are asked for and not there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from gongbao.cache import Cache, hash_parts
from gongbao.pictures.renditions import RECIPE, Rendition, Renditions, make_renditions

FOLDER = "pictures"


@dataclass(frozen=True)
class Kept:
    """A rendition that lies in the cache: its size, and the beginning of its bytes' checksum."""

    width: int
    height: int
    checksum: str

    @property
    def name(self) -> str:
        return f"{FOLDER}/{self.checksum}"


@dataclass(frozen=True)
class Sizes:
    """A picture's renditions: as WebP, from the smallest, and the one in its own form."""

    webp: tuple[Kept, ...]
    plain: Kept


def look_up(cache: Cache, path: Path) -> tuple[Sizes, set[str]]:
    """What there is of a picture, made if it isn't there, and the names under which the cache keeps that.

    A file that has the size and time that it had isn't read again. Raises PictureError.
    """
    stat = path.stat()
    seen = f"{FOLDER}/{hash_parts((RECIPE, str(path), str(stat.st_size), str(stat.st_mtime_ns)))}.seen"
    index = (cache.read(seen) or b"").decode()
    sizes = _read_index(cache, index) if index else None
    if sizes is None:
        data = path.read_bytes()
        index = f"{FOLDER}/{hash_parts((RECIPE, path.suffix.lower(), data))}.json"
        sizes = _read_index(cache, index) or _make(cache, index, data, path.suffix)
        cache.write(seen, index.encode())
    return sizes, {seen, index, *(one.name for one in (*sizes.webp, sizes.plain))}


def read_rendition(cache: Cache, kept: Kept, path: Path) -> bytes:
    """A rendition's bytes; made again if the cache's file was damaged."""
    data = cache.read(kept.name)
    if data is None:
        made = make_renditions(path.read_bytes(), path.suffix)
        data = next(one.data for one in (*made.webp, made.plain) if _describe(one) == kept)
        cache.write(kept.name, data)
    return data


def _make(cache: Cache, index: str, data: bytes, suffix: str) -> Sizes:
    made: Renditions = make_renditions(data, suffix)
    every = (*made.webp, made.plain)
    for one in every:
        cache.write(_describe(one).name, one.data)
    kept = [_describe(one) for one in every]
    cache.write(index, json.dumps([(one.width, one.height, one.checksum) for one in kept]).encode())
    return Sizes(tuple(kept[:-1]), kept[-1])


def _describe(one: Rendition) -> Kept:
    return Kept(one.width, one.height, hash_parts((one.data,))[:16])


def _read_index(cache: Cache, index: str) -> Sizes | None:
    data = cache.read(index)
    kept = [Kept(*row) for row in json.loads(data)] if data else []
    return Sizes(tuple(kept[:-1]), kept[-1]) if kept else None
