"""Run as a script when a build has ended: lays out the folder that the next site is made in, and empties the trash.

    spare.py SITE SPARE TRASH

Imports nothing of this project, so that it begins at once wherever it is run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys


def link_tree(source: str, target: str) -> None:
    """A folder with all files of another, as hard links."""
    os.mkdir(target)
    with os.scandir(source) as entries:
        for entry in entries:
            path = os.path.join(target, entry.name)
            if entry.is_dir(follow_symlinks=False):
                link_tree(entry.path, path)
            else:
                os.link(entry.path, path)


def main(site: str, spare: str, trash: str) -> None:
    """The folder stands under its name once all of it is there. Where there are no such links there will be none."""
    beside = f"{spare}-{os.getpid()}"
    with contextlib.suppress(OSError):
        if not os.path.exists(spare):
            link_tree(site, beside)
            os.rename(beside, spare)  # not if the next build was sooner
    shutil.rmtree(beside, ignore_errors=True)
    with contextlib.suppress(OSError):
        for name in os.listdir(trash):
            shutil.rmtree(os.path.join(trash, name), ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
