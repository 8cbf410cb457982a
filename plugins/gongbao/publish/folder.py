"""dir: — a folder of this machine, switched to a new release in one step."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from gongbao.publish.compress import link_or_copy
from gongbao.publish.manifest import dump_manifest, make_manifest
from gongbao.publish.plan import Plan
from gongbao.publish.problem import PublishError
from gongbao.publish.releases import next_release, release_before, releases_folder, sort_releases, superfluous
from gongbao.publish.store import Step
from gongbao.publish.target import FolderTarget
from gongbao.published import MANIFEST

PARTIAL = ".partial"


class FolderStore:
    """The served path is a symbolic link to a release; a publication makes a new one and renames a new link over it."""

    precompresses = True

    def __init__(self, target: FolderTarget) -> None:
        self.path = target.path
        self.served = str(target.path)
        self.releases = self.path.with_name(releases_folder(self.path.name))

    def read(self, path: str) -> bytes | None:
        try:
            return (self.path / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def publish(self, stage: Path, plan: Plan, step: Step) -> None:
        self._refuse_foreign()
        with _explained(f"写不进 {self.path}"):
            self.releases.mkdir(parents=True, exist_ok=True)
            self._clear()
            release = next_release(os.listdir(self.releases), plan.manifest)
            partial = self.releases / f"{release}{PARTIAL}"
            self._fill(partial, stage, plan, step)
            partial.rename(self.releases / release)
            self._switch(release)
            for name in superfluous(os.listdir(self.releases), release):
                shutil.rmtree(self.releases / name)

    def sums(self) -> dict[str, str]:
        if not self.path.is_dir():
            return {}
        return {path: entry.sha256 for path, entry in make_manifest(self.path).items()}

    def rollback(self) -> str:
        current = self._current()
        before = release_before(os.listdir(self.releases), current) if current else None
        if before is None:
            raise PublishError(f"{self.path} 没有更早的发布可以退回")
        with _explained(f"换不了 {self.path}"):
            self._switch(before)
        return before

    def _current(self) -> str | None:
        if not self.path.is_symlink():
            return None
        name = Path(os.readlink(self.path)).name
        return name if name in sort_releases([name]) else None

    def _refuse_foreign(self) -> None:
        """A folder that holds something else is never replaced; an empty one makes room for the link."""
        if self.path.is_symlink() and self._current() is None:
            raise PublishError(f"{self.path} 是指向别处的链接，请换一个路径或先删去它")
        if self.path.is_symlink() or not self.path.exists():
            return
        if not self.path.is_dir() or any(self.path.iterdir()):
            raise PublishError(
                f"{self.path} 已有别的内容。发布要把它换成指向 {self.releases.name}/ 的链接，请先移开，或换一个路径"
            )

    def _clear(self) -> None:
        """Remove what a killed publication left."""
        for path in self.releases.iterdir():
            if path.name.endswith(PARTIAL):
                shutil.rmtree(path)

    def _fill(self, partial: Path, stage: Path, plan: Plan, step: Step) -> None:
        """Unchanged files are the last release's, without a second copy; the others are copied."""
        sent = set(plan.sent)
        for path in plan.manifest:
            target = partial / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in sent or not self._take_old(path, target, plan):
                shutil.copyfile(stage / path, target)
            step(1)
        (partial / MANIFEST).write_bytes(dump_manifest(plan.manifest))

    def _take_old(self, path: str, target: Path, plan: Plan) -> bool:
        old = self.path / path
        if not old.is_file() or old.stat().st_size != plan.manifest[path].size:
            return False
        return link_or_copy(old, target)

    def _switch(self, release: str) -> None:
        link = self.releases / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(self.releases.name) / release, target_is_directory=True)
        if self.path.is_dir() and not self.path.is_symlink():
            self.path.rmdir()
        link.replace(self.path)


@contextlib.contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishError(f"{what}：{error.strerror}（{error.filename}）") from None
