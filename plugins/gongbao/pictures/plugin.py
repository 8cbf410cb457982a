"""Pictures of articles: made in several sizes, without their metadata, and offered to the articles' pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao.archive import IMAGES
from gongbao.article import Picture
from gongbao.pictures.gallery import NO_PICTURES, Gallery, body_pictures, make_gallery, name_files
from gongbao.pictures.renditions import KINDS, PictureError
from gongbao.pictures.store import Sizes, look_up, read_rendition
from gongbao.problem import ContentError, Problem
from gongbao.settings import base_path
from gongbao.story import Story


class PicturesGenerator(Generator):
    """Makes what published articles and pages show of content/images/; other files there aren't published."""

    def generate_context(self) -> None:
        """Have all renditions, and offer the gallery of an article to the other generators."""
        self.images = Path(self.path) / IMAGES
        self.session = self.context["session"]
        places = dict(reversed([*self._places()]))  # the first that names a file is named if it is broken
        with ThreadPoolExecutor() as pool:  # Pillow lets go of the interpreter while it scales and encodes
            found = pool.map(self._look_up, places, places.values())
            results = dict(zip(places, found, strict=True))
        problems = [result for result in results.values() if isinstance(result, Problem)]
        if problems:
            error = ContentError(problems)
            self.session.failure = str(error)
            raise error
        self.sizes = {file: sizes for file, sizes in results.items() if isinstance(sizes, Sizes)}
        self.context["gallery_of"] = self._gallery_of
        for page in self.context["pages"]:
            dressed = self._gallery((), page.content).dress(page.content, base_path(self.settings["SITEURL"]))
            page._content = dressed  # as Pelican's own plugins change a page's content

    def generate_output(self, _: Writer) -> None:
        """Queue the files, each once; browsers may keep those of /pictures/ for ever."""
        files = {name: (kept, file) for file, own in self.sizes.items() for name, kept in name_files(file, own)}
        for name, (kept, file) in files.items():
            make = partial(read_rendition, self.session.cache, kept, self.images / file)
            self.session.queue.add(name, make, kept)

    def _places(self) -> Iterator[tuple[str, tuple[Path, int]]]:
        """Files and where they are named: article or page, and line."""
        for story in self.context["stories"]:
            article = story.article
            yield from ((one.file, (article.path, one.line)) for one in article.pictures)
            yield from ((file, (article.path, article.body_line)) for file in body_pictures(story.html))
        for page in self.context["pages"]:
            yield from ((file, (Path(page.source_path), 1)) for file in body_pictures(page.content))

    def _gallery_of(self, story: Story) -> Gallery:
        if not story.article.pictures and "<img" not in story.html:
            return NO_PICTURES
        return self._gallery(story.article.pictures, story.html)

    def _gallery(self, pictures: tuple[Picture, ...], html: str) -> Gallery:
        return make_gallery(pictures, html, self.sizes)

    def _look_up(self, file: str, place: tuple[Path, int]) -> Sizes | Problem:
        """The renditions of a file, or what is wrong with it."""
        path = self.images / file
        try:
            if not path.is_file() or not path.resolve().is_relative_to(self.images.resolve()):
                raise PictureError("不在 content/images/ 里")
            if path.suffix.lower() not in KINDS:
                raise PictureError(f"不能用，可用的是 {'、'.join(KINDS)}")
            sizes, names = look_up(self.session.cache, path)
        except PictureError as error:
            return Problem(*place, f"图片“{file}”{error}", "bad-picture")
        self.session.kept |= names
        return sizes


def add_generator(_pelican: object) -> type[Generator]:
    return PicturesGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
