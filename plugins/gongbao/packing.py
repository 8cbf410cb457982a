"""Files deflated when they are read, so that a download of all of them needs none to be packed again."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

# The earliest time that a ZIP file can give: the same sources make the same bytes, whenever they were checked out.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
UNIX, PLAIN_FILE = 3, 0o100644 << 16
LEVEL = 9
LEAST_WBITS = 9  # of zlib


class PackedFile(NamedTuple):
    """A file's bytes as ZIP has them: deflated, with the CRC-32 and the number of the bytes themselves."""

    crc: int
    size: int
    data: bytes


def pack_file(data: bytes) -> PackedFile:
    """Deflate a file's bytes, in a window that holds them twice: to lay out the largest takes a third of the time."""
    window = min(max(len(data).bit_length() + 1, LEAST_WBITS), zlib.MAX_WBITS)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -window)
    return PackedFile(zlib.crc32(data), len(data), packer.compress(data) + packer.flush())


def write_zip(files: Mapping[str, PackedFile]) -> bytes:
    """A ZIP file of at least one file, with sorted names and fixed times; bytes differ between versions of zlib only.

    `zipfile` packs what it writes, so these are put in beside it; it notes them with the last one, which it writes.
    """
    out, (*names, last) = io.BytesIO(), sorted(files)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in names:
            entry, own = _entry(name), files[name]
            entry.CRC, entry.file_size, entry.compress_size = own.crc, own.size, len(own.data)
            entry.header_offset = out.tell()
            out.write(entry.FileHeader(zip64=False))
            out.write(own.data)
            archive.filelist.append(entry)
            archive.NameToInfo[name] = entry
        archive.start_dir = out.tell()
        archive.writestr(_entry(last), zlib.decompress(files[last].data, -zlib.MAX_WBITS))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIXED_TIME)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, PLAIN_FILE
    return entry
