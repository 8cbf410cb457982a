"""Gongbao's index build alone, as a process of its own so that its memory can be measured.

python -m benchmarks.index CONTENT FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from gongbao.archive import load_archive, load_lists
from gongbao.markup import html_paragraphs, render_markdown
from gongbao.search.build import build_index


def main(content: Path, folder: Path) -> int:
    """Load the articles of a content folder, render them, and index them as a build of the site does."""
    archive = load_archive(content)
    if archive.problems:
        print(archive.problems[0], file=sys.stderr)
        return 1
    texts = [(article, html_paragraphs(render_markdown(article.body))) for article in archive.articles]
    build_index(texts, load_lists(content), folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
