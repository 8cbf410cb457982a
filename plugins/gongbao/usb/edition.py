"""The edition for reading rooms without a net: the built site in a folder that any browser opens from a disk."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gongbao.assets import plain_name
from gongbao.cache import Cache, hash_files
from gongbao.scripts import read_modules
from gongbao.settings import base_path
from gongbao.usb.files import carry_file, is_changed, is_left_out, script_files

PACKAGE = Path(__file__).parent
SITE = "site"
START, README = "打开档案.html", "README.txt"
RECORD = "made"
CANONICAL_RE = re.compile(r'<link rel="canonical" href="([^"]+)"')
NAME_RE = re.compile(r"<title>(.*?)(?: · .*?)?</title>")
MODULE_RE = re.compile(r'<script type="module" src="[^"]*/theme/v/[0-9a-f]{12}/js/([^"]+)">')
START_PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=site/index.html">
<title>{name}</title>
</head>
<body><p><a href="site/index.html">打开{name}</a></p></body>
</html>
"""
README_TEXT = """\
{name}：不用网络的版本

怎样打开
  双击“打开档案.html”。Windows、macOS、Linux 都行，不必安装什么，也不必联网。
  请用较新的浏览器（Chrome、Edge、Firefox 或 Safari，2023 年以后的版本）。

怎样存放
  整个文件夹一起拷贝，放在优盘、光盘或电脑的任何地方都可以。
  不要改动 site 文件夹里的文件名；在压缩包里直接打开不行，请先解压。

和网上的档案有什么不同
  内容一样，翻阅、检索、引文也一样。这一份停在制作的那一天，不会自己更新。
  文中的永久地址是网上的地址，引用时请写那个地址：{address}
  收藏记在所用电脑的浏览器里，不会写进优盘。
"""


@dataclass(frozen=True)
class Edition:
    """What was made."""

    folder: Path
    files: int
    size: int
    made: int
    seconds: float

    def __str__(self) -> str:
        size = f"{self.size / 1_000_000:.1f} MB"
        return f"{self.files} 个文件，{size}，新做 {self.made} 个，{self.seconds:.1f} 秒 → {self.folder / START}"


@dataclass
class Work:
    """A new folder that is filled from a site; what the last one has of an unchanged file is linked."""

    site: Path
    new: Path
    old: Path
    known: dict[str, list[object]]
    record: dict[str, list[object]] = field(default_factory=dict)
    made: int = 0
    files: int = 0
    size: int = 0

    def link(self, name: str) -> None:
        self._link(self.site / name, self.new / plain_name(name))

    def carry(self, name: str, base: str) -> None:
        """Make the files of a site's file, or link those that were made of the same one."""
        stat = (self.site / name).stat()
        stamp = [stat.st_size, stat.st_mtime_ns]
        before = self.known.get(name)
        if before and before[:2] == stamp and all((self.old / str(made)).is_file() for made in before[2:]):
            for made in before[2:]:
                self._link(self.old / str(made), self.new / str(made))
            self.record[name] = before
            return
        files = carry_file(name, (self.site / name).read_bytes(), base)
        for target, data in files.items():
            self.write(target, data)
        self.record[name] = [*stamp, *files]

    def write(self, name: str, data: bytes) -> None:
        path = self.new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._count(len(data))
        self.made += 1

    def _link(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        self._count(target.stat().st_size)

    def _count(self, size: int) -> None:
        self.files += 1
        self.size += size


def make_edition(site: Path, theme: Path, output: Path) -> Edition:
    """Make the edition of a built site in `output`, which changes at the end; `theme` has its modules.

    Only files of the site that have changed since the last time are made again.
    """
    started = time.monotonic()
    home = (site / "index.html").read_text("utf-8")
    address = _find(CANONICAL_RE, home)
    base = base_path(address)
    cache = Cache(output.with_name(f".{output.name}-cache"))
    new, old = (output.with_name(f".{output.name}-{suffix}") for suffix in ("new", "old"))
    if old.exists() and not output.exists():
        old.rename(output)  # the last time ended between two renames
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    key = f"{hash_files(PACKAGE, sorted(PACKAGE.glob('*.py')))} {base}"
    work = Work(site, new / SITE, output / SITE, _read_record(cache, key))
    _fill(work, theme, base)
    for name, text in ((START, START_PAGE), (README, README_TEXT)):
        filled = text.format(name=_find(NAME_RE, home), address=address)
        if name == README:
            filled = "\ufeff" + filled.replace("\n", "\r\n")  # old editors on Windows need both
        (new / name).write_text(filled, encoding="utf-8", newline="")
    cache.write(RECORD, json.dumps({"key": key, "files": work.record}).encode())
    if output.exists():
        output.rename(old)
    new.rename(output)
    shutil.rmtree(old, ignore_errors=True)
    return Edition(output, work.files + 2, work.size, work.made, time.monotonic() - started)


def _fill(work: Work, theme: Path, base: str) -> None:
    entries: set[str] = set()
    for name in _names(work.site):
        if is_left_out(name):
            continue
        if not is_changed(name):
            work.link(name)
            continue
        if name.endswith(".html"):
            entries.update(MODULE_RE.findall((work.site / name).read_text("utf-8")))
        work.carry(name, base)
    modules = read_modules(theme / "static" / "js")
    source = (theme / "usb" / "source.js").read_text("utf-8")
    for name, data in script_files(modules, source, sorted(entries), base).items():
        work.write(name, data)


def _names(site: Path) -> Iterator[str]:
    return (path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_file())


def _find(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    if found is None:
        raise ValueError(f"首页里没有 {pattern.pattern}")
    return found[1]


def _read_record(cache: Cache, key: str) -> dict[str, list[object]]:
    data = cache.read(RECORD)
    record = json.loads(data) if data else {}
    return record["files"] if record.get("key") == key else {}
