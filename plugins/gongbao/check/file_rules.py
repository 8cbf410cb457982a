"""Rules on files as such: those that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongbao.archive import ARTICLES, IMAGES, PAGES
from gongbao.check.registry import Remark, whole_rule
from gongbao.check.whole import Whole

PICTURES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".bmp", ".heic", ".tif", ".tiff"))


@whole_rule("warning", "不会发布的文件：文章和页面是 .md 文件，图片放在 images")
def check_stray_file(whole: Whole) -> Iterator[Remark]:
    """A file that is never published: not called `.md`, or a Markdown file outside `articles` and `pages`.

    Bad:  articles/2020/song-nuan.md.txt
    Good: articles/2020/song-nuan.md
    """
    for path in whole.strays:
        yield Remark(path, 1, 1, f"这个文件不会发布：{_explain(path, whole.content)}")


def _explain(path: Path, content: Path) -> str:
    if path.suffix.lower() in PICTURES:
        return f"图片应放在 {content / IMAGES}"
    stem, found, _ = path.name.lower().partition(".md")
    if path.name != f"{stem}.md":
        return f"文件名应以 .md 结尾，如 {stem}.md" if found else "文章是以 .md 结尾的文件"
    return f"文章应放在 {content / ARTICLES}/年份，页面应放在 {content / PAGES}"
