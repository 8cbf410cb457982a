"""A picture in the sizes and forms that browsers choose from: bytes in, bytes out.

Nothing but what is seen is left: no place, camera or owner of the metadata. The same bytes come out of the same bytes
by the same versions of Pillow and its coders, which RECIPE names.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import PIL
from PIL import Image, ImageCms, ImageOps, features

WIDTHS = (480, 960, 1440)  # a phone, a phone of high resolution, a column on a screen of high resolution
KINDS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
MOST_PIXELS = 100_000_000
WEBP = {"quality": 80, "method": 6}
SAVING: dict[str, dict[str, int | bool]] = {
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {**WEBP},
}
RECIPE = f"1 Pillow {PIL.__version__} " + " ".join(
    f"{name} {features.version(name)}" for name in ("webp", "jpg", "zlib")
)


class PictureError(ValueError):
    """The bytes are no picture that can be shown; the message says why, for editors."""


@dataclass(frozen=True)
class Rendition:
    """One size of a picture."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Renditions:
    """A picture's sizes as WebP, from the smallest, and the one in its own form for whatever can't read WebP."""

    webp: tuple[Rendition, ...]
    plain: Rendition


def make_renditions(data: bytes, suffix: str) -> Renditions:
    """All renditions of a file; none is larger than the picture. `suffix` is that of its name and says the plain form.

    Raises PictureError.
    """
    kind = KINDS[suffix.lower()]
    image = _open(data)
    widest = min(image.width, WIDTHS[-1])
    sizes = [_resize(image, width) for width in (*(width for width in WIDTHS if width < widest), widest)]
    return Renditions(
        tuple(Rendition(*size.size, _encode_webp(size, drawn=kind == "PNG")) for size in sizes),
        Rendition(*sizes[-1].size, _encode(sizes[-1], kind, **SAVING[kind])),
    )


def _open(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=tuple(set(KINDS.values())))
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        upright = _to_srgb(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError:
        raise PictureError(f"太大，请缩到 {MOST_PIXELS // 10**6} 百万像素以内") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise PictureError(f"不是完好的 JPEG、PNG 或 WebP 图片：{error}") from None
    upright.info = {}  # where Pillow keeps comments and profiles, which it would write again
    return upright


def _to_srgb(image: Image.Image) -> Image.Image:
    """The colours of the picture's own profile (a printer's, a phone's) as browsers take them without one."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            converted = None
        if converted is not None:
            return converted
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _resize(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _encode_webp(image: Image.Image, *, drawn: bool) -> bytes:
    """Of a drawing lossless WebP is often the smaller one, and always the sharper."""
    lossy = _encode(image, "WEBP", **WEBP)
    lossless = _encode(image, "WEBP", lossless=True, method=6) if drawn else lossy
    return min(lossless, lossy, key=len)


def _encode(image: Image.Image, kind: str, **options: int | bool) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
