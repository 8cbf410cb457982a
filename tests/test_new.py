"""`inv new`: what it makes of options, and its questions at a real terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gongbao.archive import load_archive, read_text
from gongbao.article import Article, Credit, Lists, parse_article
from gongbao.draft import DraftError, free_slug
from gongbao.pinyin import to_slug
from gongbao.write.ask import Interview, editor_command
from gongbao.write.new import Given, find_places, make_plan, read_byline, read_date, season_of, today, write_article

ROOT = Path(__file__).parents[1]
INV = [sys.executable, "-m", "invoke", "--search-root", str(ROOT)]


def write(content: Path, lists: Lists, **given: str) -> tuple[Path, Article]:
    path, _ = write_article(content, make_plan(Given(**given), lists), lists)
    return path, parse_article(path, read_text(path), lists)[0]


def test_all_that_is_known_is_filled_in(tmp_path: Path, lists: Lists) -> None:
    path, article = write(
        tmp_path,
        lists,
        title="“引号”: 和冒号的标题",
        date="2010-01",
        region="安塞 陕西省",
        campaign="冬送温暖、song-wennuan，劳模",
        paper="gongren-ribao",
        printed="2010-01-16",
        page="3",
        byline="本报记者 张三 李四；通讯员 王五",
    )
    assert path == tmp_path / "articles/2010/yin-hao-he-mao-hao-de-biao-ti.md"
    assert article.title == "“引号”: 和冒号的标题"
    assert [place.full_name for place in article.places] == ["陕西省延安市安塞县", "陕西省"]
    assert [campaign.name for campaign in article.campaigns] == ["送温暖", "劳模工匠"]
    assert article.source is not None
    assert (article.source.paper.name, str(article.source.date), article.source.page) == ("工人日报", "2010-01-16", 3)
    assert [(own.title, own.name) for own in article.byline] == [
        ("本报记者", "张三"),
        ("本报记者", "李四"),
        ("通讯员", "王五"),
    ]
    assert article.status == "draft"
    text = read_text(path)
    assert "\ndate: 2010-01\n" in text
    assert "\nyear: 2010\n" in text
    assert "source: {paper: 工人日报, date: 2010-01-16, page: 3}\n" in text


def test_a_new_article_is_a_draft_without_problems(tmp_path: Path, lists: Lists) -> None:
    path, article = write(tmp_path, lists, title="只有标题")
    assert article.date == today()
    assert path.parent.name == str(today().year)
    archive = load_archive(tmp_path)
    assert archive.problems == ()
    assert archive.articles == ()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("工会送万福 关爱进万家", "gong-hui-song-wan-fu-guan-ai-jin-wan-jia"),
        ("重庆：行长送来５００万元", "chong-qing-hang-zhang-song-lai-500-wan"),
        ("绿色Ｅ驿站", "lv-se-e-yi-zhan"),
        ("陕西省总工会把春节前的慰问金送到每一户困难职工家里", "shan-xi-sheng-zong-gong-hui-ba-chun-jie"),
        ("！", ""),
    ],
)
def test_file_name_is_the_titles_pinyin(title: str, slug: str) -> None:
    assert to_slug(title) == slug


def test_a_taken_name_gets_the_date_then_a_number(tmp_path: Path, lists: Lists) -> None:
    names = [write(tmp_path, lists, title="山西", date="2020-01-15")[0].stem]
    names += [write(tmp_path, lists, title="陕西", date="2020-01-15")[0].stem for _ in range(2)]
    assert names == ["shan-xi", "shan-xi-2020-01-15", "shan-xi-2020-01-15-1"]
    assert write(tmp_path, lists, title="？！", date="2020-01")[0].stem == "2020-01-1"
    assert free_slug(tmp_path / "articles/2020", today(), "xin") == "xin"


def test_nothing_is_overwritten(tmp_path: Path, lists: Lists) -> None:
    write(tmp_path, lists, title="甲", date="2020", slug="a")
    with pytest.raises(DraftError, match="已经有了"):
        write(tmp_path, lists, title="乙", date="2020", slug="a")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": " "}, "标题"),
        ({"slug": "../逃"}, "小写字母"),
        ({"date": "2020-99"}, "日历"),
        ({"date": "1500"}, "1840"),
        ({"region": "没有"}, "地区"),
        ({"region": "朝阳"}, "是不是 .*北京市/朝阳区"),
        ({"campaign": "送温室"}, "是否想写“送温暖”；可用"),
        ({"paper": "工人日"}, "是否想写“工人日报”"),
        ({"paper": "工人日报", "page": "三"}, "版次“三”"),
        ({"byline": "张三"}, "署名“张三”应写如"),
    ],
)
def test_what_check_would_refuse_is_refused(values: dict[str, str], message: str, tmp_path: Path, lists: Lists) -> None:
    with pytest.raises(DraftError, match=message):
        write(tmp_path, lists, **{"title": "甲", "date": "2020", **values})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        *(("2020-01-05", "2020-01-05"), ("2020年1月5日", "2020-01-05"), ("2020/1/5", "2020-01-05")),
        *(("20200105", "2020-01-05"), ("2020年1月", "2020-01"), ("2020", "2020")),
    ],
)
def test_dates_are_understood_as_people_write_them(text: str, date: str) -> None:
    assert str(read_date(text)) == date


@pytest.mark.parametrize("text", ["2020年2月30日", "2020115", "15/1/2020", "去年", ""])
def test_dates_that_may_mean_two_days_are_not_guessed(text: str) -> None:
    with pytest.raises(DraftError):
        read_date(text)


def test_a_place_of_another_year_is_taken_and_told(tmp_path: Path, lists: Lists) -> None:
    plan = make_plan(Given("题", date="2019", region="陕西省/延安市/安塞县"), lists)
    _, warnings = write_article(tmp_path, plan, lists)
    assert [warning.rule for warning in warnings] == ["region-of-another-year"]


@pytest.mark.parametrize(
    ("text", "year", "first"),
    [
        ("安塞", 2010, "陕西省/延安市/安塞县"),
        ("安塞", 2020, "陕西省/延安市/安塞区"),
        ("延安/安塞", 2020, "陕西省/延安市/安塞区"),
        ("陕西省/延安市/安塞县", 2020, "陕西省/延安市/安塞区"),
        ("陕西省/延安市/安寨区", 2020, "陕西省/延安市/安塞区"),
        ("陕西", 2020, "陕西省"),
    ],
)
def test_likeliest_place_is_offered_first(text: str, year: int, first: str, lists: Lists) -> None:
    assert find_places(text, year, lists)[0] == first


def test_byline_is_read_as_papers_print_it() -> None:
    assert read_byline("通讯员：张三、李四；新华社记者 王五") == (
        Credit("通讯员", "张三"),
        Credit("通讯员", "李四"),
        Credit("记者", "王五", "新华社"),
    )
    assert read_byline("特约记者 甲乙") == (Credit("特约记者", "甲乙"),)
    assert read_byline("") == ()


def test_campaigns_of_the_season_come_first(lists: Lists) -> None:
    own, others = season_of(make_plan(Given("题", date="2020-01"), lists).date, lists)
    assert "送温暖" in own
    assert "夏送清凉" in others


# --- questions


class Script:
    """Answers in a row; keeps what was asked and said."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.heard = iter(answers), list[str]()

    def ask(self, question: str) -> str:
        self.heard.append(question)
        return next(self.answers)


def interview(tmp_path: Path, lists: Lists, script: Script) -> Interview:
    return Interview(lists, tmp_path, script.ask, script.heard.append)


def test_only_what_is_missing_is_asked(tmp_path: Path, lists: Lists) -> None:
    script = Script("没有城 安塞", "1", "朝阳", "0", "安塞", "", "送温室", "1、夏送清凉", "1", "", "三", "3", "")
    plan = interview(tmp_path, lists, script).complete(Given("题", date="2020-01-15", byline="记者 甲乙"))
    assert plan.regions == ("陕西省/延安市/安塞区",)
    assert plan.campaigns[1] == "夏送清凉"
    assert plan.campaigns[0] in season_of(plan.date, lists)[0]
    assert (plan.paper, str(plan.printed), plan.page) == ("工人日报", "2020-01-15", 3)
    assert plan.slug == "ti"
    heard = "\n".join(script.heard)
    assert "没有“没有城”" in heard
    assert "北京市/朝阳区" in heard
    assert "是否想写“送温暖”" in heard
    assert "版次“三”" in heard
    assert "标题" not in heard
    assert "署名" not in heard


def test_empty_answers_leave_things_out(tmp_path: Path, lists: Lists) -> None:
    script = Script("", "题", *[""] * 6)
    plan = interview(tmp_path, lists, script).complete(Given())
    assert (plan.title, plan.date, plan.regions, plan.campaigns, plan.paper) == ("题", today(), (), (), "")
    assert "标题是空的" in script.heard


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"EDITOR": "code --wait"}, ["code", "--wait"]),
        ({"EDITOR": "vi", "VISUAL": "'my ed' -n"}, ["my ed", "-n"]),
        ({}, []),
    ],
)
def test_editor_is_called_as_a_shell_would(environment: dict[str, str], command: list[str]) -> None:
    assert editor_command(environment) == command


# --- the command, without and with a terminal


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    command = [*INV, "new", "--content", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (result.returncode, result.stderr) == (2, "标题是空的\n")
    command = [*INV, "new", "送 温暖", "--date", "2020", "--region", "安塞", "--content", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert result.stdout == f"{tmp_path / 'articles/2020/song-wen-nuan.md'}\n"


class Terminal:
    """A command at a terminal of its own, which an editor types at."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process_id, self._file = pty.fork()
        if self.process_id == 0:
            os.execvpe(command[0], command, {**os.environ, **environment, "TERM": "dumb"})
        self.seen = ""

    def read_until(self, words: str, seconds: float = 60) -> None:
        """Wait until words are shown after what was waited for before."""
        end, got = time.monotonic() + seconds, b""
        while words not in got.decode("utf-8", "ignore"):
            assert time.monotonic() < end, f"{words!r} never came; {self.seen}{got.decode('utf-8', 'replace')}"
            if select.select([self._file], [], [], 0.5)[0]:
                try:
                    got += os.read(self._file, 4096)
                except OSError:
                    break
        self.seen += got.decode("utf-8", "replace")
        assert words in self.seen

    def type(self, text: str) -> None:
        os.write(self._file, text.encode())

    def wait(self) -> int:
        while True:
            try:
                if not (data := os.read(self._file, 4096)):
                    break
            except OSError:
                break
            self.seen += data.decode("utf-8", "replace")
        return os.waitstatus_to_exitcode(os.waitpid(self.process_id, 0)[1])


@pytest.fixture
def terminal(tmp_path: Path) -> Callable[..., Terminal]:
    editor = tmp_path / "ed.sh"
    editor.write_text('#!/bin/sh\nsed -i "s/正文……/写在编辑器里。/" "$2"\n', encoding="utf-8")
    editor.chmod(0o755)

    def start(*arguments: str) -> Terminal:
        return Terminal(
            [*INV, "new", *arguments, "--content", str(tmp_path / "content")], {"EDITOR": f"{editor} --wait"}
        )

    return start


def test_at_a_terminal_it_asks_and_opens_the_editor(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    own = terminal("--date", "2020-01-15")
    for question, answer in (
        ("标题：", "工会上门"),
        ("地区", "安塞"),
        ("是哪一处", ""),
        ("活动，写序号", "1"),
        ("报纸", ""),
        ("署名", ""),
        ("文件名", ""),
    ):
        own.read_until(question)
        own.type(f"{answer}\n")
    assert own.wait() == 0, own.seen
    text = (tmp_path / "content/articles/2020/gong-hui-shang-men.md").read_text("utf-8")
    assert "region: [陕西省/延安市/安塞区]" in text
    assert "写在编辑器里。" in text


def test_breaking_off_writes_nothing(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    own = terminal("题", "--no-edit")
    own.read_until("日期")
    own.type("\x04")
    assert own.wait() == 130
    assert "没有写任何文件" in own.seen
    assert not (tmp_path / "content").exists()
