"""How far long work has got, for people who watch: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def tell_nobody(*_: object) -> None:
    """How far it has got interests nobody."""


def is_quiet() -> bool:
    """Whether nobody watches: CI, or the output goes to a file."""
    return bool(os.environ.get("CI")) or not sys.stderr.isatty()


class Phases:
    """The phases of long work, one after another or side by side.

    A bar each on a terminal; elsewhere a line for each that has ended, with how much it did and how long it took.
    """

    def __init__(self) -> None:
        self._quiet = is_quiet()
        self._progress = _make_progress(quiet=self._quiet)
        self._tasks: dict[str, tuple[TaskID, float]] = {}

    def __enter__(self) -> Phases:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, label: str, done: int, total: int) -> None:
        """How far a phase has got, in the same unit each time; it ends when all is done."""
        task, started = self._tasks.get(label) or self._begin(label, total)
        self._progress.update(task, completed=done, total=total)
        if self._quiet and done >= total:
            print(f"{label} {total:,}，{time.monotonic() - started:.1f} 秒", file=sys.stderr, flush=True)

    def _begin(self, label: str, total: int) -> tuple[TaskID, float]:
        self._tasks[label] = (self._progress.add_task(label, total=total), time.monotonic())
        return self._tasks[label]


def _make_progress(*, quiet: bool) -> Progress:
    # A build shows nothing until it knows that there is something to do.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=quiet)


@contextlib.contextmanager
def show_progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar until the end of the block; what is given is called with how much has been done since."""
    with _make_progress(quiet=is_quiet()) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.advance(task, done)
