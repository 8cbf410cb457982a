"""Pictures of drafts, shown as they are: sizes for phones and screens are made when an article is published."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongbao.addresses import DRAFTS
from gongbao.article import Picture

IMAGE_RE = re.compile(r'(?<=<img )([^>]*src=")[^">]*/images/([^">]+)')
IMAGES = f"{DRAFTS}images/"


@dataclass(frozen=True)
class RawPicture:
    """What a page shows of a picture."""

    address: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True)
class Shown:
    """No attributes of sizes."""

    def attributes(self, _base: str) -> str:
        return ""


@dataclass(frozen=True)
class Plate:
    """A picture beside the text."""

    picture: RawPicture
    shown: Shown = Shown()


@dataclass(frozen=True)
class RawGallery:
    """Offers what the gallery of a published article offers to its page."""

    plates: tuple[Plate, ...] = ()

    def dress(self, html: str, _base: str) -> str:
        """The body with its pictures taken from where drafts have theirs."""
        return IMAGE_RE.sub(lambda match: f"{match[1]}{IMAGES}{match[2]}", html)


def make_gallery(pictures: tuple[Picture, ...]) -> RawGallery:
    """The pictures of an article's front matter."""
    return RawGallery(
        tuple(Plate(RawPicture(f"{IMAGES}{one.file}", one.alt, one.caption, one.credit)) for one in pictures)
    )


def body_images(html: str) -> list[str]:
    """The files below content/images/ that a body shows."""
    return [match[2] for match in IMAGE_RE.finditer(html)]
