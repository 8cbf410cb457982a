"""Where a site is published to: what stands behind `--to`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gongbao.publish.problem import UsageError

FORMS = "dir:文件夹、rsync:用户@主机:路径、git:仓库#分支、s3:桶（或 s3:桶/前缀）"
HOST_RE = re.compile(r"(?P<host>(?:[\w.-]+@)?(?:[\w.-]+|\[[0-9A-Fa-f:]+\])):(?P<path>/[^\0\n]*[^/\0\n])/?")
BUCKET_RE = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^\0\n]*?))?/*")
# A branch as git check-ref-format would have it, and never an option.
BRANCH_RE = re.compile(r"(?!.*(?:\.\.|//|@\{|\.lock$))[A-Za-z0-9_][\w./-]*(?<![./])")
PASSWORD_RE = re.compile(r"(?<=//)[^/@\s]+(?=@)")


@dataclass(frozen=True)
class FolderTarget:
    """A folder of this machine."""

    path: Path


@dataclass(frozen=True)
class RsyncTarget:
    """A folder of another machine, reached by ssh."""

    host: str
    path: str


@dataclass(frozen=True)
class GitTarget:
    """A branch of a repository, as GitHub and GitLab Pages serve it."""

    remote: str
    branch: str


@dataclass(frozen=True)
class S3Target:
    """A bucket of an S3-compatible store, or what stands below a prefix; `prefix` ends with a slash or is empty."""

    bucket: str
    prefix: str


Target = FolderTarget | RsyncTarget | GitTarget | S3Target


def parse_target(text: str) -> Target:
    """Read `kind:place`. Raises UsageError that names the forms there are."""
    kind, colon, place = text.partition(":")
    if not colon or kind not in PARSERS:
        raise UsageError(f"目标“{hide_password(text)}”不认得，可用：{FORMS}")
    target = PARSERS[kind](place)
    if target is None:
        raise UsageError(f"目标“{hide_password(text)}”写得不完整，应形如：{FORMS}")
    return target


def hide_password(text: str) -> str:
    """A target or message without the user name and password that an address may have."""
    return PASSWORD_RE.sub("***", text)


def _parse_folder(place: str) -> Target | None:
    path = Path(place).expanduser()
    return FolderTarget(Path.cwd() / path) if path.name and path.name != ".." else None


def _parse_rsync(place: str) -> Target | None:
    match = HOST_RE.fullmatch(place)
    return RsyncTarget(match["host"], match["path"]) if match and not place.startswith("-") else None


def _parse_git(place: str) -> Target | None:
    remote, _, branch = place.rpartition("#")
    return GitTarget(remote, branch) if remote and remote[0] != "-" and BRANCH_RE.fullmatch(branch) else None


def _parse_s3(place: str) -> Target | None:
    match = BUCKET_RE.fullmatch(place.removeprefix("//"))
    return S3Target(match["bucket"], f"{match['prefix']}/" if match["prefix"] else "") if match else None


PARSERS: dict[str, Callable[[str], Target | None]] = {
    "dir": _parse_folder,
    "rsync": _parse_rsync,
    "git": _parse_git,
    "s3": _parse_s3,
}
