"""The two engines, Python's and the browser's, over the same slices; and the promise that every substring is found."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from gongbao.addresses import SEARCH_INDEX
from gongbao.archive import load_archive
from gongbao.article import Lists, parse_article
from gongbao.build.reading import make_story
from gongbao.markup import html_paragraphs, render_markdown
from gongbao.search.build import build_index
from gongbao.search.engine import SearchIndex, open_index
from gongbao.search.reader import BrokenIndexError
from gongbao.story import Story
from gongbao.text import HAN
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
HAN_RUN_RE = re.compile(f"[{HAN}]+")
# A small alphabet makes words, half words and repeated words likely.
ALPHABET = "工会总送温暖清凉人民大学生新疆维吾尔自治区职工劳动者爱心驿站安塞张莲，。2020 App"
texts = st.text(alphabet=ALPHABET, min_size=1, max_size=60)


def make_article(number: int, title: str, body: str, lists: Lists, year: int = 2020) -> Story:
    front = f"---\ntitle: {json.dumps(title or '题', ensure_ascii=False)}\ndate: {year}-01-15\n"
    front += "region: [陕西省/延安市/安塞区]\ncampaign: [送温暖]\n---\n\n"
    article, _ = parse_article(Path(f"a{number}.md"), front + (body.strip() or "正文"), lists)
    return make_story(article)


def build_small(texts: Sequence[tuple[str, str]], lists: Lists, folder: Path) -> SearchIndex:
    made = [make_article(number, title, body, lists) for number, (title, body) in enumerate(texts)]
    build_index(made, lists, folder)
    return SearchIndex(folder)


def ask_browser(run_node: Callable[..., str], folder: Path, queries: Sequence[dict[str, Any]]) -> list[Any]:
    answers: list[Any] = json.loads(run_node("search.mjs", str(folder), text=json.dumps(list(queries))))
    return answers


@pytest.fixture(scope="module")
def folder_factory(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("index")


@settings(max_examples=25)
@given(corpus=st.lists(st.tuples(texts, texts), min_size=1, max_size=6), data=st.data())
def test_every_substring_of_random_texts_finds_its_article(
    corpus: list[tuple[str, str]], data: st.DataObject, lists: Lists, folder_factory: Callable[[], Path]
) -> None:
    index = build_small(corpus, lists, folder_factory())
    for number, (title, body) in enumerate(corpus):
        for text in (title, body):
            runs = HAN_RUN_RE.findall(" ".join(text.split()))
            if not runs:
                continue
            run = data.draw(st.sampled_from(runs))
            start = data.draw(st.integers(0, len(run) - 1))
            query = run[start : data.draw(st.integers(start + 1, len(run)))]
            answer = index.search(query, limit=len(corpus))
            assert f"/articles/2020/a{number}/" in [hit.url for hit in answer.results], query
            assert answer.missing == []


def test_every_sampled_substring_of_the_demo_archive_finds_its_article(site: Path) -> None:
    index = open_index(site)
    rng = random.Random(20200115)
    archive = load_archive(ROOT / "content")
    for article in archive.articles:
        body = " ".join(html_paragraphs(render_markdown(article.body)))
        for _ in range(12):
            run = rng.choice([run for run in HAN_RUN_RE.findall(f"{article.title}，{body}") if len(run) > 1])
            start = rng.randrange(len(run) - 1)
            query = run[start : rng.randint(start + 2, len(run))]
            found = [hit.url for hit in index.search(query, limit=100).results]
            assert article.address in found, query


def test_copied_passage_with_punctuation_and_numbers_finds_its_article(site: Path) -> None:
    """Twelve characters cut anywhere: at the edge of a number, across a comma, with a line break put in."""
    index = open_index(site)
    rng = random.Random(7)
    for article in load_archive(ROOT / "content").articles:
        body = "".join(html_paragraphs(render_markdown(article.body)))
        for _ in range(12):
            start = rng.randrange(len(body) - 12)
            passage = body[start : start + 12]
            for query in (passage, passage.replace("，", "，\n"), passage.translate(str.maketrans("0123", "０１２３"))):
                answer = index.search(query)
                assert article.address in [hit.url for hit in answer.results], passage


def test_both_engines_give_the_same_answers(site: Path, run_node: Callable[..., str]) -> None:
    rng = random.Random(3)
    words = ["工会", "送温暖", "职工", "驿站", "安塞", "2020", "万元", "没有这个词", "的", "骑手 春联", "APP"]
    bodies = ["".join(html_paragraphs(render_markdown(a.body))) for a in load_archive(ROOT / "content").articles]
    words += [
        '"送温暖"',
        '"户外劳动者 服务站"',
        "送温暖 -环卫",
        "-工会",
        "title:工会",
        "工匠*",
        "總工會",
        "安塞區總工會 勞模",
    ]
    words += [
        "市总",
        "市总工会 -title:市总工会",
        '工会 -"送温暖"',
        "劳动模*",
        "app*",
        '"没有这句话"',
        "-没有这个词 工会",
    ]
    queries: list[dict[str, Any]] = [{"text": word, "options": {}} for word in [*words, ""]]
    for _ in range(60):
        body = rng.choice(bodies)
        start = rng.randrange(len(body) - 30)
        text = body[start : start + rng.randint(1, 30)]
        options: dict[str, Any] = {"limit": rng.choice([3, 10, 50]), "offset": rng.choice([0, 0, 2])}
        options |= rng.choice([{}, {"region": "610000"}, {"campaign": "song-wennuan"}, {"paper": "gongren-ribao"}])
        options |= rng.choice([{}, {"from": 2020}, {"to": 2021}, {"from": 2020, "to": 2021}])
        options |= rng.choice([{}, {"sort": "newest"}, {"sort": "oldest"}])
        queries.append({"text": text, "options": options})
    index = open_index(site)
    for query, browser in zip(queries, ask_browser(run_node, site / SEARCH_INDEX.strip("/"), queries), strict=True):
        options = dict(query["options"])
        own = index.search(
            query["text"], year_from=options.pop("from", None), year_to=options.pop("to", None), **options
        )
        assert own.total == browser["total"], query
        assert own.missing == browser["missing"], query
        assert [hit.url for hit in own.results] == [hit["url"].removeprefix(str(site)) for hit in browser["results"]], (
            query
        )
        assert [hit.score for hit in own.results] == pytest.approx(
            [hit["score"] for hit in browser["results"]], abs=0.002
        )
        if own.results:
            assert own.results[0].regions == browser["results"][0]["regions"]
            assert own.results[0].campaigns == browser["results"][0]["campaigns"]


def test_both_engines_agree_beyond_the_basic_plane(lists: Lists, tmp_path: Path, run_node: Callable[..., str]) -> None:
    index = build_small([("𠮷野家工会成立", "在𠮷野家。"), ("普通标题", "普通正文")], lists, tmp_path)
    for query in ("𠮷野", "𠮷野家工会", "𠮷"):
        assert index.search(query).total == 1
        assert ask_browser(run_node, tmp_path, [{"text": query, "options": {}}])[0]["total"] == 1


def test_long_postings_have_files_of_their_own(lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongbao.search.slices.INLINE_BYTES", 4)
    index = build_small([("工会", f"工会第{number}次开会") for number in range(50)], lists, tmp_path)
    assert index.search("工会", limit=100).total == 50
    assert len({hit.url for hit in index.search("工会", limit=100).results}) == 50
    assert len(list(tmp_path.glob("*/p/*.bin"))) > 3


def test_word_of_nearly_all_articles_gives_titles_first_in_both_engines(
    lists: Lists, tmp_path: Path, run_node: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongbao.search.packed.LEAN_FROM", 3)
    texts = [("甲", "工会开会"), ("乙", "工会，工会，工会"), ("工会", "丙"), ("丁", "工会"), ("戊", "没有")]
    index = build_small(texts, lists, tmp_path)
    found = [hit.url for hit in index.search("工会").results]
    assert found[0] == "/articles/2020/a2/"
    browser = ask_browser(run_node, tmp_path, [{"text": "工会", "options": {}}])[0]["results"]
    assert [hit["url"].removeprefix(f"{tmp_path}/") for hit in browser] == found
    assert [hit["score"] for hit in browser] == pytest.approx([hit.score for hit in index.search("工会").results])


def test_title_weighs_more_than_text_and_newer_wins_a_tie(lists: Lists, tmp_path: Path) -> None:
    filler = "别的话" * 20
    index = build_small([("甲", f"驿站{filler}"), ("驿站", filler), ("乙", f"驿站{filler}")], lists, tmp_path)
    assert [hit.url[-3:-1] for hit in index.search("驿站").results] == ["a1", "a0", "a2"]


def test_word_that_no_article_has_is_named_and_left_out(site: Path) -> None:
    answer = open_index(site).search("火星 送温暖")
    assert answer.total > 0
    assert answer.missing == ["火星"]


def test_exact_phrase_is_verified_in_the_text(site: Path) -> None:
    index = open_index(site)
    loose, exact = index.search("送 温暖 职工", limit=50), index.search('"困难职工"', limit=50)
    assert 0 < exact.total < loose.total
    for hit in exact.results:
        assert "困难职工" in (site / hit.url.strip("/") / "index.html").read_text("utf-8")
    assert index.search('"工困难职"').total == 0


def test_minus_leaves_out_and_title_looks_in_titles(site: Path) -> None:
    index = open_index(site)
    every, without = index.search("送温暖", limit=50), index.search("送温暖 -环卫", limit=50)
    assert 0 < without.total < every.total
    assert not {hit.url for hit in without.results} & {hit.url for hit in index.search("环卫", limit=50).results}
    titles = [hit.title for hit in index.search("title:总工会", limit=50).results]
    assert titles
    assert all("总工会" in title for title in titles)
    assert index.search("-工会").total == 37 - index.search("工会").total


def test_prefix_finds_the_words_that_begin_so(site: Path) -> None:
    index = open_index(site)
    assert {hit.url for hit in index.search("工匠*", limit=50).results} >= {
        hit.url for hit in index.search("工匠", limit=50).results
    }


def test_traditional_characters_find_simplified_ones_and_the_other_way_round(
    site: Path, lists: Lists, tmp_path: Path
) -> None:
    index = open_index(site)
    assert index.search("總工會 勞動模範").total == index.search("总工会 劳动模范").total > 0
    old = build_small([("總工會慰問勞模", "一九八零年的報道。")], lists, tmp_path)
    for query in ("总工会", "總工會", "慰问劳模", "报道"):
        assert old.search(query).total == 1, query


def test_abbreviation_finds_the_full_name_and_the_other_way_round(lists: Lists, tmp_path: Path) -> None:
    index = build_small([("全总发文", "全总部署工作。"), ("通知", "中华全国总工会部署工作。")], lists, tmp_path)
    assert [hit.title for hit in index.search("全总").results] == ["全总发文", "通知"]
    assert index.search("中华全国总工会").total == 2


def test_scores_and_order_are_lunr_js_own(
    lists: Lists, tmp_path: Path, run_node: Callable[..., str], node_modules: Path
) -> None:
    """The standard index, loaded by lunr.js: the same documents, scores within a step, the same order beyond it."""
    assert node_modules.is_dir()
    made = [make_story(article) for article in load_archive(ROOT / "content").articles]
    build_index(made, lists, tmp_path, lunr_json=True)
    index = SearchIndex(tmp_path)
    queries = ["送温暖", "安塞", "职工 驿站", "春联 福字", "工会 建会 企业", "欠薪", "的", "2020"]
    cut = [index.cut(query) for query in queries]
    answers = json.loads(run_node("lunr.mjs", str(tmp_path / "lunr.json"), text=json.dumps(cut)))
    step = 1.08
    for query, rows in zip(queries, answers, strict=True):
        own = {hit.url: hit.score for hit in index.search(query, limit=100).results}
        theirs = dict(rows)
        assert set(own) == set(theirs), query
        for url, score in theirs.items():
            assert score / step - 0.002 <= own[url] <= score * step + 0.002, query
        order = list(own)
        for earlier, later in pairwise(order):
            assert theirs[earlier] * step * step >= theirs[later], query


def test_filters(site: Path) -> None:
    index = open_index(site)
    everything = index.search("", limit=100)
    assert everything.total == 37
    inside = index.search("", region="610600", limit=100)
    assert 0 < inside.total < index.search("", region="610000", limit=100).total
    dated = index.search("", year_from=2020, year_to=2021, limit=100)
    assert {hit.date[:4] for hit in dated.results} == {"2020", "2021"}
    assert index.search("", region="999999").total == 0
    newest = [hit.date for hit in index.search("", sort="newest", limit=100).results]
    assert newest == [hit.date for hit in index.search("", sort="oldest", limit=100).results][::-1]


@pytest.mark.parametrize(("offset", "limit"), [(0, 5), (5, 5), (35, 10), (100, 10)])
def test_pages_of_results_join_up(site: Path, offset: int, limit: int) -> None:
    index = open_index(site)
    whole = [hit.url for hit in index.search("工会", limit=100).results]
    part = index.search("工会", offset=offset, limit=limit)
    assert [hit.url for hit in part.results] == whole[offset : offset + limit]
    assert part.total == len(whole)


def test_index_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 99, "version": "x"}', encoding="utf-8")
    with pytest.raises(BrokenIndexError, match="99"):
        SearchIndex(tmp_path)
    with pytest.raises(BrokenIndexError, match="inv build"):
        SearchIndex(tmp_path / "nowhere")


def test_damaged_slices_give_a_message_in_the_browser(
    lists: Lists, tmp_path: Path, run_node: Callable[..., str]
) -> None:
    """Cut off or overwrite each file at random: an error or the right answer, never a wrong one, never a hang."""
    build_small([("工会送温暖", "职工驿站的正文。"), ("另一篇", "别的正文。")], lists, tmp_path)
    report = json.loads(run_node("damage.mjs", str(tmp_path), "工会送温暖"))
    assert report["tried"] >= 100
    assert report["wrong"] == []
    assert report["refused"] > 0


def test_the_same_articles_give_the_same_bytes(lists: Lists, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build_small([("工会送温暖", "职工驿站的正文。"), ("另一篇", "别的正文。")], lists, tmp_path / name)
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert one == two
    root = json.loads(one[Path("manifest.json")])["root"]
    assert b'"documents":2' in gzip.decompress(base64.b64decode(root))
