"""How long it takes to cut a page: the pages of tests/data/pages, each several times, on one processor core.

    python -m benchmarks.clip [PAGE.txt …]

Prints one Markdown table: milliseconds of processor time for each page, the median of the rounds, and what that comes
to for 5,000 characters. Reading and writing files is not counted; the tables of regions and words are warm.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import process_time

from gongbao.archive import load_lists
from gongbao.article import Lists
from gongbao.clip.cut import cut_page
from gongbao.clip.drafts import render_draft
from gongbao.clip.leftovers import render_leftovers
from gongbao.clip.reading import Dump, read_dump
from gongbao.clip.review import render_review

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "tests" / "data" / "pages"
ROUNDS = 5
CHARACTERS = 5000  # of the page that a figure is given for


def cut_and_render(dump: Dump, lists: Lists) -> None:
    """All of the work but the files."""
    cut = cut_page(dump, lists)
    for clipping in cut.clippings:
        render_draft(clipping, cut)
    render_leftovers(cut)
    render_review(cut)


def measure(dump: Dump, lists: Lists) -> float:
    """Milliseconds for a page, the median of the rounds after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        start = process_time()
        cut_and_render(dump, lists)
        times.append((process_time() - start) * 1000)
    return median(times[1:])


def main(paths: list[Path]) -> int:
    """Measure the pages and print the table."""
    lists = load_lists(ROOT / "content")
    rows = []
    for path in paths or sorted(PAGES.glob("*.txt")):
        dump = read_dump(path)
        rows.append((path.stem, len(dump.text), measure(dump, lists)))
    print("| page | characters | ms | ms for 5,000 characters |\n|---|---|---|---|")
    for name, size, time in rows:
        print(f"| {name} | {size} | {time:.0f} | {time * CHARACTERS / size:.0f} |")
    size, time = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"| all | {size} | {time:.0f} | {time * CHARACTERS / size:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))
