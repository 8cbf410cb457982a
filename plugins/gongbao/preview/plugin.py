"""Pages of drafts while the archive is served on an editor's machine: in a folder beside the site, never in it."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pelican import signals
from pelican.generators import Generator
from pelican.writers import Writer

from gongbao.addresses import DRAFTS, file_of
from gongbao.archive import IMAGES
from gongbao.article import Lists
from gongbao.cache import Cache, hash_parts
from gongbao.inventory import Entry, Preview, read_entry
from gongbao.markup import render_markdown
from gongbao.preview.drafts import SEVERITIES, Card, Draft, find_drafts, make_card, review_files
from gongbao.preview.folder import PreviewFolder
from gongbao.preview.gallery import body_images, make_gallery
from gongbao.story import make_story

STYLE = Path(__file__).with_name("preview.css")


class PreviewGenerator(Generator):
    """Makes the pages at once: there are few, and they depend on files that the site doesn't."""

    def generate_output(self, _writer: Writer) -> None:
        """Nothing, unless the session was asked for a preview."""
        session = self.context["session"]
        if session.preview is None:
            return
        self.preview: Preview = session.preview
        self.cache: Cache = session.cache
        self.folder = PreviewFolder(self.preview.folder)
        lists: Lists = self.context["lists"]
        published = {story.article.path for story in self.context["stories"]}
        cards = []
        for draft in find_drafts(session.content, published, self.preview.drafts):
            key = hash_parts((session.inputs.site, str(draft), draft.path.read_bytes()))
            session.kept.add(name := f"drafts/{key}")
            card = self._kept_card(name, draft)
            if card is None or not self.folder.has(_file_of(draft.address), key):
                card = self._make(draft, name, key, lists, session.content)
            cards.append(card)
        self._copy_images({name for card in cards for name in card.images}, session.content / IMAGES)
        self._finish(cards, session.inputs.site)

    def _kept_card(self, name: str, draft: Draft) -> Card | None:
        data = self.cache.read(name)
        card: Card | None = pickle.loads(data) if data and self.folder.has_file(_file_of(draft.address)) else None
        return card

    def _make(self, draft: Draft, name: str, key: str, lists: Lists, content: Path) -> Card:
        entry = read_entry(draft.path, lists, content)
        found = self.preview.find_problems
        card = make_card(draft, entry, tuple(found(draft.path, content)) if found else entry.problems)
        shown = _shown(entry)
        card = replace(card, images=tuple(_images(shown)))
        self.folder.write(_file_of(draft.address), self._render("draft.html", card, **shown), key)
        self.cache.write(name, pickle.dumps(card, pickle.HIGHEST_PROTOCOL))
        return card

    def _copy_images(self, names: Iterable[str], images: Path) -> None:
        for name in sorted(names):
            path = images / name
            if path.is_file() and path.resolve().is_relative_to(images.resolve()):
                file, stat = f"{DRAFTS.strip('/')}/images/{name}", path.stat()
                key = f"{stat.st_size}-{stat.st_mtime_ns}"
                if not self.folder.has(file, key):
                    self.folder.write(file, path.read_bytes(), key)

    def _finish(self, cards: list[Card], site: str) -> None:
        groups: dict[str, list[Card]] = {}
        for card in cards:
            groups.setdefault(card.draft.folder, []).append(card)
        key = hash_parts((site, *(str(card) for card in cards)))
        if not self.folder.has(file_of(DRAFTS), key):
            self.folder.write(file_of(DRAFTS), self._render("drafts.html", None, groups=groups, total=len(cards)), key)
        self.folder.write(file_of(f"{DRAFTS}preview.css"), STYLE.read_bytes(), key)
        for file, path in review_files(self.preview.drafts):
            self.folder.write(file, path.read_bytes(), key)
        self.folder.keep_only_written()

    def _render(self, template: str, card: Card | None, **values: Any) -> bytes:
        own = {"card": card, "severities": SEVERITIES, "address": DRAFTS, "drafts_address": DRAFTS, **values}
        text: str = self.env.get_template(template).render({**self.context, **own})
        return text.encode()


def _file_of(address: str) -> str:
    """The file of a quoted address: the server looks for the name itself."""
    return file_of(unquote(address))


def _shown(entry: Entry) -> dict[str, Any]:
    """What the page shows: an article as readers would see it, or the text of what isn't one yet."""
    if entry.article is not None:
        gallery = make_gallery(entry.article.pictures)
        return {"story": make_story(entry.article), "around": (), "related": (), "gallery": gallery}
    return {"story": None, "body": render_markdown(entry.body)}


def _images(shown: Mapping[str, Any]) -> Iterator[str]:
    """The files below content/images/ that a page shows."""
    if story := shown["story"]:
        yield from (picture.file for picture in story.article.pictures)
        yield from body_images(story.html)


def add_generator(_pelican: object) -> type[Generator]:
    return PreviewGenerator


def register() -> None:
    signals.get_generators.connect(add_generator)
