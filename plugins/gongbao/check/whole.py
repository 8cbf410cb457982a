"""What the rules on the archive as a whole know of each file, kept small enough to hold those of all files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gongbao.article import Lists
from gongbao.cache import hash_parts
from gongbao.check.document import Document
from gongbao.likeness import match_key, sketch_long

SKETCH = 32  # checksums kept of an article's text
SHORTEST = 60  # letters and digits; shorter stories are like each other by the form that such news has


@dataclass(frozen=True)
class Spot:
    """Something that a file says, and where."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Facts:
    """A file: its address, the old ones, what it links to, and a sketch of its text."""

    path: Path
    address: str | None
    published: bool
    aliases: tuple[Spot, ...]
    links: tuple[Spot, ...]
    images: tuple[Spot, ...]  # within the text; those that the front matter names are its pictures
    pictures: tuple[Spot, ...]
    misnamed: tuple[Spot, ...]  # pictures whose names the reading has refused
    paper: str
    body: Spot
    sketch: frozenset[int]
    exact: str  # the checksum of all its letters and digits
    dates: tuple[Spot, ...] = ()  # of the story and of the paper's issue


@dataclass(frozen=True)
class Whole:
    """All files of an archive, its lists, the images that there are, and the pages of the last publication.

    `strays` are files that nobody reads, `tomorrow` the first day that no article can tell of yet.
    """

    content: Path
    files: tuple[Facts, ...]
    lists: Lists
    images: frozenset[str]
    record: Path
    once: Mapping[str, int]
    strays: tuple[Path, ...] = ()
    tomorrow: str = "9999-12-31"

    @cached_property
    def owners(self) -> Mapping[str, Facts]:
        """Whose each address is."""
        owners: dict[str, Facts] = {}
        for facts in self.files:
            if facts.address:
                owners.setdefault(facts.address, facts)
        return owners

    @cached_property
    def aliases(self) -> Mapping[str, list[tuple[Facts, Spot]]]:
        """Who claims each old address."""
        claims: defaultdict[str, list[tuple[Facts, Spot]]] = defaultdict(list)
        for facts in self.files:
            for spot in facts.aliases:
                claims[spot.text].append((facts, spot))
        return claims


def gather_facts(document: Document) -> Facts:
    """What the rules on the whole need of a document."""
    article = document.article
    text = document.body.text
    key = match_key(text) if article else ""
    line, column = document.place(document.body.start + len(text) - len(text.lstrip()))
    aliases = article.aliases if article else ()
    pictures = article.pictures if article else ()
    where = document.place(document.start_of(document.node("aliases")))
    return Facts(
        path=document.path,
        address=document.address,
        published=article.status == "published" if article else document.page is not None,
        aliases=tuple(Spot(*where, alias) for alias in aliases),
        links=tuple(Spot(*document.place(one.at), one.target) for one in document.links if one.alt is None),
        images=tuple(Spot(*document.place(one.at), one.target) for one in document.links if one.alt is not None),
        pictures=tuple(Spot(one.line, document.column_of(one.line, one.file), one.file) for one in pictures),
        misnamed=tuple(Spot(one.line, one.column, one.message) for one in document.found if one.rule == "bad-picture"),
        paper=article.source.paper.id if article and article.source else "",
        body=Spot(line, column, ""),
        sketch=sketch_long(key, SKETCH) if len(key) >= SHORTEST else frozenset(),
        exact=hash_parts((key,)),
        dates=tuple(_dates(document)),
    )


def _dates(document: Document) -> Iterator[Spot]:
    article = document.article
    if article is None:
        return
    yield Spot(*document.place(document.start_of(document.node("date"))), str(article.date))
    if article.source and article.source.date:
        yield Spot(*document.place(document.start_of(document.node("source"))), str(article.source.date))
