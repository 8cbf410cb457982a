"""`check` as a whole: what it prints, what it mends, what it keeps, and which files it looks at."""

from __future__ import annotations

import json
import random
import stat
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from gongbao.check.command import UsageError, check_files, find_content
from gongbao.check.fix import fix_file, fix_text
from gongbao.check.report import report_problems, report_sarif, summarise
from gongbao.check.rules import RULES
from gongbao.check.run import check_content
from gongbao.check.twin_rules import LIKE, find_twins
from gongbao.check.whole import SHORTEST, SKETCH, Facts, Spot
from gongbao.likeness import match_key, measure_likeness, sketch_long
from gongbao.problem import Problem
from hypothesis import given
from hypothesis import strategies as st

from tests.commands import run_command

ROOT = Path(__file__).parents[1]
HEAD = "---\ntitle: 题\ndate: 2020\n---\n"
# What --fix may write for what it found; everything else has to stay.
WIDENED = dict(zip(",;:?!()", "，；：？！（）", strict=True))
MENDED = ["，，", "、、", "；；", "：："]
TEXTS = st.text(alphabet='工会送温暖a1 ,;:?!().，。、；：“”（）\n[]`<>\u200b\ufeff\u0007"', max_size=60)


def flatten(text: str) -> str:
    """A text without what --fix may change: width of marks, marks that stand twice, what can't be seen."""
    kept = "".join(WIDENED.get(char, char) for char in text if char not in "\u200b\ufeff\u0007")
    for twice in MENDED:
        while twice in kept:
            kept = kept.replace(twice, twice[0])
    return kept


@given(TEXTS)
def test_fixing_changes_nothing_else_and_nothing_the_second_time(body: str) -> None:
    fixed = fix_text(Path("a.md"), HEAD + body)
    assert flatten(fixed) == flatten(HEAD + body)
    assert fix_text(Path("a.md"), fixed) == fixed


@given(TEXTS)
def test_fixing_is_the_same_with_carriage_returns(body: str) -> None:
    text = HEAD + body
    assert fix_text(Path("a.md"), text.replace("\n", "\r\n")) == fix_text(Path("a.md"), text).replace("\n", "\r\n")


def test_fixed_file_keeps_its_line_ends_mark_and_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}送去棉衣,手套\n还有帽子。\n".replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert fix_file(path)
    assert path.read_bytes() == b"\xef\xbb\xbf" + f"{HEAD}送去棉衣，手套\n还有帽子。\n".replace("\n", "\r\n").encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [own.name for own in tmp_path.iterdir()] == ["a.md"]
    assert not fix_file(path)


def test_what_an_editor_lets_stand_is_not_fixed() -> None:
    ignore = "check: {ignore: [{rule: half-width-punctuation, reason: 原文如此}]}\n---\n"
    text = HEAD.replace("---\n", "", 1).replace("---\n", ignore)
    assert fix_text(Path("a.md"), f"---\n{text}棉衣,手套") == f"---\n{text}棉衣,手套"


def test_fix_mends_and_tells_the_rest(write_article: Callable[..., Path], tmp_path: Path) -> None:
    path = write_article(title="工会上门。", body="送去棉衣,手套。大家很很高兴。")
    before = check_files([], tmp_path / "content")
    assert [problem.fixable for problem in before] == [True, True, False]
    left = check_files([], tmp_path / "content", fix=True)
    assert [problem.rule for problem in left] == ["repeated-characters"]
    assert "title: 工会上门\n" in path.read_text("utf-8")
    assert "送去棉衣，手套。" in path.read_text("utf-8")


def test_lines_json_and_summary_say_the_same() -> None:
    problem = Problem(Path("a.md"), 7, "说明", "long-title", "warning", 3, fixable=True)
    assert report_problems([problem], as_json=False) == "a.md:7:3: 说明 (long-title)\n"
    (value,) = json.loads(report_problems([problem], as_json=True))
    expected = {"path": "a.md", "line": 7, "column": 3, "message": "说明", "rule": "long-title", "severity": "warning"}
    assert value == expected | {"fixable": True}
    assert summarise([problem]) == "1 个警告；其中 1 处可用 --fix 改正。"
    assert summarise([]) == "没有发现问题。"


def test_sarif_has_what_the_standard_requires(tmp_path: Path) -> None:
    """SARIF 2.1.0: §3.13 version and runs, §3.14 tool, §3.19 name, §3.27 message, §3.29 and §3.30 places from 1."""
    inside = Problem(tmp_path / "content" / "标 题.md", 7, "说明", "long-title", "warning", 3)
    problems = [inside, Problem(Path("/elsewhere/b.md"), 1, "别的", "campaign-out-of-season", "notice")]
    log = json.loads(report_sarif(problems, tmp_path))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"] == "gongbao"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["long-title", "campaign-out-of-season"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("long-title", 0, "warning")
    assert (second["ruleIndex"], second["level"]) == (1, "note")
    assert first["message"] == {"text": "说明"}
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/%E6%A0%87%20%E9%A2%98.md"
    assert place["region"] == {"startLine": 7, "startColumn": 3}
    assert json.loads(report_sarif([], tmp_path))["runs"][0]["results"] == []


def test_a_file_is_checked_with_the_archive_it_belongs_to(write_article: Callable[..., Path], tmp_path: Path) -> None:
    good, bad = (
        write_article("hao"),
        write_article("huai", body="见[那篇](/articles/2020/hao/)和[这篇](/articles/2020/wu/)。"),
    )
    assert find_content(bad) == tmp_path / "content"
    assert check_files([good], Path("nowhere")) == []
    (problem,) = check_files([bad], Path("nowhere"))
    assert (problem.rule, problem.path) == ("broken-link", bad)
    assert check_files([bad.parent], Path("nowhere")) == [problem]


def test_a_draft_elsewhere_is_checked_by_the_archives_lists(tmp_path: Path) -> None:
    draft = tmp_path / "drafts" / "01.md"
    draft.parent.mkdir()
    draft.write_text("---\ntitle: 题\ndate: 2020\ncampaign: [没有的]\nstatus: draft\n---\n大家很很高兴。\n", "utf-8")
    for path in (draft, draft.parent):
        assert [one.rule for one in check_files([path], ROOT / "content")] == [
            "unknown-campaign",
            "repeated-characters",
        ]
    with pytest.raises(UsageError, match=r"02\.md"):
        check_files([tmp_path / "02.md"], ROOT / "content")


def test_a_file_that_no_rule_looks_at_is_wrong_usage(tmp_path: Path) -> None:
    """It would be called free of problems otherwise."""
    (tmp_path / "song-nuan.txt").write_text("工会上门送温暖\n", "utf-8")
    with pytest.raises(UsageError, match=r"只能检查 \.md 文件：.*song-nuan\.txt"):
        check_files([tmp_path / "song-nuan.txt"], ROOT / "content")


def test_a_file_that_is_never_published_is_told_by_its_name(write_article: Callable[..., Path], tmp_path: Path) -> None:
    path = write_article()
    other = path.rename(path.with_name("song-nuan.md.txt"))
    (problem,) = check_files([other], tmp_path / "content")
    assert (problem.rule, problem.message) == ("stray-file", "这个文件不会发布：文件名应以 .md 结尾，如 song-nuan.md")


def test_ignoring_needs_the_rule_to_be_found_somewhere(write_article: Callable[..., Path], tmp_path: Path) -> None:
    """Rules on the archive as a whole can be set aside in the file that they tell of."""
    body = "县总工会的干部分成三组，走进环卫所、养路段和敬老院，把棉衣送到一线职工手里，"
    body += "又同困难职工家庭拉家常、问冷暖，记下了二十多条意见，答应开春以后逐条答复。"
    write_article("hao", body=body)
    text = write_article("you-yi-pian", body=body).read_text("utf-8")
    (problem,) = check_content(tmp_path / "content")
    assert problem.rule == "near-duplicate"
    ignore = "check: {ignore: [{rule: near-duplicate, reason: 同日两版}]}\n---\n\n"
    write_article("you-yi-pian", text=text.replace("---\n\n", ignore))
    assert check_content(tmp_path / "content") == []
    write_article("hao", body="入伏以后，街边多了几处可以坐下来喝水的小屋。")
    assert [one.rule for one in check_content(tmp_path / "content")] == ["unused-ignore"]


def test_kept_results_are_those_of_a_new_run(write_article: Callable[..., Path], tmp_path: Path) -> None:
    content, cache = tmp_path / "content", tmp_path / "cache"
    write_article("yi", body="大家很很高兴。")
    first = check_content(content, cache=cache)
    assert check_content(content, cache=cache) == first
    write_article("er", body="送去棉衣,手套。")
    assert check_content(content, cache=cache) == check_content(content, cache=tmp_path / "new")
    for kept in cache.rglob("*"):
        if kept.is_file():
            kept.write_bytes(b"damaged")
    assert len(check_content(content, cache=cache)) == 2
    write_article("yi")
    assert [problem.rule for problem in check_content(content, cache=cache)] == ["half-width-punctuation"]


def test_content_that_cannot_be_written_beside_is_checked_all_the_same(
    write_article: Callable[..., Path], tmp_path: Path
) -> None:
    write_article(body="大家很很高兴。")
    (tmp_path / "file").write_text("no folder")
    assert len(check_content(tmp_path / "content", cache=tmp_path / "file" / "cache")) == 1


def test_many_files_are_checked_side_by_side(write_article: Callable[..., Path], tmp_path: Path) -> None:
    for number in range(310):
        write_article(
            f"pian-{number}", body=f"送去第{number}件棉衣。" + ("大家很很高兴。" if number % 100 == 7 else "")
        )
    told: list[tuple[str, int, int]] = []
    problems = check_content(tmp_path / "content", report=lambda *how_far: told.append(how_far))
    assert [one.path.stem for one in problems] == ["pian-107", "pian-207", "pian-307", "pian-7"]
    assert told[-1][1] == told[-1][2]
    assert ("检查", 310, 310) in told


def make_stories(seed: int) -> list[str]:
    """Texts of which some are others with a few characters changed."""
    chance = random.Random(seed)
    stories = ["".join(chance.choices("工会干部职工送去棉衣米面油慰问困难家庭一线环卫养路", k=300)) for _ in range(25)]
    for number in range(0, 25, 5):
        changed = list(stories[number])
        for at in chance.sample(range(len(changed)), k=chance.randint(0, 12)):
            changed[at] = "某"
        stories.append("".join(changed))
    return stories


@pytest.mark.parametrize("seed", range(5))
def test_twins_are_those_that_comparing_all_with_all_finds(seed: int, tmp_path: Path) -> None:
    files = []
    for number, story in enumerate(make_stories(seed)):
        path = tmp_path / f"{number:02}.md"
        path.write_text(HEAD + story, "utf-8")
        key = match_key(story)
        assert len(key) >= SHORTEST
        sketch = sketch_long(key, SKETCH)
        files.append(Facts(path, None, True, (), (), (), (), (), "", Spot(5, 1, ""), sketch, story))
    naive = {
        (int(one.path.stem), int(other.path.stem))
        for other, one in combinations(files, 2)
        if measure_likeness(match_key(one.exact), match_key(other.exact), LIKE)
    }
    assert {(int(one.path.stem), int(other.path.stem)) for one, other, _ in find_twins(tuple(files))} == naive
    assert len(naive) == 5


def test_command_takes_files_and_options_in_any_order(write_article: Callable[..., Path], tmp_path: Path) -> None:
    good, bad = write_article("hao"), write_article("huai", region="陕西省/廷安市")
    lines = run_command("check", str(good), str(bad))
    assert lines.returncode == 1
    assert lines.stdout.startswith(f"{bad}:4:10: 没有“陕西省/廷安市”")
    assert lines.stderr == "1 个错误。\n"
    values = run_command("check", "--json", str(good), str(bad))
    assert [value["rule"] for value in json.loads(values.stdout)] == ["unknown-region"]
    log = run_command("check", str(bad), "--sarif")
    assert json.loads(log.stdout)["runs"][0]["results"][0]["ruleId"] == "unknown-region"
    assert run_command("check", str(good)).returncode == 0
    gone = run_command("check", str(tmp_path / "wu.md"))
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "wu.md" in gone.stderr


def test_command_lists_the_rules() -> None:
    listed = run_command("check", "--rules").stdout
    assert all(f"{rule.id}（" in listed and rule.summary in listed and rule.good in listed for rule in RULES.values())
