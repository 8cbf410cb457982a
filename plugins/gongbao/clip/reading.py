"""A page dump as text: whatever its encoding and its newlines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer

from gongbao.clip.problem import ClipError

# A page has 5,000 to 15,000 characters, a whole issue of a daily some 200,000. More is no page, and would take long.
LIMIT = 1 << 20
MOST_LINES = 20_000
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LEGACY = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
MAGIC = (
    (b"%PDF", "PDF 文件"),
    (b"PK\x03\x04", "压缩文件或 Word 文档"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\x1f\x8b", "压缩文件"),
)
SAMPLE = 1 << 16  # enough to tell encodings apart, and to tell text from noise
CONTROLS = frozenset(map(chr, (*range(9), *range(14, 32), 127)))
FEWEST_CONTROLS = 0.02


@dataclass(frozen=True)
class Dump:
    """A page's text with `\\n` for every newline; `sha256` is that of the file's bytes."""

    path: Path
    text: str
    sha256: str
    encoding: str = "utf-8"


def read_dump(path: Path) -> Dump:
    """Read a page in UTF-8, UTF-16, GB18030 or Big5.

    Raises ClipError naming the file if it is missing, empty, larger than a page can be, or no text.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LIMIT else b""
    except OSError as error:
        raise ClipError(f"{path}：读不到这个文件（{error.strerror}）") from None
    if size > LIMIT:
        raise ClipError(f"{path}：文件有 {size / 1e6:.0f} MB，一个版面的录文不会超过 {LIMIT >> 20} MB，请先分开")
    text, encoding = decode(data, path)
    return Dump(path, text, hashlib.sha256(data).hexdigest(), encoding)


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a file's bytes and the name of its encoding. Raises ClipError."""
    kind = next((name for magic, name in MAGIC if data.startswith(magic)), None)
    if kind:
        raise ClipError(f"{path}：这是{kind}，剪报只认纯文本")
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), None)
    text, encoding = _decode_as(data, encoding) if encoding else _detect(data, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (lines := text.count("\n")) > MOST_LINES:
        raise ClipError(f"{path}：有 {lines} 行，一个版面的录文不会超过 {MOST_LINES} 行，请先分开")
    sample = text[:SAMPLE]
    if not sample.strip():
        raise ClipError(f"{path}：文件是空的，没有可剪的文字")
    if sum(char in CONTROLS for char in sample) > FEWEST_CONTROLS * len(sample):
        raise ClipError(f"{path}：像是二进制文件，剪报只认纯文本")
    return text, encoding


def _decode_as(data: bytes, encoding: str) -> tuple[str, str]:
    return data.decode(encoding, errors="replace"), encoding.removesuffix("-sig")


def _detect(data: bytes, path: Path) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        broken = error
    best = charset_normalizer.from_bytes(data[:SAMPLE], cp_isolation=LEGACY).best()
    if best is not None:
        try:
            return data.decode(best.encoding), best.encoding.replace("_", "-")
        except UnicodeDecodeError as error:
            broken = error
    line = data.count(b"\n", 0, broken.start) + 1
    raise ClipError(
        f"{path}：第 {line} 行的编码认不出来（字节 0x{data[broken.start]:02x}），请另存为 UTF-8、UTF-16 或 GB18030"
    )
