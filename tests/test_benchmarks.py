"""What the benchmarks measure with, in small."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from gongbao.archive import load_archive

from benchmarks.browser import serve_folder
from benchmarks.corpus import PHRASE_LENGTH, QUERIES, write_corpus
from benchmarks.lighthouse import CATEGORIES, MEASURES, middle, read_report
from benchmarks.lighthouse import make_table as make_lighthouse_table
from benchmarks.search import Row, make_table, measure_memory, run_measured
from tests.commands import run_command

ROOT = Path(__file__).parents[1]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_corpus_is_an_archive_without_problems(tmp_path: Path) -> None:
    write_corpus(tmp_path, 30, seed=5)
    archive = load_archive(tmp_path)
    assert archive.problems == ()
    assert len(archive.articles) == 30


def test_corpus_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_corpus(tmp_path / name, 5, seed=seed)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert files(tmp_path / "a")[QUERIES] != files(tmp_path / "c")[QUERIES]


def test_corpus_is_never_written_over_another(tmp_path: Path) -> None:
    write_corpus(tmp_path, 1)
    with pytest.raises(FileExistsError):
        write_corpus(tmp_path, 1)


def test_queries_stand_in_their_article_alone(tmp_path: Path) -> None:
    queries = write_corpus(tmp_path, 30, seed=5)
    articles = {article.slug: article for article in load_archive(tmp_path).articles}
    assert queries
    for query in queries:
        assert len(query.phrase) == PHRASE_LENGTH
        assert [slug for slug, article in articles.items() if query.phrase in article.body] == [query.slug]
        assert articles[query.slug].title == query.title
        assert all(word in articles[query.slug].body for word in query.words)


def test_server_counts_what_it_sends(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[1]" * 1000)
    (tmp_path / "a.bin").write_bytes(b"[1]" * 1000)
    with serve_folder(tmp_path) as server:
        packed = urlopen(f"{server.address}/a.json").read()
        assert gzip.decompress(packed) == b"[1]" * 1000
        assert urlopen(f"{server.address}/a.bin").read() == b"[1]" * 1000
        (tmp_path / "index.html").write_bytes(b"home")
        assert gzip.decompress(urlopen(f"{server.address}/").read()) == b"home"
        for path in ("/none", "/a.json/", "/../a.json/..%2f..%2fetc/passwd"):
            with pytest.raises(HTTPError):
                urlopen(server.address + path)
        assert (server.bytes, server.requests) == (len(packed) + 3000 + 24, 6)


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="measures with wait4")
def test_cost_is_that_of_the_process() -> None:
    sleep = [sys.executable, "-c", "import time; x = b'x' * 200_000_000; time.sleep(0.2)"]
    assert run_measured(sleep).seconds > 0.2
    assert measure_memory(sleep) > 200
    with pytest.raises(SystemExit, match="broken"):
        run_measured([sys.executable, "-c", "raise SystemExit('broken')"])


def test_table_has_ratios_of_numbers_only() -> None:
    rows = [Row("size, MB", (1.5, 3.0)), Row("found", ("3/3", "2/3")), Row("requests", (2, 0))]
    assert make_table(["Gongbao", "Other 1.0"], rows).splitlines() == [
        "| measure | Gongbao | Other 1.0 | ours/theirs |",
        "| --- | ---: | ---: | ---: |",
        "| size, MB | 1.50 | 3 | 0.50 |",
        "| found | 3/3 | 2/3 |  |",
        "| requests | 2 | 0 |  |",
    ]


def test_bench_refuses_an_archive_of_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.search", "--articles", "0"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "--articles" in result.stderr


def make_report(score: float, value: float) -> dict[str, object]:
    return {
        "categories": {name: {"score": score} for name in CATEGORIES},
        "audits": {name: {"numericValue": value} for name, *_ in MEASURES},
    }


def test_lighthouse_of_several_runs_is_their_median() -> None:
    runs = [read_report("home", make_report(*numbers)) for numbers in ((0.9, 2048), (0.97, 1024), (1, 4096))]
    assert middle(runs).scores == (97, 97, 97, 97)
    assert make_lighthouse_table([middle(runs)]).splitlines()[2] == (
        "| home | 97 | 97 | 97 | 97 | 2 | 2.0 | 2.0 | 2048 | 2048.000 |"
    )


def test_lighthouse_that_saw_no_page_is_no_result() -> None:
    with pytest.raises(ValueError, match=r"home.*refused"):
        read_report("home", make_report(1, 0) | {"runtimeError": {"message": "refused"}})


def test_bench_takes_the_name_of_a_benchmark() -> None:
    assert "32" in run_command("bench", "clip").stdout.splitlines()[-1]
    unknown = run_command("bench", "nothing")
    assert unknown.returncode == 2
    assert "lighthouse" in unknown.stderr
    assert run_command("bench", "--articles", "0").returncode == 2
