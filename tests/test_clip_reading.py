"""A dump is read whatever its encoding; what is no page is refused in one sentence, in bounded time."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongbao.clip.problem import ClipError
from gongbao.clip.reading import LIMIT, MOST_LINES, read_dump

TEXT = "职工书屋添新书\n本报讯（记者王小明）县总工会给十二家企业送去图书，女工们围着书架挑了一下午。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_newline(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes((TEXT * 3).replace("\n", newline).encode(encoding))
    assert read_dump(path).text == TEXT * 3


def test_utf_16_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes((TEXT * 3).encode("utf-16-le"))
    assert read_dump(path).text == TEXT * 3


def test_the_checksum_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"abc")
    assert read_dump(path).sha256.startswith("ba7816bf")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "空的"),
        (b" \n\t\n", "空的"),
        (b"%PDF-1.7\n\xe2\xe3", "PDF"),
        (b"PK\x03\x04xx", "压缩文件"),
        (b"\x89PNG\r\n", "图片"),
        (bytes(range(256)) * 40, "page.txt"),
        (b"\0" * 5000 + b"a", "二进制"),
        (b"a\n" * (MOST_LINES + 2), "行"),
    ],
)
def test_what_is_no_page_is_refused_by_name(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    with pytest.raises(ClipError, match=found) as caught:
        read_dump(path)
    assert str(caught.value).startswith(str(path))


def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert LIMIT < 50_000_000
    with pytest.raises(ClipError, match="50 MB"):
        read_dump(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="读不到"):
        read_dump(tmp_path / "none.txt")


def test_a_lone_nul_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(TEXT * 3 + "空\0字", encoding="utf-8")
    assert "空\0字" in read_dump(path).text
