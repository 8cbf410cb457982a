"""How long `check` takes over a synthetic archive: all of it, nothing changed since, and one article changed.

    python -m benchmarks.check --articles 10000

Prints one Markdown table: seconds of wall-clock time, each run a process of its own, as `inv check` is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[1]
# What is promised of 10,000 articles on two processor cores, in seconds.
PROMISED = {"cold": 15, "cached": 2}
PROGRAM = """\
import sys
from pathlib import Path
from gongbao.check.run import check_content
print(len(check_content(Path(sys.argv[1]), cache=Path(sys.argv[2]))))
"""


def measure(content: Path, cache: Path) -> tuple[float, int]:
    """The seconds of one check, Python's start included, and how many problems it found."""
    begun = perf_counter()
    command = [sys.executable, "-c", PROGRAM, str(content), str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return perf_counter() - begun, int(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the check of a synthetic archive.")
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        content, cache = Path(folder) / "content", Path(folder) / "cache"
        write_corpus(content, options.articles)
        rows = [("cold", *measure(content, cache)), ("cached", *measure(content, cache))]
        changed = min((content / "articles").rglob("*.md"))
        changed.write_text(changed.read_text("utf-8") + "\n又添了一段。\n", encoding="utf-8")
        rows.append(("one article changed", *measure(content, cache)))
        shutil.rmtree(cache)
    print(f"{options.articles:,} articles, {os.cpu_count()} processors, load before {os.getloadavg()[1]:.1f}\n")
    print("| run | seconds | promised of 10,000 | problems |\n|---|---:|---:|---:|")
    for name, seconds, problems in rows:
        print(f"| {name} | {seconds:.1f} | {PROMISED.get(name, '')} | {problems:,} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
