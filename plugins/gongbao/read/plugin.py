"""Queues the pages of the articles, with what stands around each, and the page of the reader's own list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.article import Lists
from gongbao.pages import PageQueue
from gongbao.read.anchors import link_below, number_paragraphs
from gongbao.read.neighbours import Neighbours, Series
from gongbao.read.page import ReadingRoom
from gongbao.read.report import check_report
from gongbao.settings import base_path, read_settings
from gongbao.story import Related, Story
from gongbao.words import use_language


class ReadGenerator(Generator):
    """Writes a page for each story; its template asks `reading_of` for all that stands beside the text."""

    def generate_context(self) -> None:
        """Refuse a wrong setting, put the articles in series, and offer both to the templates."""
        settings = read_settings(self.settings.get("GONGBAO", {}))
        use_language(settings.language)
        check_report(settings.report)
        lists: Lists = self.context["lists"]
        self.stories: tuple[Story, ...] = self.context["stories"]
        self.series = Series((story.article for story in self.stories), lists.regions)
        self.context["reading_of"] = ReadingRoom(lists.regions, settings, self.settings["SITEURL"]).read
        self.context["body_of"] = partial(body_of, base=base_path(self.settings["SITEURL"]))

    def generate_output(self, writer: Writer) -> None:
        """Queue the articles, year by year, and /shelf/; what stands there only the reader's browser knows."""
        self.alike: Mapping[str, Sequence[Related]] = self.context["related"]()
        years: defaultdict[int, list[tuple[Story, Any]]] = defaultdict(list)
        for story in self.stories:
            years[story.article.year].append((story, self.context["gallery_of"](story)))
        queue: PageQueue = self.context["queue"]
        for year, stories in years.items():
            inputs = (self.series.digest, self._inputs_of(stories))
            queue.add_group(f"articles/{year}", inputs, partial(self._write_articles, writer, stories))
        template, address = self.env.get_template("shelf.html"), addresses.SHELF
        writer.write_file(addresses.file_of(address), template, self.context, url=address, address=address)

    def _inputs_of(self, stories: Iterable[tuple[Story, Any]]) -> list[object]:
        """What pages of some articles, with their galleries, show beside what the series tell of any article."""
        inputs: list[object] = []
        for story, gallery in stories:
            inputs.append(story.digest)
            for other in self.alike.get(story.article.address, ()):
                inputs += (other.mention.address, len(other.words), *other.words)
            if gallery:
                inputs.append(gallery)
        return inputs

    def _write_articles(self, writer: Writer, stories: Iterable[tuple[Story, Any]]) -> None:
        template = self.env.get_template("article.html")
        for story, gallery in stories:
            around = self.series.around(story.article)
            related = _apart(self.alike.get(story.article.address, ()), around)
            texts = [*(own.texts for own in around), *((*other.mention.texts, *other.words) for other in related)]
            inputs = (story.digest, texts, *([gallery] if gallery else ()))  # texts alone are digested in one step
            values = {"story": story, "around": around, "related": related, "gallery": gallery}
            file = addresses.file_of(story.article.address)
            writer.write_file(file, template, self.context, inputs=inputs, **values)


def _apart(related: Iterable[Related], around: Iterable[Neighbours]) -> tuple[Related, ...]:
    """Those that don't stand among the neighbours already."""
    near = [mention.address for own in around for mention in (own.before, own.after) if mention]
    return tuple(other for other in related if other.mention.address not in near)


def body_of(html: str, gallery: Any, base: str) -> str:
    """An article's body as its page has it: paragraphs to quote, links below the site's path, pictures in all sizes."""
    return number_paragraphs(gallery.dress(link_below(html, base), base))


def add_generator(_pelican: object) -> type[Generator]:
    return ReadGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
