"""Which articles are said to tell of the same, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from gongbao.article import Lists
from gongbao.build.run import build_site
from gongbao.search.counts import count_batch
from gongbao.search.documents import own_words
from gongbao.search.index import ArrayBuilder, make_builder
from gongbao.search.lexicon import make_segmenter
from gongbao.search.merged import GONE
from gongbao.search.packed import Packer
from gongbao.search.related import (
    LEAST_LIKENESS,
    MOST_RELATED,
    UNIT,
    Comparison,
    Likeness,
    Vectors,
    compare,
    compare_again,
    most_holders,
    patch_vectors,
    weightiest_words,
)
from gongbao.search.segment import Segmenter
from gongbao.search.standing import patch_pieces
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
TEXTS = (
    "骑士驿站给外卖送餐员准备了热水和充电宝",
    "外卖送餐员在骑士驿站歇脚充电",
    "书法家为职工写春联",
    "职工书法家冒雪写春联，送进车间",
    "乒乓球比赛在体育馆开幕",
    "",
)


@pytest.fixture(scope="module")
def segmenter(lists: Lists) -> Segmenter:
    return make_segmenter(frozenset(own_words(lists.vocabulary, lists.regions)))


def count(texts: tuple[str, ...], segmenter: Segmenter) -> ArrayBuilder:
    builder = make_builder({"body": 1}, segmenter.lattice)
    builder.add_refs([str(number) for number in range(len(texts))])
    builder.add_counts(np.arange(len(texts), dtype=np.int32), count_batch({"body": texts}, segmenter).fields)
    return builder


def vectors_of(builder: ArrayBuilder) -> Vectors:
    return weightiest_words(builder.weighable, builder.document_count)


def find_related(builder: ArrayBuilder) -> list[Likeness]:
    return list(compare(vectors_of(builder), np.arange(builder.document_count)))


def test_articles_with_the_same_weighty_words_are_related(segmenter: Segmenter) -> None:
    found = {(one.number, one.other): one.words for one in find_related(count(TEXTS, segmenter))}
    assert set(found) == {(0, 1), (1, 0), (2, 3), (3, 2)}
    assert found[0, 1] == found[1, 0]
    assert "书法家" in found[2, 3]


def test_archive_without_articles_has_none_related(write_article: Callable[..., Path], tmp_path: Path) -> None:
    draft = write_article("draft")
    draft.write_text(draft.read_text("utf-8").replace("---\n\n", "status: draft\n---\n\n", 1), "utf-8")
    report = build_site(tmp_path / "content", tmp_path / "site", ROOT / "pelicanconf.py")
    assert report.articles == 0
    assert (report.output / "index.html").is_file()


def test_words_of_nearly_all_articles_relate_nothing(segmenter: Segmenter) -> None:
    texts = tuple(
        f"总工会慰问职工{own}" for own in ("春联", "乒乓球", "驿站", "法律援助", "钢铁厂", "图书馆", "渔船", "茶园")
    )
    assert find_related(count(texts, segmenter)) == []


def test_vectors_are_unit_vectors_and_likeness_their_cosine(segmenter: Segmenter) -> None:
    builder = count(TEXTS, segmenter)
    vectors = vectors_of(builder)
    for number in (0, 1, 2, 3):
        own = vectors.weights[vectors.documents == number]
        assert abs(np.sqrt((own**2).sum()) - UNIT) < 5
    own, other = (
        {
            vectors.words[term]: int(weight)
            for term, weight in zip(vectors.terms[rows], vectors.weights[rows], strict=True)
        }
        for rows in (vectors.documents == 0, vectors.documents == 1)
    )
    assert sum(weight * other.get(word, 0) for word, weight in own.items()) >= LEAST_LIKENESS


def test_the_most_alike_come_first_and_few_are_named(segmenter: Segmenter) -> None:
    texts = (*(f"骑士驿站外卖送餐员{'充电' * n}" for n in range(8)), *(f"别的事{n}" for n in range(40)))
    found = [one.other for one in find_related(count(texts, segmenter)) if one.number == 3]
    assert len(found) == MOST_RELATED
    assert 3 not in found


def test_page_names_related_articles_with_their_words(write_article: Callable[..., Path], tmp_path: Path) -> None:
    places = ("陕西省/延安市/安塞区", "山西省/太原市", "北京市", "河北省", "河南省")
    for number, (text, place) in enumerate(zip(TEXTS[:5], places, strict=False)):
        write_article(f"a{number}", title=f"第{number}篇", region=place, campaign="", body=text)
    build_site(tmp_path / "content", tmp_path / "site", ROOT / "pelicanconf.py")
    page = (tmp_path / "site/articles/2020/a0/index.html").read_text("utf-8")
    part = re.search(r'<nav class="neighbours" aria-label="相关报道">.*?</nav>', page, re.S)
    assert part
    assert "/articles/2020/a1/" in part[0]
    assert "都讲到“" in part[0]
    other = (tmp_path / "site/articles/2020/a4/index.html").read_text("utf-8")
    assert "相关报道" not in other


@given(
    before=st.lists(st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬癸"), max_size=4), min_size=2, max_size=12),
    data=st.data(),
)
def test_patched_comparison_is_what_would_be_made(before: list[list[str]], data: st.DataObject) -> None:
    changed = data.draw(st.sets(st.integers(0, len(before) - 1), max_size=2))
    # As long as it was: other average lengths would be other vectors throughout.
    after = [
        [*own[1:], data.draw(st.sampled_from("甲乙丙"))] if own and at in changed else own
        for at, own in enumerate(before)
    ]

    def make(texts: list[list[str]], only: set[int]) -> ArrayBuilder:
        builder = make_builder({"title": 8, "body": 1})
        for number, words in enumerate(texts):
            own = [word * 2 for word in words] if number in only else []
            builder.add({"ref": number, "title": own[:1], "body": own})
        return builder

    every = set(range(len(before)))
    old, new = make(before, every), make(after, every)
    numbers = np.array([GONE if at in changed else at for at in every])
    packed = Packer(old, lambda words: [0] * len(words)).pack(old.merge())
    if not packed.merged.words:
        return
    patches = patch_pieces([packed], numbers, make(after, changed).merge(), len(after))
    touched = patches.touched(len(after), most_holders(len(after))) | (numbers == GONE)
    some = weightiest_words(partial(patches.weighable, new, only=touched), len(after))
    (vectors, again), whole = patch_vectors(vectors_of(old), touched, some), vectors_of(new)
    assert say(vectors) == say(whole)
    found = compare_again(Comparison(vectors_of(old), find_related(old)), vectors, again).found
    assert found == find_related(new)


def say(vectors: Vectors) -> list[tuple[int, str, int]]:
    rows = zip(vectors.documents.tolist(), vectors.terms.tolist(), vectors.weights.tolist(), strict=True)
    return [(document, vectors.words[term], weight) for document, term, weight in rows]
