"""One build: check, let Pelican write beside the old site, swap."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from gongbao.archive import load_archive
from gongbao.problem import has_errors


class BuildError(Exception):
    """The site wasn't built; the message says why, the old output stands as it was."""


@dataclass(frozen=True)
class BuildReport:
    """What a build made."""

    output: Path
    articles: int
    pages: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.articles} 篇报道，{self.pages} 个页面，{self.seconds:.1f} 秒 → {self.output}"


def build_site(content: Path, output: Path, settings: Path) -> BuildReport:
    """Build `content` into `output`, which changes in one step at the end.

    Raises BuildError with every problem of the content, or with what Pelican said.
    """
    started = time.monotonic()
    output = output.absolute()
    fresh, old = _sibling(output, "new"), _sibling(output, "old")
    _recover(output, old)
    if not content.is_dir():
        raise BuildError(f"没有内容文件夹 {content}")
    archive = load_archive(content)
    for problem in archive.problems:
        if problem.severity != "error":
            print(problem, file=sys.stderr)
    if has_errors(archive.problems):
        raise BuildError("\n".join(str(problem) for problem in archive.problems if problem.severity == "error"))
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _run_pelican(content, fresh, settings)
        _swap(fresh, output, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    pages = sum(1 for _ in output.rglob("*.html"))
    return BuildReport(output, len(archive.articles), pages, time.monotonic() - started)


def _sibling(output: Path, suffix: str) -> Path:
    """A folder on the same file system, so that renaming is one step."""
    return output.with_name(f".{output.name}-{suffix}")


def _run_pelican(content: Path, output: Path, settings: Path) -> None:
    command = [
        *(sys.executable, "-m", "pelican", str(content), "--output", str(output)),
        *("--settings", str(settings), "--fatal", "errors"),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
    if result.returncode or not (output / "index.html").is_file():
        raise BuildError(f"Pelican 没有建成网站：\n{result.stdout}{result.stderr}".rstrip())
    if "WARNING" in result.stdout + result.stderr:
        print(result.stdout + result.stderr, file=sys.stderr)


def _swap(fresh: Path, output: Path, old: Path) -> None:
    if output.exists():
        output.rename(old)
    fresh.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _recover(output: Path, old: Path) -> None:
    """Undo a swap that was killed between its two renames, and clear what a finished one left behind."""
    if old.exists() and not output.exists():
        old.rename(output)
    shutil.rmtree(old, ignore_errors=True)
