"""Builds the search index while the pages are made."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao.addresses import SEARCH_INDEX
from gongbao.article import Lists
from gongbao.search.build import Workshop, build_index
from gongbao.search.documents import own_words
from gongbao.search.lexicon import find_syllables, make_segmenter
from gongbao.search.suggest import choose_characters
from gongbao.settings import read_settings


class SearchGenerator(Generator):
    """Indexes what the reader sees: the text of the rendered articles."""

    def generate_output(self, _writer: Writer) -> None:
        """Have the slices written below the output folder."""
        session = self.context["session"]
        workshop = Workshop(session.cache, session.inputs.counting, session.make_executor, session.kept)
        folder = Path(self.output_path) / SEARCH_INDEX.strip("/")
        lunr_json = read_settings(self.settings.get("GONGBAO", {})).lunr_json
        stories, lists = self.context["stories"], self.context["lists"]
        self.context["queue"].run_meanwhile(
            partial(build_index, stories, lists, folder, workshop=workshop, lunr_json=lunr_json)
        )


def prepare(lists: Lists) -> None:
    """Load the dictionaries: of words, and of sounds."""
    segmenter = make_segmenter(frozenset(own_words(lists.vocabulary, lists.regions)))
    find_syllables(choose_characters({}, segmenter.cost))


def add_generator(_pelican: object) -> type[Generator]:
    return SearchGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
