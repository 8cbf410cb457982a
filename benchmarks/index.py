"""Gongbao's index build alone, as a process of its own so that its memory can be measured.

python -m benchmarks.index prepare CONTENT TEXTS     read and render the articles, as a build of the site does
python -m benchmarks.index build TEXTS FOLDER        index them: what Pagefind does with pages that Hugo has made
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from gongbao.archive import load_archive, load_lists
from gongbao.search.build import build_index
from gongbao.story import make_story


def prepare(content: Path, texts: Path) -> int:
    """Keep the stories of a content folder, and its lists, in a file."""
    archive = load_archive(content)
    if archive.problems:
        print(archive.problems[0], file=sys.stderr)
        return 1
    made = [make_story(article) for article in archive.articles]
    texts.write_bytes(pickle.dumps((made, load_lists(content))))
    return 0


def build(texts: Path, folder: Path) -> int:
    """Index what `prepare` kept."""
    made, lists = pickle.loads(texts.read_bytes())
    build_index(made, lists, folder)
    return 0


if __name__ == "__main__":
    sys.exit({"prepare": prepare, "build": build}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3])))
