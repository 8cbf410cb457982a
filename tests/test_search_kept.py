"""What an index takes over from the last one: postings that are patched, files by what they hold."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gongbao.archive import load_archive
from gongbao.article import Lists
from gongbao.cache import Cache
from gongbao.origin import PROJECT
from gongbao.search.build import Workshop, build_index
from gongbao.search.index import ArrayBuilder, make_builder
from gongbao.search.merged import GONE, Merged
from gongbao.search.packed import Packed, Packer
from gongbao.search.pairs import Pairs, PatchedPairs
from gongbao.search.standing import HEAD, MOST_AGAIN, Shelf, Standing, patch_pieces
from gongbao.search.store import ROOT, LastIndex, save_files
from gongbao.story import Story, make_story
from hypothesis import given, settings
from hypothesis import strategies as st

NAME = "index"
FIELDS = {"title": 8, "body": 1}
texts = st.fixed_dictionaries({name: st.lists(st.sampled_from("abcdefgh"), max_size=6) for name in FIELDS})
# What becomes of a document: it stays, goes, or another one takes its place; and what comes before it.
fate = st.tuples(texts, st.sampled_from(("stays", "stays", "goes", "changes")), st.lists(texts, max_size=1))
fates = st.lists(fate, min_size=1, max_size=8)


def build(docs: list[dict[str, list[str]]]) -> ArrayBuilder:
    builder = make_builder(FIELDS)
    for number, doc in enumerate(docs):
        builder.add({"ref": number, **doc})
    return builder


def pack(builder: ArrayBuilder, part: int) -> list[Packed]:
    packer = Packer(builder, make_costs)
    packed = [packer.pack(builder.merge_part(one)) for one in builder.parts(part)]
    return [Packed(one.merged.small(), one.levels, one.titles, one.lists, one.costs) for one in packed]


def make_costs(words: Sequence[str]) -> list[int]:
    return [ord(word[0]) for word in words]


def say(merged: Merged) -> tuple[object, ...]:
    own = (merged.starts, merged.documents, merged.counts, merged.escaped, merged.frequencies)
    return (merged.words, *(column.tolist() for column in own))


@settings(max_examples=150)
@given(fates=fates, part=st.integers(1, 30))
def test_patched_index_is_the_one_that_would_be_made(
    fates: list[tuple[dict[str, list[str]], str, list[dict[str, list[str]]]]], part: int
) -> None:
    before, after, numbers, new = [doc for doc, _, _ in fates], [], [], []
    for doc, what, others in fates:
        own = [*others, *([doc] if what == "stays" else [doc | {"body": ["x", "a"]}] if what == "changes" else [])]
        numbers.append(len(after) + len(own) - 1 if what == "stays" else GONE)
        new += [number for number in range(len(after), len(after) + len(own)) if number != numbers[-1]]
        after += own
    pieces = [piece for piece in pack(build(before), part) if piece.merged.words]
    if not pieces or not after:
        return
    whole, partial = build(after), make_builder(FIELDS)
    for number, doc in enumerate(after):
        partial.add({"ref": number, **(doc if number in new else {name: [] for name in FIELDS})})
    patches = patch_pieces(pieces, np.array(numbers), partial.merge(), len(after))
    expected = whole.merge()
    patched = [one.merged for _, one in patches.pieces]
    assert [word for one in patched for word in one.words] == expected.words
    assert [number for one in patched for number in one.frequencies.tolist()] == expected.frequencies.tolist()
    assert [number for one in patched for number in one.counts.tolist()] == expected.counts.tolist()
    assert [row for one in patched for row in one.escaped.tolist()] == expected.escaped.tolist()
    packer = Packer(whole, make_costs)
    packed = [
        packer.pack(one.merged) if patches.renumbered else packer.repack(last, one) for last, one in patches.pieces
    ]
    assert [own for one in packed for own in one.lists] == packer.pack(expected).lists
    assert [cost for one in packed for cost in one.costs.tolist()] == make_costs(expected.words)
    words, frequencies, columns = patches.weighable(whole, str.isalpha, 5)
    wanted = whole.weighable(str.isalpha, 5)
    assert (words, frequencies.tolist()) == (wanted[0], wanted[1].tolist())
    rows, wanted_rows = (
        sorted(
            row for share in some for own in share for row in zip(own.terms, own.documents, own.factors, strict=True)
        )
        for some in (columns, wanted[2])
    )
    assert rows == wanted_rows


def make_pairs(hashes: Mapping[int, list[int]]) -> Pairs:
    """The pairs of documents, given each one's hashes."""
    parts = (
        Pairs(np.array(own, dtype=np.uint32), np.full(len(own), number, np.int32)) for number, own in hashes.items()
    )
    return Pairs.join(parts)


hashes = st.lists(st.integers(0, 63).map(lambda value: value << 26), unique=True, max_size=9)


@given(before=st.lists(hashes, min_size=1, max_size=20), data=st.data())
def test_patched_pairs_are_those_that_would_be_made(before: list[list[int]], data: st.DataObject) -> None:
    after, numbers, new = list[list[int]](), list[int](), dict[int, list[int]]()
    for own in before:
        what = data.draw(st.sampled_from(("stays", "stays", "changes", "goes", "comes")))
        if what in ("changes", "comes"):
            new[len(after)] = data.draw(hashes)
            after.append(new[len(after)])
        numbers.append(len(after) if what in ("stays", "comes") else GONE)
        if numbers[-1] != GONE:
            after.append(own)
    last = make_pairs(dict(enumerate(before)))
    patched = PatchedPairs(last, last.make_files(len(before)), np.array(numbers), make_pairs(new))
    assert patched.make_files(len(after)) == make_pairs(dict(enumerate(after))).make_files(len(after))


def test_edit_makes_only_files_of_pairs_that_say_something_else() -> None:
    before = {0: [0, 1 << 31], 1: [1 << 30]}
    last = make_pairs(before)
    files = dict.fromkeys(last.make_files(100), b"as before")
    numbers = np.arange(100)
    numbers[0] = GONE
    patched = PatchedPairs(last, files, numbers, make_pairs({0: [0, 3 << 30]})).make_files(100)
    assert sorted(name for name, data in patched.items() if data != b"as before") == ["q/0004.bin", "q/0006.bin"]


def standing(*keys: str) -> Standing:
    return Standing(list(keys), {}, [()] * len(keys), [()] * len(keys))


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ("abcd", [0, 1, 2, 3]),
        ("xabcd", [1, 2, 3, 4]),
        ("abxd", [0, 1, GONE, 3]),
        ("badc", None),  # in another order
        ("aabcd", None),
        ("", None),
        ("efgh", None),
    ],
)
def test_documents_are_known_again(keys: str, numbers: list[int] | None) -> None:
    found = standing(*"abcd").renumber(list(keys))
    assert (None if found is None else found.tolist()) == numbers


def test_archive_that_changed_much_is_made_anew() -> None:
    many = [str(number) for number in range(100)]
    assert standing(*many).renumber([*many[:90], *(f"x{number}" for number in range(10))]) is not None
    assert standing(*many).renumber([*many[:50], *(f"x{number}" for number in range(50))]) is None


def test_standing_index_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    shelf, (piece,) = Shelf(Cache(tmp_path), "standing/x"), pack(build([{"title": ["a"], "body": ["b"]}]), 100)
    assert shelf.load("cd") is None
    for keys in ("ab", "cd"):
        own = standing(*keys)
        shelf.keep_piece(own, 0, piece)
        shelf.keep(replace(own, pieces=1), make_pairs({1: [2**31, 5], 0: [7]}), {"q/0000.bin": b"lists"})
    assert shelf.load("ab") is None
    kept = shelf.load("cd")
    assert kept
    assert kept.standing.keys == ["c", "d"]
    assert say(kept.pieces[0].merged) == say(piece.merged)
    assert (kept.pairs.hashes.tolist(), kept.pairs.holders.tolist()) == ([2**31, 5, 7], [1, 1, 0])
    assert kept.pair_files == {"q/0000.bin": b"lists"}
    files = sorted(path.name for path in (tmp_path / "standing/x").iterdir())
    assert len(files) == 5  # those of the earlier one are gone
    (tmp_path / "standing/x" / files[0]).unlink()
    assert shelf.load("cd") is None


def test_a_few_edits_are_patched_into_what_the_first_build_kept(lists: Lists, tmp_path: Path) -> None:
    stories = [make_story(article) for article in load_archive(PROJECT / "content").articles]
    workshop = Workshop(Cache(tmp_path / "cache"), "x")

    def build(archive: list[Story]) -> tuple[str, set[str]]:
        version = build_index(archive, lists, tmp_path / "index", workshop=workshop)
        assert build_index(archive, lists, tmp_path / "clean") == version
        return version, {path.name for path in (tmp_path / "cache" / "standing" / "x").iterdir()}

    def edit(story: Story, number: int) -> Story:
        article = replace(story.article, digest=f"{story.digest}-{number}")
        return replace(story, article=article, html=f"{story.html}<p>第{number}次改动</p>")

    first, kept = build(stories)
    again, still_kept = build([edit(stories[0], 1), *stories[1:]])
    assert again != first
    assert still_kept == kept
    many = [edit(story, 2) for story in stories[: MOST_AGAIN // 2 + 1]]
    assert build([*many, *stories[len(many) :]])[1].isdisjoint(kept - {HEAD})
    assert build(stories[1:])[1].isdisjoint(kept - {HEAD})  # all others are numbered anew


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


def test_folder_is_made_out_of_an_earlier_index(tmp_path: Path) -> None:
    files = {"s/0000.bin": b"one", "s/0001.bin": b"two", "q/0000.bin": b"three", "top.bin": b"same", ROOT: b"root"}
    last = save_files(files, tmp_path / "last", {}, None)
    before = {path: path.read_bytes() for path in (tmp_path / "last").rglob("*") if path.is_file()}
    # As a site's folder is laid out from another one's, and as an earlier build left it, with what somebody put there.
    shutil.copytree(tmp_path / "last", tmp_path / "new", copy_function=os.link)
    (tmp_path / "new" / last.version / "notes").write_text("stray", encoding="utf-8")
    (tmp_path / "new" / "stray").mkdir()
    (tmp_path / "new" / "stray.txt").write_text("stray", encoding="utf-8")
    changed = {"s/0000.bin": b"one", "s/0001.bin": b"2", "d/0000.bin": b"4", "top.bin": b"same", ROOT: b"another"}
    made = save_files(changed, tmp_path / "new", {}, last)
    clean = save_files(changed, tmp_path / "clean", {}, None)
    assert made.version == clean.version
    assert tree(tmp_path / "new") == tree(tmp_path / "clean")
    assert (tmp_path / "new" / made.version / "s/0000.bin").samefile(tmp_path / "last" / last.version / "s/0000.bin")
    assert before == {path: path.read_bytes() for path in before}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and folder below a folder, by its name."""
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


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
