"""Rules on pictures: those that the front matter names, and those within the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from gongbao.archive import IMAGES, check_picture
from gongbao.check.document import Document
from gongbao.check.reading_rules import found
from gongbao.check.registry import Finding, Remark, rule, whole_rule
from gongbao.check.whole import Spot, Whole

# However a text writes the way there, what counts is what stands behind images/.
BODY_PICTURE_RE = re.compile(r"(?:[^:]*/)?images/(?P<file>[^?#]+)")
MISSING, BAD = "missing-picture", "bad-picture"


@rule("warning", "图片没有写出画面")
def check_missing_alt(document: Document) -> Iterator[Finding]:
    """A picture without words for those who can't see it; in `images` that is an error.

    Bad:  ![](/images/song-nuan.jpg)
    Good: ![工会干部把棉衣交给环卫工](/images/song-nuan.jpg)
    """
    yield from found(document, "missing-alt")
    for link in document.links:
        if link.alt is not None and not link.alt.strip():
            yield Finding(link.at, f"图片 {link.target} 没有替代文字，请写出图上是什么")


@whole_rule("error", "没有这个图片文件")
def check_missing_picture(whole: Whole) -> Iterator[Remark]:
    """A picture that isn't in content/images, or is another site's.

    Bad:  ![礼堂](/images/litang.jpg)，而 images 里没有这个文件
    Good: ![礼堂](/images/litang.jpg)，images 里有这个文件
    """
    yield from _complain(whole, MISSING)


@whole_rule("error", "图片文件的名称不对，或不是 JPEG、PNG、WebP")
def check_bad_picture(whole: Whole) -> Iterator[Remark]:
    """A picture under a name that it can't have, or a file that is no JPEG, PNG or WebP.

    Bad:  images: [{file: litang.svg, alt: 工会礼堂}]
    Good: images: [{file: litang.png, alt: 工会礼堂}]
    """
    for facts in whole.files:
        yield from (Remark(facts.path, spot.line, spot.column, spot.text) for spot in facts.misnamed)
    yield from _complain(whole, BAD)


def _complain(whole: Whole, wanted: str) -> Iterator[Remark]:
    for facts in whole.files:
        for spot in facts.pictures:
            message, own = check_picture(whole.content / IMAGES, spot.text) or ("", "")
            if own == wanted:
                yield Remark(facts.path, spot.line, spot.column, message)
        for spot in facts.images:
            message, own = _check_body_picture(whole, spot)
            if own == wanted:
                yield Remark(facts.path, spot.line, spot.column, message)


def _check_body_picture(whole: Whole, spot: Spot) -> tuple[str, str]:
    if "://" in spot.text or spot.text.startswith("//"):
        return f"图片 {spot.text} 在别的网站上，请放进 {IMAGES} 文件夹", MISSING
    match = BODY_PICTURE_RE.fullmatch(spot.text)
    if match is None:
        return f"图片 {spot.text} 不在 {IMAGES} 文件夹里", MISSING
    return check_picture(whole.content / IMAGES, unquote(match["file"])) or ("", "")
