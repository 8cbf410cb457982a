"""Builds the search index while the pages are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao.addresses import SEARCH_INDEX
from gongbao.article import Lists
from gongbao.cache import Known
from gongbao.search.build import Workshop, count_texts, encode_index, write_index
from gongbao.search.documents import own_words
from gongbao.search.lexicon import find_syllables, make_segmenter
from gongbao.search.phrases import Headlines, make_phrases
from gongbao.search.related import Likeness
from gongbao.search.segment import fold_table
from gongbao.search.suggest import Frequencies, choose_characters
from gongbao.settings import read_settings
from gongbao.story import Mention, Related, Story
from gongbao.words import use_language
from gongbao.workers import Aside, Lighter, map_beside, release_memory

MANY = 50_000  # articles; to compare them takes as much memory as an encoder has


class SearchGenerator(Generator):
    """Indexes what the reader sees: the text of the rendered articles."""

    def generate_context(self) -> None:
        """Offer which articles have much in common, and how headlines are parted."""
        session, lists = self.context["session"], self.context["lists"]
        self.stories: Sequence[Story] = self.context["stories"]
        workshop = _workshop_of(session)
        words = frozenset(own_words(lists.vocabulary, lists.regions))
        load = cache(partial(make_segmenter, words))  # once, and for a new headline only
        part = make_phrases(lambda headline: load().cut(headline))
        self.headlines = Headlines(Known.load(session.cache, workshop.phrases_name), part)
        self.context["phrases"] = self.headlines
        self.results = begin(session, self.settings)
        self.context["related"] = self._read_related
        session.kept |= workshop.names_of(self.stories)

    def generate_output(self, _: Writer) -> None:
        """Part the headlines, for all processes that render pages."""
        self.headlines.learn(story.article.title for story in self.stories)

    def _read_related(self) -> dict[str, list[Related]]:
        """By the articles' addresses; to be asked for once, as late as can be."""
        related: defaultdict[str, list[Related]] = defaultdict(list)
        found: list[Likeness] = next(self.results)
        for likeness in found:
            other = Related(Mention.of(self.stories[likeness.other].article), likeness.words)
            related[self.stories[likeness.number].article.address].append(other)
        return related


def begin(session: Any, settings: Mapping[str, Any]) -> Iterator[Any]:
    """Have all words counted and the slices written, beside this process; begun once in a build, as soon as can be."""
    own = read_settings(settings.get("GONGBAO", {}))
    use_language(own.language)
    folder: Path = session.folder / SEARCH_INDEX.strip("/")
    task = partial(_index, session.reading.stories, session.lists, folder, _workshop_of(session), own.lunr_json)
    results: Iterator[Any] = session.begin("index", task)
    return results


def _index(
    stories: Sequence[Story], lists: Lists, folder: Path, workshop: Workshop, lunr_json: bool
) -> Iterator[Aside | list[Likeness] | Lighter]:
    """Count and write; beside the writing, what articles have in common, or before it if they are many."""
    counting = count_texts(stories, lists, workshop, whole=lunr_json)
    if len(stories) < MANY:
        yield Aside(partial(counting.relate, workshop.shelf))
        write_index(counting, lists, folder, workshop, lunr_json=lunr_json)
    else:
        yield counting.relate(workshop.shelf, map_beside)
        release_memory()
        encoded = encode_index(counting, lists, workshop, lunr_json=lunr_json)
        yield Lighter()
        encoded.save(folder)


def _workshop_of(session: Any) -> Workshop:
    executor = session.make_executor if session.inputs.scheduler else None
    return Workshop(session.cache, session.inputs.counting, executor, session.old / SEARCH_INDEX.strip("/"))


def prepare(lists: Lists) -> None:
    """Load the dictionaries: of words, and of sounds; and what characters are folded to."""
    fold_table()
    segmenter = make_segmenter(frozenset(own_words(lists.vocabulary, lists.regions)))
    segmenter.cut("")  # headlines need another form of it
    find_syllables(choose_characters(Frequencies.of([], np.zeros(0, dtype=np.int64)), segmenter.costs))


def add_generator(_pelican: object) -> type[Generator]:
    return SearchGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
