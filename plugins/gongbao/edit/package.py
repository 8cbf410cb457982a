"""Decap CMS from npm: taken when the editing page is wanted, checked against the locked hash, kept in a cache."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongbao.cache import Cache


@dataclass(frozen=True)
class Package:
    """A version of a package of npm, and the hash that its archive must have, as npm writes it in lock files."""

    name: str
    version: str
    integrity: str

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


DECAP = Package(
    "decap-cms",
    "3.16.3",
    "sha512-hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw==",
)
# The program and the parts that it loads when it needs them. The package has all of it a second time, as cms.js.
WANTED_RE = re.compile(r"package/dist/((?:\d+\.)?decap-cms\.js(?:\.LICENSE\.txt)?|[0-9a-f]{20}\.wasm)")
PROGRAM = "decap-cms.js"
SOURCE_MAP_RE = re.compile(rb"\n//# sourceMappingURL=\S+\s*\Z")


class PackageError(RuntimeError):
    """The package can't be had; the message says why and what to do."""


def load_program(cache: Cache, package: Package = DECAP) -> dict[str, bytes]:
    """The files of the editing program by their names, from the cache or else from npm.

    Raises PackageError if npm isn't there, can't fetch it, or brings something else than what is locked.
    """
    name = f"{package.name}-{package.version}.tgz"
    data = cache.read(name)
    if data is None or not has_integrity(data, package.integrity):
        data = fetch(package)
        cache.write(name, data)
    return dict(sorted(unpack(data)))


def fetch(package: Package) -> bytes:
    """The package's archive as npm brings it, from whichever registry npm is set to."""
    npm = shutil.which("npm")
    if npm is None:
        raise PackageError("编辑页的程序要用 npm 取来，这台机器上没有：请安装 Node.js 20 或更新的版本（npm 随它一起）")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", str(package), "--pack-destination", folder, "--ignore-scripts", "--silent"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
        archives = sorted(Path(folder).glob("*.tgz"))
        if result.returncode or len(archives) != 1:
            raise PackageError(f"npm 没有取到 {package}，请检查网络，然后再运行一次：\n{result.stderr.strip()}")
        data = archives[0].read_bytes()
    if not has_integrity(data, package.integrity):
        raise PackageError(f"npm 取来的 {package} 与锁定的校验值不符，没有使用")
    return data


def has_integrity(data: bytes, integrity: str) -> bool:
    """Whether data has the hash of a lock file, such as sha512-…"""
    algorithm, _, expected = integrity.partition("-")
    return base64.b64encode(hashlib.new(algorithm, data).digest()).decode() == expected


def unpack(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The files that the page needs, without their references to source maps, which aren't published."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as files:
        for member in files:
            match = WANTED_RE.fullmatch(member.name)
            if match and member.isfile() and (file := files.extractfile(member)):
                yield match[1], SOURCE_MAP_RE.sub(b"\n", file.read())
