"""What a build is told to do, and Pelican's part in it."""

from __future__ import annotations

import logging
import runpy
import sys
from dataclasses import dataclass
from pathlib import Path

from gongbao.build.inputs import Inputs
from gongbao.build.record import Record
from gongbao.cache import Cache
from gongbao.inventory import Preview


class PelicanError(Exception):
    """Pelican ended with an error."""


@dataclass(frozen=True)
class Job:
    """What is built of what: `content` into `new`, which will be `output`, with what the last build left."""

    content: Path
    new: Path
    output: Path
    settings: Path
    cache: Cache
    inputs: Inputs
    record: Record | None
    profile: Path | None = None
    preview: Preview | None = None


class _Listener(logging.Handler):
    """Keeps the error that Pelican catches, logs and hides behind an exit code, if the system made it."""

    error: OSError | None = None

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.error = error if isinstance(error, OSError) else self.error


def run_pelican(job: Job, folder: Path) -> None:
    """Run Pelican with the job's settings in this process, into `folder`.

    Raises PelicanError if it failed, or the OSError that it failed of; what it logged says why.
    """
    listener = _Listener(logging.CRITICAL)
    logging.getLogger("pelican").addHandler(listener)
    arguments = ["--output", str(folder), "--settings", str(job.settings), "--fatal", "errors"]
    sys.argv = ["pelican", str(job.content), *arguments]
    try:
        runpy.run_module("pelican", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            raise listener.error or PelicanError from None
