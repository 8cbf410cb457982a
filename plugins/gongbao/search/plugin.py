"""Builds the search index at the end of a Pelican build."""

from __future__ import annotations

from pathlib import Path

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao.addresses import SEARCH_INDEX
from gongbao.archive import load_lists
from gongbao.search.build import build_index
from gongbao.settings import read_settings


class SearchGenerator(Generator):
    """Indexes what the reader sees: the text of the rendered articles."""

    def generate_output(self, _writer: Writer) -> None:
        """Write the slices below the output folder."""
        contents = sorted(self.context["articles"], key=lambda content: content.record.sort_key, reverse=True)
        texts = [(content.record, content.paragraphs) for content in contents]
        folder = Path(self.output_path) / SEARCH_INDEX.strip("/")
        lunr_json = read_settings(self.settings.get("GONGBAO", {})).lunr_json
        build_index(texts, load_lists(Path(self.path)), folder, lunr_json=lunr_json)


def add_generator(_pelican: object) -> type[Generator]:
    return SearchGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
