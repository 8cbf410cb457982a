"""One run of Pelican: what was read before it, what is made after it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from gongbao.archive import load_lists
from gongbao.article import Lists
from gongbao.assets import Assets
from gongbao.build.folders import remove_file
from gongbao.build.inputs import Inputs, gather_inputs
from gongbao.build.reading import Reading, load_sources, read_archive
from gongbao.build.record import RECORD, Record, files_of, load_groups, save_groups, scan
from gongbao.build.rendering import NOTHING_AHEAD, Ahead, Folders, Outcome, merge, write_ahead, write_pages
from gongbao.cache import Cache
from gongbao.inventory import Preview, is_draft_file
from gongbao.made import Made
from gongbao.packing import PackedFile
from gongbao.pages import PageQueue
from gongbao.problem import ContentError
from gongbao.progress import tell_nobody
from gongbao.workers import Lighter, make_executor, stream_beside, stream_here

# A phase, how much of it is done, and how much there is.
Report = Callable[[str, int, int], None]
SETTINGS = Path("pelicanconf.py")
FEWEST_AFTER = 100_000  # pages; so many wait until the index takes less memory
LOCK = "lock"  # held by whoever builds


@dataclass
class Session:
    """A build of `content` into `folder`, which isn't the output folder yet; that is `old`."""

    content: Path
    folder: Path
    old: Path
    cache: Cache
    inputs: Inputs
    lists: Lists
    reading: Reading
    record: Record | None
    queue: PageQueue
    timings: dict[str, float] = field(default_factory=dict)
    pages: int = 0
    made: int = 0
    report: Report = tell_nobody
    kept: set[str] = field(default_factory=set)  # names in the cache that this build used
    make_pages: Callable[..., Outcome] = write_pages
    preview: Preview | None = None
    assets: Assets | None = None
    failure: str = ""  # which page could not be made, and why
    left: frozenset[str] = frozenset()  # pages of the last build that are in the new folder already
    begun: dict[str, Iterator[object]] = field(default_factory=dict)  # the results of each task, to its end
    ahead: Ahead = NOTHING_AHEAD

    @classmethod
    def open(
        cls,
        content: Path,
        folder: Path,
        old: Path,
        cache: Cache,
        inputs: Inputs,
        record: Record | None,
        report: Report = tell_nobody,
        preview: Preview | None = None,
        prepare: Callable[[], None] = tell_nobody,
    ) -> Self:
        """Read the content. Raises ContentError with every problem if one of them is an error.

        Where drafts are previewed, theirs stand on their pages and stop nothing. `prepare` is called while many files
        are read.
        """
        started = time.monotonic()
        lists = load_lists(content)
        executor = partial(make_executor, inputs.scheduler)
        reading = read_archive(content, inputs.chunks, lists, cache, executor, partial(report, "读报道"), prepare)
        errors = [problem for problem in reading.problems if problem.severity == "error"]
        if preview is not None:
            errors = [problem for problem in errors if not is_draft_file(problem.path)]
        if errors:
            raise ContentError(errors)
        queue = PageQueue(load_groups(cache, inputs.site))
        session = cls(
            content, folder, old, cache, inputs, lists, reading, record, queue, report=report, preview=preview
        )
        session.kept |= {name for chunk in inputs.chunks for name in (chunk.name, chunk.sources_name)}
        session.timings["reading"] = time.monotonic() - started
        _OPEN[folder] = session
        return session

    def make_executor(self) -> Executor:
        """Where the parts of this build run."""
        return make_executor(self.inputs.scheduler)

    def load_sources(self) -> dict[str, PackedFile]:
        """The files of published articles, packed as a ZIP file has them, so far as they are kept."""
        return load_sources(self.inputs.chunks, self.cache)

    def begin(self, name: str, task: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        """Do something beside this process while pages are gathered and made; `write` waits for its end.

        A task of a name is begun once; who asks again is given the same results. What a client of a cluster has open
        doesn't survive a fork: there it is done when its results are asked for.
        """
        if name not in self.begun:
            self.begun[name] = stream_here(task) if self.inputs.scheduler else stream_beside(task)
        return self.begun[name]

    def make_ahead(self, files: Iterable[str]) -> None:
        """Begin to make those files of the queue that are new and were large, beside this process.

        The catalogue and the download of an archive take longer than all else that an edit asks for at its end.
        """
        if not self.inputs.scheduler:
            self.ahead = write_ahead([self.queue.pages[file] for file in files], self.folders())

    def drop(self) -> None:
        """Let go of what was begun, where a build has failed."""
        for results in self.begun.values():
            if isinstance(results, Generator):
                results.close()

    def folders(self) -> Folders:
        """Where pages go, and the files of the last build that may serve again."""
        return Folders(self.folder, self.old, files_of(self.record, self.inputs.site), self.left)

    def write(self) -> None:
        """Make the queue's pages that are new, link the others, await the tasks, and note all for the next build."""
        started = time.monotonic()
        pages, folders = list(self.queue.pages.values()), self.folders()
        new, same = folders.part(page for page in pages if page.file not in self.ahead.files)
        if len(pages) >= FEWEST_AFTER:
            self._await_lighter_tasks()
        if len(new) > len(same):
            self.queue.prepare_many()
        for name, made in folders.known.items():
            if made.digest and name not in self.queue.pages:
                remove_file(self.folder, name)
        files: dict[str, Made] = {}

        def meanwhile() -> None:
            self._await_tasks()
            self.kept.add(save_groups(self.cache, self.inputs.site, self.queue.groups))
            files.update(scan(self.folder, {page.file.partition("/")[0] for page in pages}))

        try:
            outcome = self.make_pages(new, same, folders, meanwhile, partial(self.report, "做页面"))
            outcome = merge((outcome, self.ahead.finish()))
        except RuntimeError as error:
            self.failure = str(error)
            raise
        self.made = outcome.made
        self.timings["pages"] = time.monotonic() - started
        self.cache.keep_only({*self.kept, RECORD, LOCK})
        files |= outcome.files
        record = Record(self.inputs.site, self.inputs.everything, len(self.reading.stories), files)
        record.save(self.cache)
        self.pages = record.pages

    def _await_lighter_tasks(self) -> None:
        """Until no task takes its most memory, as that of the index does while it encodes an archive."""
        for results in self.begun.values():
            for result in results:
                if isinstance(result, Lighter):
                    break

    def _await_tasks(self) -> None:
        started = time.monotonic()
        for number, results in enumerate(self.begun.values()):
            self.report("建索引", number, len(self.begun))
            deque(results, maxlen=0)
            self.report("建索引", number + 1, len(self.begun))
        self.timings["index"] = time.monotonic() - started


# Pelican makes generators and writers itself, from its settings alone; they find their session here.
_OPEN: dict[Path, Session] = {}


def current_session(folder: Path, content: Path | None = None) -> Session:
    """The session of an output folder; a new one of `content` where Pelican was run by itself."""
    if folder not in _OPEN:
        if content is None:
            raise RuntimeError(f"no build of {folder} has begun")
        cache = Cache(folder.with_name(f".{folder.name}-cache"))
        Session.open(content, folder, folder, cache, gather_inputs(content, SETTINGS), None)
    return _OPEN[folder]
