"""Rules on what the front matter says: titles, bylines, seasons, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongbao.article import ROLES
from gongbao.check.document import Document
from gongbao.check.numbers import numbers_of, scaled
from gongbao.check.registry import Finding, Fix, Remark, rule, whole_rule
from gongbao.check.whole import Whole
from gongbao.frontmatter import Node, list_items
from gongbao.text import HAN

LONGEST_TITLE = 40  # characters; of 1,000 real titles none has more than 36
STOPS = "。．，、；："
# Words that stand where a name should.
NO_NAMES = frozenset(
    (
        *ROLES,
        "本报",
        "本报讯",
        "讯",
        "综合",
        "实习生",
        "实习记者",
        "见习记者",
        "本报记者",
        "某某",
        "佚名",
        "无名",
        "无",
        "不详",
        "未知",
        "待补",
    )
)
# Two to five ideographs, 王 磊 with a space, names with a dot or letters, offices.
NAME_RE = re.compile(
    rf"[{HAN}]{{2,5}}|[{HAN}] [{HAN}]|.*[A-Za-z·•．].*|.*(?:社|组|部|室|会|台|站|中心|办|宣)",
)
SEVERAL_RE = re.compile(rf"[{HAN}][ 、，,/]+[{HAN}]{{2}}")
MONTHS = 12


@rule("warning", "标题太长")
def check_long_title(document: Document) -> Iterator[Finding]:
    """A title of more than 40 characters: what is too much belongs into kicker and subtitle.

    Bad:  title: 市总工会在春节前夕组织机关干部分成八个小组深入全市各县区企业车间班组慰问困难职工和坚守岗位的一线职工
    Good: title: 市总工会八个小组下车间慰问一线职工
    """
    for passage in document.passages:
        if passage.name == "title" and len(passage.text) > LONGEST_TITLE:
            yield Finding(passage.start, f"标题有 {len(passage.text)} 字，最多 {LONGEST_TITLE} 字；可分出引题或副题")


@rule("warning", "标题以句号等收尾", fixable=True)
def check_stop_after_title(document: Document) -> Iterator[Finding]:
    """A title that ends in a full stop, comma or colon; `--fix` removes a full stop.

    Bad:  title: 工会上门送温暖。
    Good: title: 工会上门送温暖
    """
    for passage in document.passages:
        if passage.name == "title" and (mark := passage.text[-1:]) and mark in STOPS:
            at = passage.start + len(passage.text) - 1
            yield Finding(at, f"标题不应以“{mark}”收尾", (Fix(at, at + 1, ""),) if mark == "。" else ())


@rule("warning", "署名不是人名")
def check_nameless_byline(document: Document) -> Iterator[Finding]:
    """A byline whose name names nobody, or several people at once.

    Bad:  byline: [{role: 记者, name: 本报记者}]
    Good: byline: [{role: 记者, name: 王小明, org: 本报}]
    """
    article = document.article
    if article is None:
        return
    for credit, item in zip(article.byline, items_of(document, "byline"), strict=False):
        name = credit.name
        if name in NO_NAMES or not any(char.isalpha() for char in name):
            yield Finding(document.start_of(item), f"署名“{name}”不是人名；不知道姓名就不写这一条")
        elif SEVERAL_RE.search(name):
            yield Finding(document.start_of(item), f"署名“{name}”像是几个人，应一人一条")
        elif not NAME_RE.fullmatch(name):
            yield Finding(document.start_of(item), f"署名“{name}”不像人名")


@rule("notice", "分季节的活动不在它的月份")
def check_campaign_out_of_season(document: Document) -> Iterator[Finding]:
    """A `seasonal` campaign more than a month before or after the months that campaigns.toml gives it.

    Bad:  date: 2020-07-15；campaign: [送温暖]
    Good: date: 2020-07-15；campaign: [夏送清凉]
    """
    article = document.article
    if article is None or article.date.month is None:
        return
    for campaign in article.campaigns:
        season = {(month + step - 1) % MONTHS + 1 for month in campaign.months for step in (-1, 0, 1)}
        if campaign.seasonal and season and article.date.month not in season:
            at = document.start_of(document.node("campaign"))
            months = "、".join(map(str, campaign.months))
            yield Finding(at, f"“{campaign.name}”通常在 {months} 月，这篇是 {article.date.month} 月的，请核对")


@rule("warning", "figures 里的数文中没有")
def check_figure_not_in_text(document: Document) -> Iterator[Finding]:
    """A figure whose number stands neither in the text nor in the titles, in whatever way numbers are written.

    Bad:  figures: [{what: 慰问金, value: 7360, unit: 元}]，而文中是73.6万元
    Good: figures: [{what: 慰问金, value: 73.6, unit: 万元}]
    """
    article = document.article
    if article is None or not article.figures:
        return
    known = numbers_of("\n".join((article.title, article.kicker, article.subtitle, article.note, article.body)))
    for figure, item in zip(article.figures, items_of(document, "figures"), strict=False):
        if scaled(figure.value, figure.unit) not in known:
            at = document.start_of(item)
            yield Finding(at, f"文中没有 {figure.value}{figure.unit} 这个数（{figure.what}）")


@rule("warning", "见报早于事情发生")
def check_printed_before_event(document: Document) -> Iterator[Finding]:
    """A paper's issue that is older than what it reports.

    Bad:  date: 2020-01-15；source: {paper: 工人日报, date: 2020-01-10}
    Good: date: 2020-01-15；source: {paper: 工人日报, date: 2020-01-16}
    """
    article = document.article
    if article is None or article.source is None or article.source.date is None:
        return
    event, issue = article.date, article.source.date
    precision = min(len(str(event)), len(str(issue)))
    if str(issue)[:precision] < str(event)[:precision]:
        at = document.start_of(document.node("source"))
        yield Finding(at, f"见报日期 {issue} 早于文章日期 {event}")


@whole_rule("warning", "日期还没有到")
def check_future_date(whole: Whole) -> Iterator[Remark]:
    """A date that hasn't come yet, of the story or of the paper's issue; a day is allowed for other time zones.

    Bad:  date: 2102-01-15
    Good: date: 2012-01-15
    """
    for facts in whole.files:
        for spot in facts.dates:
            if spot.text > whole.tomorrow[: len(spot.text)]:
                yield Remark(facts.path, spot.line, spot.column, f"日期 {spot.text} 还没有到，请核对")


def items_of(document: Document, name: str) -> list[Node]:
    """The values of a list's field."""
    node = document.node(name)
    return list_items(node) if node is not None else []
