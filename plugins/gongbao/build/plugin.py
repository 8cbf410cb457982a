"""Pelican's reader for our articles and pages: YAML front matter, checked, with lines in every message.

pelican-yaml-metadata was tried first; it knows no line numbers, turns `date: 2020` into 1 January and falls back to
another syntax when the YAML is broken, so that a mistake would reach the reader instead of the editor.
"""

from __future__ import annotations

import datetime
import logging
from functools import cache
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.readers import BaseReader, Readers

from gongbao.archive import load_lists, read_text
from gongbao.article import Lists, parse_article, parse_text, split_front_matter
from gongbao.markup import html_paragraphs, render_markdown
from gongbao.problem import ContentError
from gongbao.text import shorten

log = logging.getLogger(__name__)
SUMMARY_LENGTH = 90
CHINA = datetime.timezone(datetime.timedelta(hours=8))


class GongbaoReader(BaseReader):
    """Reads content/articles as Article records and content/pages as titled pages."""

    enabled = True
    file_extensions: list[str] = ["md"]  # noqa: RUF012  Pelican declares it so

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Parse one file to (HTML, metadata); logs every problem as an error, which ends a --fatal=errors build."""
        path = Path(source_path)
        try:
            content = Path(self.settings["PATH"])
            if (content / "pages") in path.parents:
                return read_page(path)
            return read_article(path, _lists(content))
        except ContentError as error:
            for problem in error.problems:
                log.error("%s", problem)
            raise


def read_article(path: Path, lists: Lists) -> tuple[str, dict[str, Any]]:
    """An article's HTML and what Pelican needs to know of it; the rest is in `record`."""
    article, _ = parse_article(path, read_text(path), lists)
    html = render_markdown(article.body)
    paragraphs = html_paragraphs(html)
    return html, {
        "title": article.title,
        "slug": article.slug,
        "date": datetime.datetime.combine(article.date.first_day, datetime.time(), CHINA),
        "year": article.year,
        "status": article.status,
        "summary": shorten("".join(paragraphs), SUMMARY_LENGTH),
        "record": article,
        "paragraphs": paragraphs,
    }


def read_page(path: Path) -> tuple[str, dict[str, Any]]:
    """A page of content/pages: title and optional summary in the front matter, the file's name as its address."""
    matter = split_front_matter(path, read_text(path))
    html = render_markdown(matter.body)
    title = matter.read("title", parse_text, "")
    if not title:
        matter.report(None, "缺少标题：请填写 title", "missing-title")
        raise ContentError(matter.problems)
    order = matter.read("order", parse_text, "99")
    return html, {
        "title": title,
        "slug": path.stem,
        "summary": matter.read("summary", parse_text, ""),
        "order": int(order) if order.isdecimal() else 99,
    }


@cache
def _lists(content: Path) -> Lists:
    return load_lists(content)


def add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = GongbaoReader


def register() -> None:
    signals.readers_init.connect(add_reader)
