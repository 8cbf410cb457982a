"""rsync: — release folders on another machine, switched by one rename there."""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePosixPath

from gongbao.publish.manifest import dump_manifest
from gongbao.publish.plan import Plan
from gongbao.publish.problem import PublishError
from gongbao.publish.process import follow_program, run_program
from gongbao.publish.releases import next_release, release_before, releases_folder, sort_releases, superfluous
from gongbao.publish.store import Step
from gongbao.publish.target import RsyncTarget
from gongbao.published import MANIFEST

MISSING, FOREIGN = 44, 45  # how our scripts end if there is no file, or if the path holds something else
# The variables that a script of this module may use are set before it: $path is what is served.
LOOK = """
mkdir -p "$releases"
rm -rf "$releases"/*.partial
if [ -L "$path" ]; then basename "$(readlink "$path")"; else
  if [ -e "$path" ] && [ -n "$(ls -A "$path" 2>&1)" ]; then exit 45; fi
  echo -
fi
ls "$releases"
"""
# A hard link costs no space; where the file system has none, a copy.
KEEP = """
mkdir -p "$releases/$new.partial/$folder"
to=$releases/$new.partial/$folder/
cp -al "$path/$folder/." "$to" 2>/dev/null || cp -a "$path/$folder/." "$to"
"""
FINISH = 'mv "$releases/$new.partial" "$releases/$new"\n'
# Renaming a link over a link is one step; `ln -sfn` would first remove the old one.
SWITCH = """
rm -f "$releases/link"
ln -s "$name/$new" "$releases/link"
if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir "$path"; fi
mv -T "$releases/link" "$path"
"""
READ = '[ -f "$path/$file" ] || exit 44\ncat "$path/$file"\n'
SUMS = '[ -d "$path" ] || exit 44\ncd "$path/" && find . -type f -exec sha256sum {} +\n'


class RsyncStore:
    """The layout is that of FolderStore. RSYNC_RSH, rsync's own variable, says how to reach the machine."""

    precompresses = True

    def __init__(self, target: RsyncTarget) -> None:
        self.host = target.host
        self.path = target.path
        self.served = target.path
        self.name = releases_folder(target.path)
        self.releases = str(PurePosixPath(target.path).with_name(self.name))
        self.shell = os.environ.get("RSYNC_RSH") or "ssh"

    def read(self, path: str) -> bytes | None:
        return self._run(READ, missing=True, file=path)

    def publish(self, stage: Path, plan: Plan, step: Step) -> None:
        current, names = self._look()
        new = next_release(names, plan.manifest)
        (stage / MANIFEST).write_bytes(dump_manifest(plan.manifest))
        step(len(plan.manifest) - len(plan.sent))
        self._send(stage, new, current, step)
        for folder in plan.kept_folders:
            self._run(KEEP, new=new, folder=folder)
        self._run(FINISH + SWITCH, new=new)
        for name in superfluous([*names, new], new):
            self._run('rm -rf "$releases/$old"', old=name)

    def sums(self) -> dict[str, str]:
        lines = (self._run(SUMS, missing=True) or b"").decode().splitlines()
        sums = {line[66:].removeprefix("./"): line[:64] for line in lines}
        sums.pop(MANIFEST, None)
        return sums

    def rollback(self) -> str:
        current, names = self._look()
        before = release_before(names, current) if current else None
        if before is None:
            raise PublishError(f"{self.path} 没有更早的发布可以退回")
        self._run(SWITCH, new=before)
        return before

    def _look(self) -> tuple[str | None, list[str]]:
        """The release that is served, and all that there are; clears what a broken publication left."""
        lines = (self._run(LOOK) or b"").decode().splitlines()
        current, names = lines[0], sort_releases(lines[1:])
        if current not in {"-", *names}:
            raise PublishError(f"{self.host}:{self.path} 是指向别处的链接，请换一个路径或先删去它")
        return (None if current == "-" else current), names

    def _send(self, stage: Path, new: str, current: str | None, step: Step) -> None:
        """Only what differs from the last release travels; times aren't kept, so that equal files are one file."""

        def hear(name: str) -> None:
            if not name.endswith("/") and name != MANIFEST:
                step(1)

        command = ["rsync", "--recursive", "--checksum", "--perms", "--chmod=D755,F644", "--delay-updates", "-z"]
        command += [f"--rsh={self.shell}", "--timeout=120", "--protect-args"]
        command += [f"--link-dest=../{current}"] if current else []
        command += ["--out-format=%n"]  # each file's name as soon as it is sent
        follow_program([*command, f"{stage}/", f"{self.host}:{self.releases}/{new}.partial/"], hear)

    def _run(self, script: str, *, missing: bool = False, **values: str) -> bytes | None:
        """Run a script on the other machine; None if it ends with MISSING and that is allowed."""
        variables = {"path": self.path, "releases": self.releases, "name": self.name} | values
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
        allowed = [0, FOREIGN, *([MISSING] if missing else [])]
        command = [*shlex.split(self.shell), self.host, "sh", "-s"]
        result = run_program(command, data=f"set -e\n{lines}{script}".encode(), allowed=allowed)
        if result.returncode == FOREIGN:
            raise PublishError(f"{self.host}:{self.path} 已有别的内容，请先移开，或换一个路径")
        return None if result.returncode == MISSING else result.stdout
