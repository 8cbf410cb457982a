"""How far long work has got, for people who watch: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


def is_quiet() -> bool:
    """Whether nobody watches: CI, or the output goes to a file."""
    return bool(os.environ.get("CI")) or not sys.stderr.isatty()


@contextlib.contextmanager
def show_progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar until the end of the block; what is given is called with how much has been done since."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=is_quiet()) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.advance(task, done)
