"""Gives the templates what an article's page shows beside its text, and writes the page of the reader's own list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.archive import load_lists
from gongbao.read.anchors import number_paragraphs
from gongbao.read.neighbours import Series
from gongbao.read.page import Reading, ReadingRoom
from gongbao.read.report import check_report
from gongbao.settings import read_settings


class ReadGenerator(Generator):
    """Articles are written by Pelican; their template asks `reading_of` for the record of its page."""

    def generate_context(self) -> None:
        """Refuse a wrong setting, put the articles in series, and offer both to the templates."""
        settings = read_settings(self.settings.get("GONGBAO", {}))
        check_report(settings.report)
        table = load_lists(Path(self.path)).regions
        series = Series((content.record for content in self.context["articles"]), table)
        room = ReadingRoom(series, table, settings, self.settings["SITEURL"])

        def reading_of(content: Any) -> Reading:
            return room.read(content.record, content.summary)

        self.context["reading_of"] = reading_of
        self.context["number_paragraphs"] = number_paragraphs

    def generate_output(self, writer: Writer) -> None:
        """Write /shelf/; what stands there only the reader's browser knows."""
        template, address = self.env.get_template("shelf.html"), addresses.SHELF
        writer.write_file(addresses.file_of(address), template, self.context, url=address, address=address)


def add_generator(_pelican: object) -> type[Generator]:
    return ReadGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
