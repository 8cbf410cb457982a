"""Lighthouse, on its profile of a slow phone, on four kinds of page of the demonstration archive.

    python -m benchmarks.lighthouse --runs 3

Prints one Markdown table: the four scores (the median of the runs), what is loaded, and the times that Lighthouse
reckons for its slow phone. Exit 1 if a score is below 95.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from gongbao.build.run import build_site

from benchmarks.browser import CHROMIUM_FLAGS, find_chromium, serve_folder

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "benchmarks" / "node_modules" / ".bin" / "lighthouse"
PAGES = {
    "home": "/",
    "article": "/articles/2020/ansai-gonghui-pinpai/",
    "region": "/regions/610000/",
    "search": "/search/?q=%E9%80%81%E6%B8%A9%E6%9A%96",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
# Of what Lighthouse reports: the audit, the column's title, and what a number there is divided by.
MEASURES = (
    ("total-byte-weight", "KB", 1024, 0),
    ("first-contentful-paint", "first paint, s", 1000, 1),
    ("largest-contentful-paint", "largest paint, s", 1000, 1),
    ("total-blocking-time", "blocked, ms", 1, 0),
    ("cumulative-layout-shift", "layout shift", 1, 3),
)


@dataclass(frozen=True)
class Result:
    """What Lighthouse says of a page: scores from 0 to 100, and measures, both in the order of the tables above."""

    page: str
    scores: tuple[int, ...]
    measures: tuple[float, ...]

    @property
    def row(self) -> str:
        numbers = [f"{value:.{digits}f}" for value, (*_, digits) in zip(self.measures, MEASURES, strict=True)]
        return f"| {' | '.join([self.page, *map(str, self.scores), *numbers])} |"


def read_report(page: str, report: dict[str, Any]) -> Result:
    """One report of Lighthouse. Raises ValueError if it says that the page couldn't be judged."""
    if error := report.get("runtimeError"):
        raise ValueError(f"{page}: {error.get('message', error)}")
    scores = tuple(round(100 * report["categories"][name]["score"]) for name in CATEGORIES)
    return Result(page, scores, tuple(report["audits"][name]["numericValue"] / by for name, _, by, _ in MEASURES))


def middle(results: Sequence[Result]) -> Result:
    """The median of each number over several runs of one page."""
    scores = zip(*(result.scores for result in results), strict=True)
    measures = zip(*(result.measures for result in results), strict=True)
    return Result(results[0].page, tuple(round(median(own)) for own in scores), tuple(median(own) for own in measures))


def run_lighthouse(page: str, address: str, chromium: str, folder: Path) -> Result:
    """Run Lighthouse once, with a browser of its own whose cache is empty."""
    report = folder / "report.json"
    command = [
        *(str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={report}"),
        *(
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={' '.join(['--headless=new', *CHROMIUM_FLAGS])}",
        ),
        "--no-enable-error-reporting",
    ]
    environment = {**os.environ, "CHROME_PATH": chromium}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if result.returncode:
        sys.exit(f"lighthouse: exit {result.returncode}\n{result.stderr[-2000:]}")
    return read_report(page, json.loads(report.read_text("utf-8")))


def make_table(results: Sequence[Result]) -> str:
    """A Markdown table, one line a page."""
    head = ["page", *CATEGORIES, *(title for _, title, *_ in MEASURES)]
    return "\n".join(
        [f"| {' | '.join(head)} |", f"|---{'|---:' * (len(head) - 1)}|", *(result.row for result in results)]
    )


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.lighthouse", description="Let Lighthouse judge four pages.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each page; the median counts (default 3)")
    options = parser.parse_args(arguments)
    if options.runs < 1:
        parser.error("--runs takes numbers from 1")
    return options


def main() -> int:
    options = parse_options()
    chromium = find_chromium()
    if not PROGRAM.exists():
        sys.exit("Lighthouse isn't there: run `npm install --no-save --prefix benchmarks`.")
    if chromium is None:
        sys.exit("Install Chromium (Debian: apt install chromium) or name it in CHROMIUM.")
    results = []
    with tempfile.TemporaryDirectory(prefix="gongbao-bench-") as name:
        folder = Path(name)
        build_site(ROOT / "content", folder / "site", ROOT / "pelicanconf.py")
        with serve_folder(folder / "site") as server:
            for page, path in PAGES.items():
                print(f"Lighthouse: {page}", file=sys.stderr, flush=True)
                runs = [run_lighthouse(page, server.address + path, chromium, folder) for _ in range(options.runs)]
                results.append(middle(runs))
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d} · Lighthouse {version}, median of {options.runs}", end="\n\n"
    )
    print(make_table(results))
    return 0 if all(score >= LEAST for result in results for score in result.scores) else 1


if __name__ == "__main__":
    sys.exit(main())
