"""Where renditions stand on the site, and how pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from gongbao.addresses import file_of, picture_address, rendition_address
from gongbao.article import Picture
from gongbao.pictures.store import Kept, Sizes

# nh3's output: attributes stand in double quotes. What leads to images/ is /, ../ or the path of the site.
BODY_PICTURE_RE = re.compile(r'<img\b(?P<before>[^>]*?)\ssrc="(?:[^":]*/)?images/(?P<file>[^"?#]+)"(?P<after>[^>]*)>')
SIZE_RE = re.compile(r'\s(?:width|height)="[^"]*"')
# How wide a picture stands on the page: the column of text, or the whole width of a phone but for its margins.
COLUMN = "(min-width: 48rem) 43rem, calc(100vw - 2.5rem)"


@dataclass(frozen=True)
class Shown:
    """A picture on a page: its size, and the addresses and widths of its WebP renditions."""

    file: str
    width: int
    height: int
    choices: tuple[tuple[str, int], ...]

    def attributes(self, base: str) -> str:
        """Those of an img element that let a browser keep its place and choose a size, below the site's path."""
        choices = ", ".join(f"{base}{address} {width}w" for address, width in self.choices)
        return f'width="{self.width}" height="{self.height}" srcset="{escape(choices)}" sizes="{COLUMN}"'


@dataclass(frozen=True)
class Plate:
    """A picture that an article names, with what stands below it."""

    picture: Picture
    shown: Shown


@dataclass(frozen=True)
class Gallery:
    """All pictures of an article: those that its front matter names, and those within its text."""

    plates: tuple[Plate, ...] = ()
    within: tuple[Shown, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.plates or self.within)

    def dress(self, html: str, base: str) -> str:
        """The text with its pictures in the size that the reader's screen asks for, fetched when she comes near."""
        if not self.within:
            return html
        shown = {one.file: one for one in self.within}

        def replace(match: re.Match[str]) -> str:
            own = SIZE_RE.sub("", match["before"] + match["after"])
            address = f'src="{base}{escape(picture_address(match["file"]))}"'
            return f'<img{own} {address} {shown[match["file"]].attributes(base)} loading="lazy" decoding="async">'

        return BODY_PICTURE_RE.sub(replace, html)


NO_PICTURES = Gallery()


def make_gallery(pictures: tuple[Picture, ...], html: str, sizes: Mapping[str, Sizes]) -> Gallery:
    """The pictures of one article; `sizes` has every file that articles name."""
    return Gallery(
        tuple(Plate(picture, show(picture.file, sizes[picture.file])) for picture in pictures),
        tuple(show(file, sizes[file]) for file in dict.fromkeys(body_pictures(html))),
    )


def show(file: str, sizes: Sizes) -> Shown:
    """What a page needs of a picture."""
    choices = tuple((rendition_address(one.checksum, one.width), one.width) for one in sizes.webp)
    return Shown(file, sizes.plain.width, sizes.plain.height, choices)


def name_files(file: str, sizes: Sizes) -> Iterator[tuple[str, Kept]]:
    """The site's files of a picture: the plain one at the picture's lasting address, others named by their bytes."""
    yield file_of(picture_address(file)), sizes.plain
    for one in sizes.webp:
        yield file_of(rendition_address(one.checksum, one.width)), one


def body_pictures(html: str) -> list[str]:
    """Files below content/images/ that a body shows."""
    if "<img" not in html:  # as most
        return []
    return [match["file"] for match in BODY_PICTURE_RE.finditer(html)]
