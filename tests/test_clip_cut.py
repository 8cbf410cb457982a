"""How a page is cut: what each line is, what belongs together, what front matter says."""

from __future__ import annotations

import pytest
from gongbao.article import Credit, Lists
from gongbao.clip.credits import find_dateline, find_end_credit, parse_byline_line
from gongbao.clip.dating import read_numeral
from gongbao.clip.gazetteer import gazetteer
from gongbao.clip.lines import label_lines
from gongbao.clip.page import split_page
from gongbao.clip.records import narrow
from gongbao.dates import parse_date
from gongbao.folding import fold

from tests.clipping import cut_text


def credits_of(text: str) -> list[str]:
    return [f"{one.title}{one.name}" for one in parse_byline_line(fold(text)) or ()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("本报记者 王小明", ["本报记者王小明"]),
        ("本报记者 王小明　本报通讯员 李 娜", ["本报记者王小明", "本报通讯员李娜"]),
        ("□特约记者 阿依古丽·买买提", ["特约记者阿依古丽·买买提"]),
        ("新华社记者王小明摄", ["新华社摄影王小明"]),
        ("王小明/摄", ["摄影王小明"]),
        ("新华社发（王小明 摄）", ["新华社摄影王小明"]),
        ("（作者单位：某县总工会 王小明）", ["作者王小明"]),
        ("本報記者 王小明", ["本报记者王小明"]),
        ("□王小明（本报通讯员）", ["本报通讯员王小明"]),
        ("某市工人报特派记者 王小明　四月十日", ["某市工人报记者王小明"]),
        ("本报记者 王小明　发自西安", ["本报记者王小明"]),
        ("摄影/王小明（特约）", ["摄影王小明"]),
        ("工人文化宫", []),
        ("让职工成为主角", []),
        ("记者节里话担当", []),
    ],
)
def test_byline_line(line: str, expected: list[str]) -> None:
    assert credits_of(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报讯（王小明 李娜）近日", [Credit("作者", "王小明"), Credit("作者", "李娜")]),
        ("本报讯 (记者王小明 通讯员李娜)近日", [Credit("记者", "王小明", "本报"), Credit("通讯员", "李娜")]),
        ("新华社西安1月1日电（记者王小明）近日", [Credit("记者", "王小明", "新华社")]),
        ("本报讯 记者王小明、通讯员李娜报道：近日", [Credit("记者", "王小明", "本报"), Credit("通讯员", "李娜")]),
        ("△本报讯（记者 王小明）近日", [Credit("记者", "王小明", "本报")]),
        ("本报西安专递 驻陕记者 王小明　 近日", [Credit("记者", "王小明", "本报")]),
        ("本报讯　近日", []),
    ],
)
def test_dateline(text: str, expected: list[Credit]) -> None:
    found = find_dateline(fold(text))
    assert found is not None
    assert list(found.credits) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他们都领到了新书。（王小明）", [Credit("作者", "王小明")]),
        ("他们都领到了新书。 □本报记者 王小明 摄", [Credit("摄影", "王小明", "本报")]),
        ("他们都领到了新书。（王小明 摄影报道）", [Credit("摄影", "王小明")]),
        ("他们都领到了新书。〔王小明〕", [Credit("作者", "王小明")]),
        ("他们都领到了新书。（王小明 撰稿）", [Credit("作者", "王小明")]),
        ("按办法办理（试行）", None),
        ("发言的是王小明（右二）", None),
    ],
)
def test_credit_at_the_end(text: str, expected: list[Credit] | None) -> None:
    found = find_end_credit(fold(text))
    assert (list(found.credits) if found else None) == expected


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("职工书屋添新书", "headline"),
        ("——记县棉纺厂女工张二妹", "headline"),
        ("县总工会给十二家企业送去图书。", "body"),
        ("3月5日，某县总工会的书屋里坐满了", "body"),
        ("要人”窗口，方便大家报名", "body"),
        ("本报记者 王小明", "byline"),
        ("阅 读 提 示", "label"),
        ("【编后】", "label"),
        ("责任编辑：王小明　版式：李娜", "banner"),
        ("2020年1月16日　星期四", "banner"),
        ("◆ 短 波 ◆", "banner"),
        ("一碗面条里的家乡………………3版", "toc"),
    ],
)
def test_label_with_its_reasons(line: str, label: str) -> None:
    (found,) = label_lines(split_page(line)[0])
    assert found.label == label
    assert found.reasons or label == "body"


HEADS = """\
把书送到车间里

县总工会办起十二家流动书屋

——来自棉纺厂的见闻

本报记者 王小明

棉纺厂的女工张二妹下了夜班，先到书屋坐一会儿。她说，翻几页书，心里就静了。

书架会走路，女工张二妹最先看见。夜班的女工翻着书，说棉纺厂从来没有这样静过。

书架会走路

书架装着轮子，从前纺车间推到后纺车间，哪里歇班就停在哪里。
"""


def test_parts_of_a_headline(lists: Lists) -> None:
    (clipping,) = cut_text(HEADS, lists).clippings
    head = clipping.story.headline
    assert [unit.text for unit in head.kicker] == ["把书送到车间里"]
    assert clipping.title == "县总工会办起十二家流动书屋"
    assert [unit.text for unit in head.subtitle] == ["——来自棉纺厂的见闻"]
    assert [passage.role for passage in clipping.story.passages] == ["body", "body", "subhead", "body"]


BROKEN = """\
棉纺厂办起流动书屋

本报讯（记者王小明）县棉纺厂工会把书架装上轮子，从前纺车间推到后纺车间。挡车工张二妹说：“书架会走路，我们

农机站送修到田头

本报讯（记者李娜）县农机站的修理工每天清早下乡，拖拉机坏在哪里，就修在哪里，一分钱也不多收。

就不用跑路了。”书架推了半年，挡车工们借走了九百册书。
"""


def test_broken_sentence_is_joined_across_another_story(lists: Lists) -> None:
    first, second = cut_text(BROKEN, lists).clippings
    assert [unit.line for unit in first.units] == [1, 3, 9]
    assert [unit.line for unit in second.units] == [5, 7]
    assert [passage.joins for passage in first.story.passages] == [False, True]


def test_lost_end_is_flagged(lists: Lists) -> None:
    (clipping,) = cut_text("\n".join(BROKEN.split("\n")[:3]), lists).clippings
    assert "ends-mid-sentence" in clipping.flags
    assert clipping.confidence < 0.9


def test_repeats_are_taken_out_and_named(lists: Lists) -> None:
    paragraph = "县棉纺厂工会把十二个书架装上轮子，从前纺车间推到后纺车间，哪里歇班就停在哪里。"
    changed = paragraph.replace("十二个", "二十个")
    text = f"流动书屋进车间\n\n本报讯 挡车工们有书看了。\n\n{paragraph}\n\n{paragraph}\n\n{changed}\n"
    cut = cut_text(text, lists)
    assert [(repeat.unit.line, repeat.of) for repeat in cut.repeats] == [(7, (5,)), (9, (5,))]
    assert cut.repeats[1].likeness < 100


def test_the_same_byline_twice_is_no_repeat(lists: Lists) -> None:
    text = HEADS + "\n农机站送修到田头\n\n本报记者 王小明\n\n县农机站的修理工每天清早下乡，坏在哪里修在哪里。\n"
    assert not cut_text(text, lists).repeats


def test_photo_news_ends_with_its_photographer(lists: Lists) -> None:
    text = BROKEN.replace("就不用", "书香满厂\n\n3月5日，棉纺厂的女工在书屋里看书。\n\n本报记者 李娜 摄\n\n就不用")
    photos = [one for one in cut_text(text, lists).clippings if one.story.is_photo]
    assert [one.title for one in photos] == ["书香满厂"]
    assert photos[0].credits == (Credit("摄影", "李娜", "本报"),)


def test_place_is_what_the_story_is_about(lists: Lists) -> None:
    text = (
        "安塞区总工会办书屋\n\n本报讯（王小明）陕西省延安市安塞区总工会给职工买书，书是从西安运来的，有北京的画册。\n"
    )
    (clipping,) = cut_text(text, lists, date=parse_date("2020-03-05")).clippings
    assert ["/".join(place.path) for place in clipping.places] == ["陕西省/延安市/安塞区"]


def test_place_has_the_name_of_the_year(lists: Lists) -> None:
    text = "安塞县总工会办书屋\n\n本报讯（王小明）安塞县总工会给职工买书。\n"
    (clipping,) = cut_text(text, lists, date=parse_date("2010-03-05")).clippings
    assert clipping.places[0].path == ("陕西省", "延安市", "安塞县")


def test_names_of_institutions_are_no_places() -> None:
    found = {mention.name for mention in gazetteer(2020).find("兰州大学、武威肿瘤医院的专家走在南京路上")}
    assert not found


def test_short_form_of_an_autonomous_county() -> None:
    (mention,) = gazetteer(2020).find("酉阳县的职工")
    assert mention.paths == (("重庆市", "酉阳土家族苗族自治县"),)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("本报讯 3月5日至6日，县总工会办招聘会。", "2020-03-05"),
        ("本报讯 2019年12月28日，县总工会办招聘会。", "2019-12-28"),
        ("本报讯 12月28日，县总工会办招聘会。", "2019-12-28"),
        ("本报讯 近日，县总工会办招聘会。1998年5月1日建厂以来头一回。", "2020-01-16"),
    ],
)
def test_date_of_the_event(lists: Lists, text: str, date: str) -> None:
    page = parse_date("2020-03-16" if "3月" in text else "2020-01-16")
    (clipping,) = cut_text(f"招聘会开进厂\n\n{text}\n", lists, date=page).clippings
    assert clipping.date is not None
    assert str(clipping.date.date) == date


def test_figures_as_printed(lists: Lists) -> None:
    text = "书屋进厂\n\n本报讯 县总工会投入资金34万余元，新建书屋12个，近2,000名职工办了借书证。\n"
    (clipping,) = cut_text(text, lists).clippings
    assert [found.figure.text for found in clipping.figures] == ["34万余元", "12个", "近2000名"]


def test_every_field_has_its_evidence(lists: Lists) -> None:
    text = "安塞区总工会送清凉\n\n本报讯（王小明）2020年7月20日，陕西省延安市安塞区总工会给环卫工人送绿豆汤。\n"
    (clipping,) = cut_text(text, lists).clippings
    evidence = {one.field: one for one in clipping.evidence}
    assert set(evidence) == {"date", "region", "campaign", "byline"}
    assert evidence["date"].line == 3
    assert evidence["byline"].words == "本报讯（王小明）"


@pytest.mark.parametrize(
    ("title", "narrowed"), [("三 十 天 访 遍 五 十 家", "三十天访遍五十家"), ("把书送来 把人请去", "把书送来 把人请去")]
)
def test_wide_titles_are_narrowed(title: str, narrowed: str) -> None:
    assert narrow(title) == narrowed


@pytest.mark.parametrize("text", ["。", "，。！？" * 2000, "x" * 30_000, "工会" * 30_000, "The union met.\n" * 50])
def test_odd_pages_give_a_result(lists: Lists, text: str) -> None:
    cut = cut_text(text, lists)
    assert cut.clippings or cut.leftovers


@pytest.mark.parametrize(("numeral", "number"), [("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31)])
def test_numerals_below_a_hundred_are_read(numeral: str, number: int) -> None:
    assert read_numeral(numeral) == number


def test_page_date_in_chinese_numerals_is_read(lists: Lists) -> None:
    head = "某地工人报 二〇一三年六月二十一日 星期五 第二版"
    cut = cut_text(
        f"{head}\n\n职工书屋添新书\n\n本报讯（王小明）县总工会给十二家企业送去图书，职工下班后有了去处。\n", lists
    )
    assert cut.date is not None
    assert str(cut.date.date) == "2013-06-21"
