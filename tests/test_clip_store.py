"""Drafts on disk: written, corrected, clipped again, accepted; many pages at once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from gongbao.archive import load_archive
from gongbao.article import Lists, parse_article
from gongbao.check.run import check_content
from gongbao.clip.accept import accept_draft
from gongbao.clip.batch import Options, find_jobs, read_options, run_batch
from gongbao.clip.cut import cut_page
from gongbao.clip.problem import ClipError, UsageError
from gongbao.clip.reading import read_dump
from gongbao.clip.store import Stored, is_untouched, store
from gongbao.frontmatter import FRONT_MATTER_RE
from gongbao.problem import ContentError

from tests.commands import run_command

ROOT = Path(__file__).parents[1]
PAGE = """\
安塞区总工会办起流动书屋

本报讯（记者王小明）3月5日，陕西省延安市安塞区总工会给十二家企业送去图书两千册，女工们围着书架挑了一下午。

洛川县工会把招聘会开到果园

本报讯（通讯员李娜）2020年3月6日，陕西省延安市洛川县总工会在苹果园里办招聘会，四十名果农当场签了合同。
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


def clip(page: Path, out: Path, lists: Lists, least: float = 0.0) -> Stored:
    return store(cut_page(read_dump(page), lists), out, least)


def test_files_of_a_page(page: Path, out: Path, lists: Lists) -> None:
    stored = clip(page, out, lists)
    assert [path.name for path in stored.written] == ["01.md", "02.md"]
    assert sorted(path.name for path in out.iterdir()) == ["01.md", "02.md", "leftovers.md", "review.html"]
    assert is_untouched((out / "01.md").read_text("utf-8"))


def test_draft_says_where_it_comes_from(page: Path, out: Path, lists: Lists) -> None:
    clip(page, out, lists)
    text = (out / "02.md").read_text("utf-8")
    match = FRONT_MATTER_RE.match(text)
    assert match
    values = yaml.safe_load(match["yaml"])
    assert values["status"] == "draft"
    assert values["clip"]["file"] == "page.txt"
    assert values["clip"]["sha256"] == hashlib.sha256(page.read_bytes()).hexdigest()
    assert values["clip"]["lines"] == ["5-7"]
    assert {"field": "region", "line": 5, "words": "洛川县工会把招聘会"} in values["clip"]["evidence"]
    article, warnings = parse_article(Path("x.md"), text, lists)
    assert warnings == []
    assert article.status == "draft"
    assert article.clip is not None
    assert article.clip.lines == ("5-7",)
    assert [place.full_name for place in article.places] == ["陕西省延安市洛川县"]


def test_clipping_again_gives_the_same_files(page: Path, out: Path, lists: Lists) -> None:
    clip(page, out, lists)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    stored = clip(page, out, lists)
    assert len(stored.written) == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_corrected_draft_stays_and_the_difference_is_told(page: Path, out: Path, lists: Lists) -> None:
    clip(page, out, lists)
    draft = out / "01.md"
    corrected = draft.read_text("utf-8").replace("办起流动书屋", "办起十二间流动书屋")
    draft.write_text(corrected, encoding="utf-8")
    stored = clip(page, out, lists)
    assert draft.read_text("utf-8") == corrected
    assert [path.name for path in stored.written] == ["02.md"]
    (kept,) = stored.kept
    assert kept.path == draft
    assert "-title: 安塞区总工会办起十二间流动书屋" in kept.differences
    assert "+title: 安塞区总工会办起流动书屋" in kept.differences


def test_corrected_draft_stays_under_another_name(page: Path, out: Path, lists: Lists) -> None:
    clip(page, out, lists)
    text = (out / "01.md").read_text("utf-8").replace("一下午", "整整一下午")
    (out / "01.md").unlink()
    (out / "liudong-shuwu.md").write_text(text, encoding="utf-8")
    clip(page, out, lists)
    assert (out / "liudong-shuwu.md").read_text("utf-8") == text
    assert sorted(path.name for path in out.glob("*.md")) == ["01.md", "leftovers.md", "liudong-shuwu.md"]


def test_foreign_files_are_never_overwritten(page: Path, out: Path, lists: Lists) -> None:
    out.mkdir()
    (out / "01.md").write_text("别的稿子", encoding="utf-8")
    stored = clip(page, out, lists)
    assert (out / "01.md").read_text("utf-8") == "别的稿子"
    assert [path.name for path in stored.written] == ["02.md", "03.md"]


def test_doubtful_drafts_go_to_their_own_folder(page: Path, out: Path, lists: Lists) -> None:
    page.write_text(PAGE.rstrip("。\n").removesuffix("了合同"), encoding="utf-8")
    stored = clip(page, out, lists, least=0.85)
    assert [path.parent.name for path in stored.doubtful] == ["doubtful"]
    assert [path.parent for path in stored.written] == [out]


# ---- accepting


def test_accepted_draft_becomes_an_article(page: Path, out: Path, content: Path, lists: Lists) -> None:
    clip(page, out, lists)
    path = accept_draft(out / "01.md", content)
    assert path == content / "articles" / "2020" / "2020-03-05-1.md"
    assert not (out / "01.md").exists()
    assert check_content(content) == []
    (article,) = load_archive(content).articles
    assert article.clip is not None
    assert article.clip.file == "page.txt"


def test_file_name_chosen_by_the_editor_is_the_slug(page: Path, out: Path, content: Path, lists: Lists) -> None:
    clip(page, out, lists)
    (out / "01.md").rename(out / "ansai-liudong-shuwu.md")
    assert accept_draft(out / "ansai-liudong-shuwu.md", content).name == "ansai-liudong-shuwu.md"


def test_accepting_never_overwrites(page: Path, out: Path, content: Path, lists: Lists) -> None:
    clip(page, out, lists)
    taken = content / "articles" / "2020" / "shuwu.md"
    taken.parent.mkdir(parents=True)
    taken.write_text("旧文章", encoding="utf-8")
    (out / "01.md").rename(out / "shuwu.md")
    with pytest.raises(ClipError, match="已经有了"):
        accept_draft(out / "shuwu.md", content)
    assert taken.read_text("utf-8") == "旧文章"
    assert (out / "shuwu.md").exists()


def test_numbers_of_accepted_drafts_go_on(page: Path, out: Path, content: Path, lists: Lists) -> None:
    clip(page, out, lists)
    draft = out / "02.md"
    draft.write_text(draft.read_text("utf-8").replace("2020-03-06", "2020-03-05"), encoding="utf-8")
    assert [accept_draft(out / name, content).name for name in ("01.md", "02.md")] == [
        "2020-03-05-1.md",
        "2020-03-05-2.md",
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("title: 安塞区总工会办起流动书屋", "title:", "missing-title"),
        ("date: 2020-03-05", "date: 2020-13-05", "bad-date"),
        ("陕西省/延安市/安塞区", "没有省", "unknown-region"),
        ("clip:\n", "clip:\n  shape: 1\n", "unknown-field"),
        ("[1-3]", "[一]", "bad-value"),
    ],
)
def test_accepting_refuses_what_check_refuses(
    page: Path, out: Path, content: Path, lists: Lists, old: str, new: str, rule: str
) -> None:
    clip(page, out, lists)
    draft = out / "01.md"
    text = draft.read_text("utf-8")
    assert old in text
    draft.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=rule) as caught:
        accept_draft(draft, content)
    assert caught.value.problems[0].path == draft
    assert draft.exists()
    assert not (content / "articles").exists()


def test_accepted_article_is_not_cut_again(page: Path, out: Path, content: Path, lists: Lists) -> None:
    clip(page, out, lists)
    path = accept_draft(out / "01.md", content)
    stored = clip(page, out, lists)
    assert stored.accepted == (str(path),)
    assert len(stored.written) == 1


def test_missing_draft_is_named(tmp_path: Path, content: Path) -> None:
    with pytest.raises(ClipError, match="没有这份草稿"):
        accept_draft(tmp_path / "none.md", content)


# ---- many pages


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, out: Path, content: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text(PAGE, encoding="utf-8")
    (folder / "b" / "a.txt").write_bytes(PAGE.encode("gb18030"))
    (folder / "bad.txt").write_bytes(b"%PDF-1.7")
    jobs = find_jobs([folder], out)
    outcomes = run_batch(jobs, Options(content))
    assert [(one.path.name, one.articles) for one in outcomes] == [("a.txt", 2), ("a.txt", 2), ("bad.txt", 0)]
    assert "PDF" in outcomes[2].error
    assert sorted(path.name for path in out.iterdir()) == ["a", "a-2"]


def test_single_file_needs_no_folder_of_its_own(page: Path, out: Path) -> None:
    assert [job.folder for job in find_jobs([page], out)] == [out]
    assert [job.folder for job in find_jobs([page.parent], out)] == [out / "page"]


def test_what_is_not_there_is_named(tmp_path: Path, out: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, found in ((tmp_path / "none.txt", "没有这个文件"), (tmp_path / "empty", "没有录文")):
        with pytest.raises(ClipError, match=found):
            find_jobs([path], out)


@pytest.mark.parametrize(
    ("option", "found"),
    [
        ({"date": "2020/1/1"}, "写法不对"),
        ({"paper": "没有报"}, "可用：工人日报"),
        ({"page": "0"}, "1—999"),
        ({"least": "7"}, "0—1"),
        ({"least": "x"}, "0—1"),
    ],
)
def test_wrong_options_are_refused(content: Path, option: dict[str, str], found: str) -> None:
    with pytest.raises(UsageError, match=found):
        read_options(content, **{"date": "", "paper": "", "page": "", "least": "", **option})


def test_what_the_caller_knows_is_in_the_source(page: Path, out: Path, content: Path) -> None:
    options = read_options(content, date="2020-03-09", paper="陕西工人报", page="2", least="")
    run_batch(find_jobs([page], out), options)
    assert "source: {paper: 陕西工人报, date: '2020-03-09', page: 2}" in (out / "01.md").read_text("utf-8")


def inv(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "invoke", "--search-root", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_command_takes_many_files_and_accepts(page: Path, out: Path, content: Path) -> None:
    other = page.with_name("other.txt")
    other.write_bytes(b"\x89PNG")
    result = inv("clip", str(page), str(other), "--out", str(out), "--date=2020-03-09")
    assert result.returncode == 1
    assert "page.txt" in result.stdout
    assert f"{other}：这是图片" in result.stderr
    accepted = inv("clip", "--accept", str(out / "page" / "01.md"), "--content", str(content))
    assert accepted.returncode == 0
    assert Path(accepted.stdout.strip()).is_file()


@pytest.mark.parametrize(
    "arguments", [[], ["page.txt"], ["--accept", "x.md", "--out", "y"], ["p", "--out=o", "--page=x"]]
)
def test_command_says_how_it_is_used(arguments: list[str]) -> None:
    assert run_command("clip", *arguments).returncode == 2
