"""Pages made by other machines: each reads what the build has read, gathers the same pages, and makes a share of them.

Pages hold templates and functions, which can't be sent. What can is the job, and with the cache that all machines
share the way from there to the pages is short. A share is a process of its own, as Pelican's settings and signals are
one for each process, and the workers of a cluster go on to other tasks.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from gongbao.build.job import Job, run_pelican
from gongbao.build.rendering import Folders, Outcome, Report, merge, write_part
from gongbao.build.session import Session
from gongbao.pages import Page
from gongbao.workers import make_executor

PAGES_A_SHARE = 20_000  # to gather the pages of 100,000 articles takes as long as to make some thousands
FEWEST_SHARES = 2


@dataclass(frozen=True)
class Share:
    """One of `count` parts of a job's pages: every `count`-th of them from `number` on; paths begin at `folder`.

    `left` are the files that are in the new site already.
    """

    job: Job
    folder: Path
    number: int
    count: int
    left: Collection[str]


def write_shares(
    job: Job,
    new: Sequence[Page],
    same: Sequence[Page],
    folders: Folders,
    meanwhile: Callable[[], None],
    report: Report,
    executor: Callable[[str], Executor] = make_executor,
) -> Outcome:
    """Make pages as `rendering.write_pages` does, on the executor of the job's scheduler.

    All machines need this project and the folders of content, output and cache under the same paths.
    Raises RuntimeError with what a share said if it fails.
    """
    total = len(new) + len(same)
    count = max(FEWEST_SHARES, ceil(total / PAGES_A_SHARE))
    with executor(job.inputs.scheduler) as there:
        waiting = [
            there.submit(make_share, Share(job, Path.cwd(), number, count, folders.left)) for number in range(count)
        ]
        meanwhile()
        outcomes = []
        for future in waiting:
            outcomes.append(future.result())
            report(sum(len(outcome.files) for outcome in outcomes), total)
    return merge(outcomes)


def make_share(share: Share) -> Outcome:
    """Make a share in a process of its own. Raises RuntimeError with what it said if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "share"), Path(folder, "outcome")
        asked.write_bytes(pickle.dumps(share))
        command = [sys.executable, "-m", __name__, str(asked), str(answered)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=share.folder)
        if not answered.exists():
            raise RuntimeError(f"一部分页面没有做成：\n{done.stdout}{done.stderr}".rstrip())
        answer: Outcome | str = pickle.loads(answered.read_bytes())
    if isinstance(answer, str):
        raise RuntimeError(answer)
    return answer


class SharedSession(Session):
    """A build that makes a share of its pages and nothing else."""

    share: Share
    answer: Path

    def write(self) -> None:
        """Make the pages of the share and write down what became of them."""
        job = self.share.job
        folders = replace(self.folders(), new=job.new, left=self.share.left)
        new, same = folders.part(self.queue.pages.values())
        own = [*new, *same][self.share.number :: self.share.count]
        try:
            outcome: Outcome | str = write_part(own, folders)
        except RuntimeError as error:
            outcome = str(error)
        self.answer.write_bytes(pickle.dumps(outcome))


def main(asked: Path, answer: Path) -> None:
    """In the process of a share: read the cache, run Pelican up to its pages, make the share."""
    share: Share = pickle.loads(asked.read_bytes())
    job, scratch = share.job, asked.with_name("site")
    session = SharedSession.open(job.content, scratch, job.output, job.cache, job.inputs, job.record)
    session.share, session.answer = share, answer
    run_pelican(job, scratch)
    os._exit(0)  # what is left to tidy up goes with the folder


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
