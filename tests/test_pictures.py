"""Pictures: what readers and browsers get of them, and what is left out."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from gongbao.archive import load_archive
from gongbao.build.apart import BuildError
from gongbao.build.run import build_site
from gongbao.cache import Cache
from gongbao.pictures.renditions import WIDTHS, PictureError, make_renditions
from gongbao.pictures.store import look_up
from PIL import Image, ImageCms

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "pelicanconf.py"
ORIENTATION, GPS, ARTIST = 0x0112, 0x8825, 0x013B
IMAGES = "images: [{file: 2020/zhan.jpg, alt: 驿站门口, caption: 新开的驿站, credit: 某某 摄}]"
WriteArticle = Callable[..., Path]


def photograph(width: int = 2000, height: int = 1000, kind: str = "JPEG", **options: object) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def write_pictured(write_article: WriteArticle, content: Path, body: str = "门口摆着凉茶。", data: bytes = b"") -> None:
    path = write_article("zhan", title="驿站", body=body)
    text = path.read_text("utf-8")
    path.write_text(text.replace("---\n\n", f"{IMAGES}\n---\n\n", 1), "utf-8")
    picture = content / "images" / "2020" / "zhan.jpg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(data or photograph())


def test_renditions_are_never_larger_than_the_picture() -> None:
    made = make_renditions(photograph(1000, 500), ".jpg")
    assert [(one.width, one.height) for one in made.webp] == [(480, 240), (960, 480), (1000, 500)]
    assert [opened(one.data).size for one in made.webp] == [(one.width, one.height) for one in made.webp]
    assert (made.plain.width, opened(made.plain.data).format) == (1000, "JPEG")
    assert [one.width for one in make_renditions(photograph(300, 200, "PNG"), ".png").webp] == [300]
    assert make_renditions(photograph(4000, 100), ".jpg").webp[-1].width == WIDTHS[-1]


def test_picture_stands_upright_and_says_nothing_of_place_and_person() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = 6, "某某"
    exif.get_ifd(GPS)[1] = "N"
    data = photograph(800, 400, exif=exif, comment=b"secret")
    made = make_renditions(data, ".jpg")
    assert (made.plain.width, made.plain.height) == (400, 800)
    top = opened(made.plain.data).convert("RGB").getpixel((200, 100))
    assert isinstance(top, tuple)
    assert top[0] > 200  # the left half has become the upper one
    assert top[2] < 60
    for one in (*made.webp, made.plain):
        assert not opened(one.data).getexif()
        assert not {"exif", "comment", "icc_profile"} & set(opened(one.data).info)
        assert b"secret" not in one.data


def test_colours_of_a_printers_profile_become_those_of_browsers() -> None:
    image = Image.new("CMYK", (20, 20), (0, 255, 255, 0))
    out = io.BytesIO()
    image.save(out, "JPEG")
    assert opened(make_renditions(out.getvalue(), ".jpg").plain.data).mode == "RGB"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert make_renditions(photograph(40, 20, icc_profile=profile), ".jpg").plain.width == 40


@pytest.mark.parametrize("data", [b"", b"no picture", photograph()[:400], b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_broken_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        make_renditions(data, ".jpg")


def test_huge_picture_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(PictureError, match="太大"):
        make_renditions(out.getvalue(), ".png")


def test_the_same_bytes_come_of_the_same_bytes() -> None:
    assert make_renditions(photograph(), ".jpg") == make_renditions(photograph(), ".jpg")


def test_renditions_are_kept_by_the_pictures_bytes(tmp_path: Path) -> None:
    cache, path = Cache(tmp_path / "cache"), tmp_path / "a.jpg"
    path.write_bytes(photograph())
    sizes, names = look_up(cache, path)
    before = {name: (cache.folder / name).stat().st_mtime_ns for name in names}
    assert look_up(cache, path) == (sizes, names)
    assert {name: (cache.folder / name).stat().st_mtime_ns for name in names} == before
    path.write_bytes(photograph(1800))
    assert look_up(cache, path)[0] != sizes


def test_page_offers_sizes_keeps_the_place_and_names_the_photographer(
    write_article: WriteArticle, tmp_path: Path
) -> None:
    write_pictured(write_article, tmp_path / "content", body="先看图。\n\n![凉茶摊](/images/2020/zhan.jpg)\n\n再看字。")
    report = build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    page = (report.output / "articles/2020/zhan/index.html").read_text("utf-8")
    first, second = re.findall(r"<img [^>]*>", page)
    assert 'alt="驿站门口" width="1440" height="720"' in first
    assert "lazy" not in first
    assert 'alt="凉茶摊"' in second
    assert 'width="1440" height="720"' in second
    assert 'loading="lazy"' in second
    for address, width in re.findall(r"(/pictures/\S+) (\d+)w", first):
        assert opened((report.output / address[1:]).read_bytes()).width == int(width)
    assert re.search(r"<figcaption>新开的驿站 <span[^>]*>某某 摄</span></figcaption>", page)
    assert f'content="{siteurl()}/images/2020/zhan.jpg"' in page
    assert f'"image": ["{siteurl()}/images/2020/zhan.jpg"]' in page
    assert (report.output / "images/2020/zhan.jpg").is_file()


def siteurl() -> str:
    return "http://127.0.0.1:8000"


def test_feeds_name_the_picture(write_article: WriteArticle, tmp_path: Path) -> None:
    write_pictured(write_article, tmp_path / "content")
    report = build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    atom = (report.output / "feeds/all.atom.xml").read_text("utf-8")
    assert 'rel="enclosure" type="image/jpeg"' in atom
    (item,) = json.loads((report.output / "feeds/all.json").read_text("utf-8"))["items"]
    assert item["image"].endswith("/images/2020/zhan.jpg")


def test_pictures_stand_below_the_sites_path(write_article: WriteArticle, tmp_path: Path) -> None:
    write_pictured(write_article, tmp_path / "content", body="图：\n\n![凉茶摊](/images/2020/zhan.jpg)")
    settings = tmp_path / "below.py"
    settings.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pelicanconf import *\nSITEURL = 'https://a.example/b'\n"
    )
    report = build_site(tmp_path / "content", tmp_path / "site", settings)
    page = (report.output / "articles/2020/zhan/index.html").read_text("utf-8")
    assert set(re.findall(r'src="([^"]*\.jpg)"', page)) == {"/b/images/2020/zhan.jpg"}
    assert set(re.findall(r"(\S*/pictures/)", page)) <= {"/b/pictures/", 'srcset="/b/pictures/'}


def test_only_pictures_that_are_shown_are_published(write_article: WriteArticle, tmp_path: Path) -> None:
    write_pictured(write_article, tmp_path / "content")
    (tmp_path / "content/images/2020/private.jpg").write_bytes(photograph())
    report = build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    assert not list(report.output.rglob("private.jpg"))


def test_changed_picture_changes_its_page(write_article: WriteArticle, tmp_path: Path) -> None:
    write_pictured(write_article, tmp_path / "content")
    report = build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    page = report.output / "articles/2020/zhan/index.html"
    before = page.read_text("utf-8")
    (tmp_path / "content/images/2020/zhan.jpg").write_bytes(photograph(1200))
    build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    assert 'width="1200"' in page.read_text("utf-8")
    assert page.read_text("utf-8") != before


def test_missing_and_broken_pictures_are_named_with_their_line(write_article: WriteArticle, tmp_path: Path) -> None:
    write_pictured(write_article, tmp_path / "content", data=b"no picture")
    picture = tmp_path / "content/images/2020/zhan.jpg"
    with pytest.raises(BuildError, match=r"zhan\.md:\d+:\d+: .*不是 JPEG、PNG 或 WebP 图片 \(bad-picture\)"):
        build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    picture.write_bytes(photograph()[:400])
    with pytest.raises(BuildError, match=r"zhan\.md:\d+:\d+: 图片“2020/zhan.jpg”不是完好的 JPEG、PNG 或 WebP 图片"):
        build_site(tmp_path / "content", tmp_path / "site", SETTINGS)
    picture.unlink()
    (problem,) = load_archive(tmp_path / "content").problems
    assert re.search(r"zhan\.md:\d+:\d+: 没有图片文件 .*zhan\.jpg \(missing-picture\)", str(problem))
