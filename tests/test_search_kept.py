"""What an index takes over from the last one: lists of postings by what they say, files by what they hold."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
from gongbao.cache import Cache
from gongbao.search.coding import ESCAPE, Payload, encode_lists
from gongbao.search.packed import PackedLists
from gongbao.search.store import ROOT, LastIndex, save_files
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENTS = 40
NAME = "packed"
# A posting's document, its count or ESCAPE, the level of its factor and that of its title's, -1 for none.
Posting = tuple[int, int, int, int]
posting = st.tuples(
    st.integers(0, DOCUMENTS - 1), st.sampled_from((0, 0, 0, ESCAPE, 2, 7)), st.integers(0, 63), st.integers(-1, 63)
)
postings = st.lists(posting, min_size=1, max_size=6, unique_by=lambda one: one[0]).map(sorted)
some_lists = st.lists(postings, max_size=8)


def arrays(lists: list[list[Posting]]) -> tuple[np.ndarray, np.ndarray, Payload]:
    starts = np.cumsum([0, *map(len, lists)])
    columns = np.array([one for own in lists for one in own], dtype=np.int64).reshape(-1, 4).T
    escaped = columns[1] == ESCAPE
    titles = np.where(escaped, columns[3], -1)
    return starts, columns[0], Payload(columns[1], np.where(escaped, columns[2], 0), titles)


@settings(max_examples=300)
@given(
    before=st.lists(postings, max_size=8), after=st.lists(postings, max_size=8), shared=st.lists(postings, max_size=8)
)
def test_lists_taken_over_are_those_that_would_be_encoded(
    before: list[list[Posting]], after: list[list[Posting]], shared: list[list[Posting]]
) -> None:
    starts, documents, payload = arrays(before + shared)
    kept = PackedLists.of(*PackedLists().encode(starts, documents, DOCUMENTS, payload))
    starts, documents, payload = arrays(shared + after)
    _, lists = kept.encode(starts, documents, DOCUMENTS, payload)
    assert lists == encode_lists(starts, documents, DOCUMENTS, payload)


@settings(max_examples=300)
@given(own=st.lists(postings, min_size=2, max_size=12), count=st.sampled_from((DOCUMENTS, DOCUMENTS + 1)))
def test_lists_have_one_print_if_they_say_the_same(own: list[list[Posting]], count: int) -> None:
    starts, documents, payload = arrays(own)
    prints, _ = PackedLists().encode(starts, documents, DOCUMENTS, payload)
    others, _ = PackedLists().encode(starts, documents, count, payload)
    said = [tuple((d, c, *(rest if c == ESCAPE else ())) for d, c, *rest in one) for one in own]
    for number, one in enumerate(said):
        for place, other in enumerate(said):
            assert (prints[number] == others[place]) == (one == other and count == DOCUMENTS)


def test_lists_are_kept_in_a_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert not len(PackedLists.load(cache, NAME).prints)
    starts, documents, payload = arrays([[(1, 0, 0, -1)], [(3, 2, 0, -1), (5, 0, 0, -1)]])
    prints, lists = PackedLists().encode(starts, documents, DOCUMENTS, payload)
    PackedLists.of(prints, lists).save(cache, NAME)
    assert PackedLists.load(cache, NAME).encode(starts, documents, DOCUMENTS, payload)[1] == lists


def test_files_of_the_same_bytes_are_the_last_indexs_own(tmp_path: Path) -> None:
    files = {"s/0000.bin": b"one" * 40, "s/0001.bin": b"two" * 40, ROOT: b"root"}
    last = save_files(files, tmp_path / "first", {}, None)
    made = save_files({**files, "s/0001.bin": b"2" * 90}, tmp_path / "second", {}, last)
    assert made.version != last.version
    same, other = (tmp_path / "second" / made.version / name for name in ("s/0000.bin", "s/0001.bin"))
    assert same.samefile(tmp_path / "first" / last.version / "s/0000.bin")
    assert gzip.decompress(other.read_bytes()) == b"2" * 90
    clean = save_files({**files, "s/0001.bin": b"2" * 90}, tmp_path / "clean", {}, None)
    assert clean.version == made.version


def test_file_that_somebody_changed_is_packed_again(tmp_path: Path) -> None:
    files = {"s/0000.bin": b"one" * 40, ROOT: b"root"}
    last = save_files(files, tmp_path / "first", {}, None)
    path = tmp_path / "first" / last.version / "s/0000.bin"
    path.write_bytes(b"damaged")
    os.utime(path, ns=(1, 1))
    made = save_files(files, tmp_path / "second", {}, last)
    assert gzip.decompress((tmp_path / "second" / made.version / "s/0000.bin").read_bytes()) == b"one" * 40


def test_last_index_is_kept_in_a_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    made = save_files({"s/0000.bin": b"one", ROOT: b"root"}, tmp_path / "first", {}, None)
    made.save(cache, NAME)
    assert LastIndex.load(cache, NAME, tmp_path / "first") == made
    assert LastIndex.load(cache, "nothing", tmp_path / "first").files == {}
