"""Queues the pages of the articles, with what stands around each, and the page of the reader's own list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao import addresses
from gongbao.article import Lists
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
        """Queue the articles, and /shelf/; what stands there only the reader's browser knows."""
        template = self.env.get_template("article.html")
        arounds = list(map(self.series.around, (story.article for story in self.stories)))
        galleries = list(map(self.context["gallery_of"], self.stories))
        nears = [[part for own in around for part in _shown(own)] for around in arounds]
        alike = self.context["related"]()  # is still being looked for while the rest is gathered
        for story, around, gallery, near in zip(self.stories, arounds, galleries, nears, strict=True):
            file = addresses.file_of(story.article.address)
            related = _apart(alike.get(story.article.address, ()), around)
            also = [part for other in related for part in (other.article.digest, len(other.words), *other.words)]
            shown = (gallery,) if gallery else ()  # texts alone are digested in one step
            inputs = (story.digest, len(near), *near, *also, *shown)
            values = {"story": story, "around": around, "related": related, "gallery": gallery}
            writer.write_file(file, template, self.context, inputs=inputs, **values)
        template, address = self.env.get_template("shelf.html"), addresses.SHELF
        writer.write_file(addresses.file_of(address), template, self.context, url=address, address=address)


def _shown(own: Neighbours) -> tuple[str, ...]:
    return (own.kind, own.name, own.address, *(other.digest if other else "" for other in (own.before, own.after)))


def _apart(related: Iterable[Related], around: Iterable[Neighbours]) -> tuple[Related, ...]:
    """Those that don't stand among the neighbours already."""
    near = [article.address for own in around for article in (own.before, own.after) if article]
    return tuple(other for other in related if other.article.address not in near)


def body_of(html: str, gallery: Any, base: str) -> str:
    """An article's body as its page has it: paragraphs to quote, links below the site's path, pictures in all sizes."""
    return number_paragraphs(gallery.dress(link_below(html, base), base))


def add_generator(_pelican: object) -> type[Generator]:
    return ReadGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
