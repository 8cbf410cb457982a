"""Pelican's seams that a build goes through: what is read comes from `reading`, what is written goes to `rendering`.

Pelican's own generator for articles is off. It reads and renders one by one, makes an object of some forty attributes
for each, and its cache is of no use where plugins add to what was read. Its settings, themes, pages, static files and
signals serve as they are.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from functools import cached_property, partial
from json import JSONEncoder
from pathlib import Path
from typing import Any

from jinja2 import Template
from pelican import signals
from pelican.contents import Page as PelicanPage
from pelican.generators import Generator
from pelican.readers import BaseReader, Readers
from pelican.writers import Writer

from gongbao import addresses
from gongbao.archive import read_text
from gongbao.assets import SCRIPTS, STYLES, THEME, Assets
from gongbao.build.compiled import keep_compiled, render
from gongbao.build.session import current_session
from gongbao.frontmatter import split_front_matter
from gongbao.markup import render_markdown
from gongbao.pages import PageQueue
from gongbao.problem import ContentError
from gongbao.settings import base_path, read_settings
from gongbao.sitepage import parse_page
from gongbao.words import use_language

log = logging.getLogger(__name__)


class StoryGenerator(Generator):
    """Gives the templates and the other generators the stories, newest first, and the lists."""

    def generate_context(self) -> None:
        """Take what the session has read."""
        session = current_session(Path(self.output_path), Path(self.path))
        self.context["stories"] = session.reading.stories
        self.context["lists"] = session.lists
        self.context["session"] = session
        self.context["queue"] = session.queue
        self.context["asset_files"] = session.assets = Assets.of(Path(self.theme))
        self.context["assets"] = f"{base_path(self.settings['SITEURL'])}/{session.assets.folder.rstrip('/')}"


class PageReader(BaseReader):
    """Reads content/pages: title and optional summary in the front matter, the file's name as its address."""

    enabled = True
    file_extensions: list[str] = ["md"]  # noqa: RUF012  Pelican declares it so

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Parse one file to (HTML, metadata); logs every problem as an error, which ends a --fatal=errors build."""
        try:
            return read_page(Path(source_path))
        except ContentError as error:
            for problem in error.problems:
                log.error("%s", problem)
            raise


def read_page(path: Path) -> tuple[str, dict[str, Any]]:
    """A page of content/pages."""
    page = parse_page(split_front_matter(path, read_text(path).replace("\r\n", "\n")))[0]
    values = {"title": page.title, "slug": page.slug, "summary": page.summary, "order": page.order}
    return render_markdown(page.body), values


class PageWriter(Writer):
    """Writes nothing itself: pages are queued with what they are made of, and made at the end of the build."""

    def write_file(
        self,
        name: str,
        template: Template,
        context: Mapping[str, Any],
        *_: Any,
        inputs: object = None,
        view: partial[Mapping[str, Any]] | None = None,
        **values: Any,
    ) -> None:
        """Queue a page of a template.

        It depends on `inputs` if given, else on its values. `view` gives more values when the page is made.
        """
        values.pop("override_output", None)
        if inputs is None:
            inputs = {key: _stands_for(value) for key, value in values.items()}
        make = partial(make_page, template, context, values, view)
        self._queue.add(name, make, (template.name, inputs, values.get("url")))

    @cached_property
    def _queue(self) -> PageQueue:
        return current_session(Path(self.output_path)).queue


def make_page(
    template: Template, context: Mapping[str, Any], values: Mapping[str, Any], view: partial[Mapping[str, Any]] | None
) -> str:
    """A page of a template with its values and those of its view."""
    return render(template, {**context, **values, **(view() if view else {})})


def _stands_for(value: object) -> object:
    """A page of content/pages is told by what templates show of it."""
    if isinstance(value, PelicanPage):
        return (value.url, value.metadata["title"], value.summary, value.content)
    return value


def set_up_templates(generator: Generator) -> None:
    use_language(read_settings(generator.settings.get("GONGBAO", {})).language)
    # Chinese in JSON as itself: half the bytes of its escapes.
    encoder = JSONEncoder(ensure_ascii=False, sort_keys=True)
    generator.env.policies |= {"json.dumps_function": encoder.encode, "json.dumps_kwargs": {}}
    # Macros are given these, too, which know nothing of a page's values and so are made once.
    generator.env.globals["addresses"] = addresses
    generator.env.globals["phrases"] = partial(_part_headline, generator)
    keep_compiled(generator.env, Path(generator.theme), generator.settings["JINJA_ENVIRONMENT"])


def _part_headline(generator: Generator, headline: str) -> tuple[str, ...]:
    parts: tuple[str, ...] = generator.context["phrases"](headline)  # there once articles are read
    return parts


def add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = PageReader


def add_generator(_pelican: object) -> type[Generator]:
    return StoryGenerator


def add_writer(_pelican: object) -> type[Writer]:
    return PageWriter


def finish(pelican: Any) -> None:
    """Put the assets in the place of the theme's own styles and modules, and make what was queued."""
    output = Path(pelican.output_path)
    session = current_session(output)
    for name in (STYLES, SCRIPTS):
        shutil.rmtree(output / THEME / name, ignore_errors=True)
    if session.assets:
        session.assets.write(output, Path(pelican.theme))
    session.write()


def register() -> None:
    signals.generator_init.connect(set_up_templates)
    signals.readers_init.connect(add_reader)
    signals.get_generators.connect(add_generator)
    signals.get_writer.connect(add_writer)
    signals.finalized.connect(finish)
