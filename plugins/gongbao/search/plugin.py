"""Builds the search index while the pages are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pelican import signals
from pelican.generators import Generator

from gongbao.addresses import SEARCH_INDEX
from gongbao.article import Lists
from gongbao.search.build import Workshop, count_texts, write_index
from gongbao.search.documents import own_words
from gongbao.search.lexicon import find_syllables, make_segmenter
from gongbao.search.phrases import make_phrases
from gongbao.search.related import find_related
from gongbao.search.suggest import choose_characters
from gongbao.settings import read_settings
from gongbao.story import Related, Story


class SearchGenerator(Generator):
    """Indexes what the reader sees: the text of the rendered articles."""

    def generate_context(self) -> None:
        """Count the words, have the slices written, and tell the templates which articles have much in common."""
        session, lists = self.context["session"], self.context["lists"]
        stories: Sequence[Story] = self.context["stories"]
        workshop = Workshop(session.cache, session.inputs.counting, session.make_executor, session.kept)
        workshop.last = session.old / SEARCH_INDEX.strip("/")
        counting = count_texts(stories, lists, workshop)
        folder = Path(self.output_path) / SEARCH_INDEX.strip("/")
        lunr_json = read_settings(self.settings.get("GONGBAO", {})).lunr_json
        workshop.used |= workshop.names
        session.begin(partial(write_index, counting, lists, folder, workshop, lunr_json=lunr_json))
        related: defaultdict[str, list[Related]] = defaultdict(list)
        for likeness in find_related(counting.builder):
            other = Related(stories[likeness.other].article, likeness.words)
            related[stories[likeness.number].article.address].append(other)
        self.context["related"] = related
        words = frozenset(own_words(lists.vocabulary, lists.regions))
        self.context["phrases"] = make_phrases(make_segmenter(words).cut)


def prepare(lists: Lists) -> None:
    """Load the dictionaries: of words, and of sounds."""
    segmenter = make_segmenter(frozenset(own_words(lists.vocabulary, lists.regions)))
    segmenter.cut("")  # headlines need another form of it
    find_syllables(choose_characters({}, segmenter.cost))


def add_generator(_pelican: object) -> type[Generator]:
    return SearchGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
