"""The folders that a site goes through: made beside the output, swapped with it, and kept for the next to be made in.

The folder that the output leaves differs from it by what the last build made, so the next one finds nearly all pages
there already: to make folders for 20,000 anew takes seconds, and to remove them takes longer.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongbao.made import Made

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # renameat2(2)
# In the cache; the dot says that they are no part of it.
SCRIPT = Path(__file__).with_name("spare.py")
SPARE, TRASH = ".spare", ".trash"
MANY_PAGES = 2000  # a folder for each takes longer to make or to remove than an editor likes to wait


@dataclass(frozen=True)
class Stage:
    """The output and the folders beside it: `new` while a build goes on, `spare` between builds, `trash`.

    `old` is there for a moment, where a system can't exchange two names in one step.
    """

    output: Path
    new: Path
    old: Path
    spare: Path
    trash: Path

    @classmethod
    def of(cls, output: Path, cache: Path) -> Stage:
        """The folders of an output; all on one file system, so that renaming is one step."""
        new, old = (output.with_name(f".{output.name}-{suffix}") for suffix in ("new", "old"))
        return cls(output, new, old, cache / SPARE, cache / TRASH)

    def recover(self) -> None:
        """Undo a swap that was killed between its renames; what a killed build was making is spare now."""
        if self.old.exists() and not self.output.exists():
            self.old.rename(self.output)
        for left in (self.new, self.old):
            self._put_away(left)

    def open(self, *, use_spare: bool) -> None:
        """Lay `new` ready: the spare folder, or none."""
        if use_spare and self.spare.exists():
            self.spare.rename(self.new)
        self._throw_away(self.spare)

    def swap(self, pages: int, made: int) -> None:
        """Put `new`, which has so many pages, in the output's place, in one step where the system can.

        If few of its files were made anew, the former output is the spare folder; else that is laid out from this one,
        if it is large, by a process that outlives this one.
        """
        former, few_made = self.new, made * 2 < pages
        if not self.output.exists():
            self.new.rename(self.output)
        elif not _exchange(self.new, self.output):
            former = self.old
            self.output.rename(self.old)
            self.new.rename(self.output)
        if few_made:
            self._put_away(former)
        else:
            self._throw_away(former)
            self._throw_away(self.spare)
        if (not few_made or self.trash.exists()) and pages >= MANY_PAGES:
            command = [sys.executable, "-I", str(SCRIPT), *map(str, (self.output, self.spare, self.trash))]
            quiet = subprocess.DEVNULL
            subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        else:
            shutil.rmtree(self.trash, ignore_errors=True)

    def give_up(self, known: Mapping[str, Made]) -> None:
        """After a failure: keep of `new` only what is the output's too, which takes no room."""
        if known and self.new.exists():
            keep_only(self.new, known)
            self._put_away(self.new)
        shutil.rmtree(self.new, ignore_errors=True)

    def _put_away(self, folder: Path) -> None:
        if folder.exists():
            self._throw_away(self.spare)
            try:
                folder.rename(self.spare)
            except OSError:  # one was laid out at this moment
                self._throw_away(folder)

    def _throw_away(self, folder: Path) -> None:
        """What is in the trash is removed when a build has ended: of a large site that takes seconds."""
        if folder.exists():
            self.trash.mkdir(parents=True, exist_ok=True)
            folder.rename(self.trash / f"{time.time_ns()}")


def keep_only(folder: Path, known: Mapping[str, Made], apart: Collection[str] = ()) -> list[str]:
    """Remove every file below a folder that isn't a page just as `known` has it, and what folders are empty then.

    The folders that are `apart` at its top stay as they are. Returns which files are left of the others.
    """
    left: list[str] = []
    _keep_below(str(folder), "", known, apart, left)
    return left


def _keep_below(path: str, prefix: str, known: Mapping[str, Made], apart: Collection[str], left: list[str]) -> bool:
    """Whether anything is left below a path; adds it to what is `left`."""
    before = len(left)
    with os.scandir(path) as entries:
        for entry in entries:
            name = prefix + entry.name
            if name in apart:
                continue
            if entry.is_dir(follow_symlinks=False):
                if not _keep_below(entry.path, f"{name}/", known, apart, left):
                    os.rmdir(entry.path)
                continue
            made = known.get(name)
            if made is not None and made.digest and made.is_still(entry.stat(follow_symlinks=False)):
                left.append(name)
            else:
                os.unlink(entry.path)
    return len(left) > before


def remove_file(folder: Path, name: str) -> None:
    """Remove a file, if it is there, and the folders that are empty then."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            break
        parent.rmdir()


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders' names in one step; False if this system or file system can't."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return bool(rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)
