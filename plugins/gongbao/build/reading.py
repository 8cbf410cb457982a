"""The content folder as stories, read side by side and only where files changed.

Files are read in chunks, which are kept by the hash of all that they depend on. Where a chunk ends is told by the
names of files alone, so that a new file changes one chunk and leaves the others as they are.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from gongbao.archive import ARTICLES, check_folder, check_pictures, check_repeated, decode_text, load_lists, read_bytes
from gongbao.article import Lists, digest_of, parse_article
from gongbao.cache import Cache, hash_parts
from gongbao.chunks import cut_chunks
from gongbao.packing import PackedFile, pack_file
from gongbao.problem import ContentError, Problem
from gongbao.progress import tell_nobody
from gongbao.regions import Region
from gongbao.story import Story, make_story
from gongbao.vocabulary import Campaign, Paper
from gongbao.workers import map_ordered, release_memory

USUAL_BYTES = 1 << 16  # of a file, at most
MANY = 600  # files; to read fewer takes less time than to prepare for what comes after


@dataclass(frozen=True)
class Chunk:
    """Some files, as they were when the build began, and the hash of all that reading them depends on."""

    content: Path
    environment: str  # the hash of what all of them depend on
    names: tuple[str, ...]  # of the files; what thousands of paths are made of is slow to send
    key: str

    @property
    def name(self) -> str:
        """Its name in the cache."""
        return f"stories/{self._begin}{self.key}"

    @property
    def sources_name(self) -> str:
        """The name of its files, packed."""
        return f"sources/{self._begin}{self.key}"

    def find_earlier(self, cache: Cache) -> Iterator[Chunk]:
        """What the cache has of this chunk as it was: one that began with the same file and depended on the same."""
        begin = cache.folder / "stories" / self._begin
        for path in begin.parent.glob(f"{begin.name}*"):
            yield replace(self, key=path.name.removeprefix(begin.name))

    @property
    def _begin(self) -> str:
        return f"{hash_parts((self.environment, self.names[0]))}-"


@dataclass(frozen=True)
class ReadChunk:
    """The stories of a chunk, drafts left out, and the problems of its files."""

    key: str
    stories: tuple[Story, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reading:
    """All stories, newest first, and the problems found."""

    stories: tuple[Story, ...]
    problems: tuple[Problem, ...]


def split_chunks(content: Path, names: Sequence[str], environment: str) -> Iterator[Chunk]:
    """Cut the files of articles, in their order, into chunks; `environment` is the hash of what all depend on."""
    begin = len(str(content / ARTICLES)) - len(ARTICLES)
    for own in cut_chunks(names, lambda name: name[begin:].replace(os.sep, "/")):
        yield _make_chunk(content, own, environment)


def read_archive(
    content: Path,
    chunks: Sequence[Chunk],
    lists: Lists,
    cache: Cache,
    make_executor: Callable[[], Executor],
    report: Callable[[int, int], None] = tell_nobody,
    prepare: Callable[[], None] = tell_nobody,
) -> Reading:
    """Read a content folder's chunks, those only that the cache doesn't have; only these ask for an executor.

    `report` is told how many files of those to be read are done. `prepare` is called while many are read, by a thread.
    """
    kept = {chunk.key: _load(chunk, cache, lists) for chunk in chunks}
    missing = [chunk for chunk in chunks if kept[chunk.key] is None]
    finished, total = 0, sum(len(chunk.names) for chunk in missing)
    if len(missing) == 1:  # read before a process has begun
        kept[missing[0].key] = unpickle(read_chunk(missing[0], cache.folder), lists)
        report(total, total)
    elif missing:
        with make_executor() as executor, ThreadPoolExecutor(1) as thread:
            reading = map_ordered(executor, partial(read_chunk, folder=cache.folder), missing)
            preparing = thread.submit(prepare if total >= MANY else tell_nobody)
            for chunk, done in reading:
                kept[chunk.key] = unpickle(done, lists)
                finished += len(chunk.names)
                report(finished, total)
            preparing.result()
        release_memory()  # of what the processes sent
    read = [found for chunk in chunks if (found := kept[chunk.key]) is not None]
    problems = [problem for part in read for problem in part.problems]
    stories = [story for part in read for story in part.stories]
    problems += check_repeated(story.article for story in stories)
    # Files may come and go without the articles that name them.
    problems += [problem for story in stories for problem in check_pictures(story.article, content)]
    newest_first = sorted(stories, key=lambda story: story.article.sort_key, reverse=True)
    return Reading(tuple(newest_first), tuple(problems))


@dataclass(frozen=True)
class ReadFile:
    """A file without errors; of a published one the story, and the file as it is packed."""

    warnings: tuple[Problem, ...]
    story: Story | None = None
    packed: PackedFile | None = None

    def is_of(self, data: bytes, text: str) -> bool:
        """Whether it was made of these bytes, and of the text that they are."""
        if self.story is None or self.packed is None:
            return False
        # The size tells what the text doesn't: whether a mark of the byte order stood before it.
        return self.packed.size == len(data) and self.story.digest == digest_of(self.story.article.slug, text)


def read_chunk(chunk: Chunk, folder: Path) -> bytes:
    """Read a chunk's files, keep the result if none has an error, and return it, pickled.

    Of files that were in the chunk before nothing is made again. It isn't kept if a file was saved since it was hashed.
    """
    cache, lists = Cache(folder), _lists_of(chunk.content, chunk.environment)
    known = _load_files(chunk, cache, lists)
    read, problems, contents = list[ReadFile](), list[Problem](), list[tuple[str, bytes]]()
    for name in chunk.names:
        path = Path(name)
        try:
            contents.append((name, data := read_bytes(path)))
            own = _read_file(path, data, lists, known.get(name))
        except ContentError as error:
            problems += error.problems
            continue
        read.append(own)
        problems += own.warnings
    made = pickle_with(ReadChunk(chunk.key, tuple(own.story for own in read if own.story), tuple(problems)))
    if len(read) == len(chunk.names) and _hash_contents(chunk.environment, contents) == chunk.key:
        packed = {own.story.article.file: own.packed for own in read if own.story}
        cache.write(chunk.name, made)
        cache.write(chunk.sources_name, pickle.dumps(packed, pickle.HIGHEST_PROTOCOL))
    return made


def _read_file(path: Path, data: bytes, lists: Lists, known: ReadFile | None) -> ReadFile:
    """Read a file's bytes; `known` is what it was. Raises ContentError."""
    text = decode_text(path, data)
    if known and known.is_of(data, text):
        return known
    article, warnings = parse_article(path, text, lists)
    warnings += check_folder(article)
    if article.status != "published":
        return ReadFile(tuple(warnings))
    return ReadFile(tuple(warnings), make_story(article), pack_file(data))


def _load_files(chunk: Chunk, cache: Cache, lists: Lists) -> dict[str, ReadFile]:
    """The published files that the cache has of an earlier state of a chunk, by their names."""
    for earlier in chunk.find_earlier(cache):
        read, sources = _load(earlier, cache, lists), cache.read(earlier.sources_name)
        if read and sources:
            packed, warnings = pickle.loads(sources), defaultdict[str, list[Problem]](list)
            for problem in read.problems:
                warnings[str(problem.path)].append(problem)
            named = ((story.article.file, story) for story in read.stories)
            return {name: ReadFile(tuple(warnings[name]), story, packed[name]) for name, story in named}
    return {}


@lru_cache(maxsize=1)
def _lists_of(content: Path, environment: str) -> Lists:  # noqa: ARG001  told apart by it, in a process that stays
    return load_lists(content)


def load_sources(chunks: Iterable[Chunk], cache: Cache) -> dict[str, PackedFile]:
    """The files of published articles by their paths, packed, so far as the cache has them."""
    packed: dict[str, PackedFile] = {}
    for chunk in chunks:
        if data := cache.read(chunk.sources_name):
            packed |= pickle.loads(data)
    return packed


def look_up(kind: str, key: str) -> object:
    """Stands in what `pickle_with` wrote for the one who has the lists: Unpickler puts that in its place."""
    raise NotImplementedError(f"{kind} {key}")


# What lists hold goes by its name: that is small, and one object again when it is read.
NAMED: Mapping[type, Callable[[Any], tuple[Callable[..., object], tuple[str, str]]]] = {
    Region: lambda own: (look_up, ("region", own.code)),
    Campaign: lambda own: (look_up, ("campaign", own.id)),
    Paper: lambda own: (look_up, ("paper", own.id)),
}


class Unpickler(pickle.Unpickler):
    """Reads what `pickle_with` wrote."""

    def __init__(self, file: io.BytesIO, lists: Lists) -> None:
        super().__init__(file)
        own = lists.vocabulary
        self._tables: Mapping[str, Mapping[str, Any]] = {
            "region": lists.regions.regions,
            "campaign": {campaign.id: campaign for campaign in own.campaigns},
            "paper": {paper.id: paper for paper in own.papers},
        }

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the pickle means."""
        if (module, name) == (look_up.__module__, look_up.__name__):
            return self._look_up
        return super().find_class(module, name)

    def _look_up(self, kind: str, key: str) -> object:
        """The region, campaign or paper itself; KeyError if the lists have it no more."""
        return self._tables[kind][key]


def pickle_with(value: object) -> bytes:
    """A value as bytes, without what the lists hold."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = NAMED
    pickler.dump(value)
    return out.getvalue()


def unpickle(data: bytes, lists: Lists) -> Any:
    """What `pickle_with` wrote."""
    return Unpickler(io.BytesIO(data), lists).load()


def _make_chunk(content: Path, names: Sequence[str], environment: str) -> Chunk:
    key = _hash_contents(environment, ((name, _read_plainly(name)) for name in names))
    return Chunk(content, environment, tuple(names), key)


def _hash_contents(environment: str, contents: Iterable[tuple[str, bytes]]) -> str:
    """The key of a chunk of files by names and bytes. Each build asks for all; `hash_parts` takes 1.7 times as long."""
    whole = hashlib.blake2b(environment.encode(), digest_size=32)
    for name, data in contents:
        whole.update(f"\0{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
        whole.update(data)
    return whole.hexdigest()


def _read_plainly(name: str) -> bytes:
    """A file's bytes; half of the time that `open` takes, as each build reads all files."""
    handle = os.open(name, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        whole = b""
        while data := os.read(handle, USUAL_BYTES):
            whole += data
        return whole
    finally:
        os.close(handle)


def _load(chunk: Chunk, cache: Cache, lists: Lists) -> ReadChunk | None:
    data = cache.read(chunk.name)
    if data is None:
        return None
    try:
        found: ReadChunk = unpickle(data, lists)
    except (pickle.UnpicklingError, KeyError, AttributeError, EOFError):
        return None
    return found
