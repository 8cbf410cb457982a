"""What the reading of a file finds: `article.py`, `frontmatter.py`, `archive.py` and `sitepage.py` tell builds too.

Here these findings get a name, a severity and an example like all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongbao.archive import vocabulary_folder
from gongbao.check.document import Document
from gongbao.check.registry import Finding, Remark, content_rule, rule
from gongbao.problem import ContentError
from gongbao.published import PublishedError, load_record, record_of
from gongbao.vocabulary import load_vocabulary


@content_rule("error", "没有这个内容文件夹")
def check_missing_content(content: Path) -> Iterator[Remark]:
    """The content folder isn't there.

    Bad:  inv check --content contents
    Good: inv check --content content
    """
    if not content.is_dir():
        yield Remark(content, 1, 1, "没有这个内容文件夹")


@content_rule("error", "词表读不了，或一个名称属于两条")
def check_bad_vocabulary(content: Path) -> Iterator[Remark]:
    """A vocabulary that can't be read, or a name that two entries claim.

    Bad:  [song-wennuan] 下没有 name
    Good: [song-wennuan] 下有 name = "送温暖"
    """
    try:
        load_vocabulary(vocabulary_folder(content))
    except ContentError as error:
        yield from (Remark(one.path, one.line, one.column, one.message) for one in error.problems)


@content_rule("error", "published.json 读不了，不知道发布过哪些地址")
def check_unreadable_record(content: Path) -> Iterator[Remark]:
    """The record of the last publication can't be read.

    Bad:  <<<<<<< HEAD
    Good: {"format": 1, "files": {}}
    """
    try:
        load_record(record_of(content))
    except PublishedError as error:
        yield Remark(record_of(content), error.line, 1, str(error))


def found(document: Document, own: str) -> Iterator[Finding]:
    """What the reading of a document found by one rule."""
    for one in document.found:
        if one.rule == own:
            yield Finding(document.offset(one.line, one.column), one.message, severity=one.severity)


@rule("error", "文件打不开")
def check_unreadable_file(document: Document) -> Iterator[Finding]:
    """A file that can't be opened.

    Bad:  song-nuan.md 是文件夹，或是断了的链接
    Good: song-nuan.md 是文件
    """
    yield from found(document, "unreadable-file")


@rule("error", "文件不是 UTF-8")
def check_not_utf_8(document: Document) -> Iterator[Finding]:
    """A file that isn't UTF-8; the message says what it looks like.

    Bad:  以 GB18030 保存
    Good: 以 UTF-8 保存
    """
    yield from found(document, "not-utf-8")


@rule("error", "开头没有元数据")
def check_missing_front_matter(document: Document) -> Iterator[Finding]:
    """A file that doesn't begin with front matter between two lines `---`.

    Bad:  title: 工会上门送温暖
    Good: ---
    """
    yield from found(document, "missing-front-matter")


@rule("error", "元数据不是合规的 YAML")
def check_bad_yaml(document: Document) -> Iterator[Finding]:
    """Front matter that is no YAML mapping.

    Bad:  region: [陕西省/延安市
    Good: region: [陕西省/延安市]
    """
    yield from found(document, "bad-yaml")


@rule("error", "没有的字段，多半是写错了")
def check_unknown_field(document: Document) -> Iterator[Finding]:
    """A field that doesn't exist; the nearest name is offered.

    Bad:  titel: 工会上门送温暖
    Good: title: 工会上门送温暖
    """
    yield from found(document, "unknown-field")


@rule("error", "字段写了两次")
def check_repeated_field(document: Document) -> Iterator[Finding]:
    """A field that stands twice.

    Bad:  year: 2020 之后又写 year: 2021
    Good: year: 2020
    """
    yield from found(document, "repeated-field")


@rule("error", "文件名不能作地址")
def check_bad_slug(document: Document) -> Iterator[Finding]:
    """A file name that can't be an address.

    Bad:  Song_Nuan.md
    Good: song-nuan.md
    """
    yield from found(document, "bad-slug")


@rule("error", "缺少标题")
def check_missing_title(document: Document) -> Iterator[Finding]:
    """No title.

    Bad:  title:
    Good: title: 工会上门送温暖
    """
    yield from found(document, "missing-title")


@rule("error", "缺少日期")
def check_missing_date(document: Document) -> Iterator[Finding]:
    """No date; a year is enough.

    Bad:  date:
    Good: date: 2020
    """
    yield from found(document, "missing-date")


@rule("error", "正文是空的，或还是样例的字")
def check_missing_body(document: Document) -> Iterator[Finding]:
    """Nothing after the front matter, or only the words that `new` put there.

    Bad:  第二行 --- 之后什么也没有
    Good: 第二行 --- 之后有正文
    """
    yield from found(document, "missing-body")


@rule("error", "日期写法不对，或日历上没有")
def check_bad_date(document: Document) -> Iterator[Finding]:
    """A date of another form, or that the calendar doesn't have.

    Bad:  date: 2020-02-30
    Good: date: 2020-02-29
    """
    yield from found(document, "bad-date")


@rule("error", "year 与 date 不符")
def check_contradictory_year(document: Document) -> Iterator[Finding]:
    """A `year` that isn't the date's.

    Bad:  date: 2020-01-15；year: 2019
    Good: date: 2020-01-15；year: 2020
    """
    yield from found(document, "contradictory-year")


@rule("error", "没有这个地区；提示最接近的")
def check_unknown_region(document: Document) -> Iterator[Finding]:
    """A place that no year has; the nearest one is offered.

    Bad:  region: [陕西省/廷安市]
    Good: region: [陕西省/延安市]
    """
    yield from found(document, "unknown-region")


@rule("error", "地区少写了上级，或写到了县以下")
def check_wrong_region_level(document: Document) -> Iterator[Finding]:
    """A place without those that hold it, or with one below the counties.

    Bad:  region: [延安市/安塞区]
    Good: region: [陕西省/延安市/安塞区]
    """
    yield from found(document, "wrong-region-level")


@rule("warning", "那一年没有这个地区；提示当时的名称")
def check_region_of_another_year(document: Document) -> Iterator[Finding]:
    """A place under a name that it didn't have in that year; the name it had is offered.

    Bad:  date: 2001；region: [陕西省/延安市/安塞区]
    Good: date: 2001；region: [陕西省/延安市/安塞县]
    """
    yield from found(document, "region-of-another-year")


@rule("error", "词表里没有这项活动；提示最接近的")
def check_unknown_campaign(document: Document) -> Iterator[Finding]:
    """A campaign that campaigns.toml doesn't have; the nearest one is offered.

    Bad:  campaign: [送温嗳]
    Good: campaign: [送温暖]
    """
    yield from found(document, "unknown-campaign")


@rule("error", "词表里没有这份报纸")
def check_unknown_paper(document: Document) -> Iterator[Finding]:
    """A paper that papers.toml doesn't have.

    Bad:  source: {paper: 工人曰报}
    Good: source: {paper: 工人日报}
    """
    yield from found(document, "unknown-paper")


@rule("error", "值的写法不对")
def check_bad_value(document: Document) -> Iterator[Finding]:
    """A value of the wrong kind.

    Bad:  status: done
    Good: status: draft
    """
    yield from found(document, "bad-value")


@rule("error", "应是数字")
def check_bad_number(document: Document) -> Iterator[Finding]:
    """A number of `figures` that is none.

    Bad:  figures: [{what: 慰问金, value: 两万, unit: 元}]
    Good: figures: [{what: 慰问金, value: 20000, unit: 元}]
    """
    yield from found(document, "bad-number")


@rule("error", "版次不是 1—999 的整数")
def check_bad_page(document: Document) -> Iterator[Finding]:
    """A page of a paper that isn't a number from 1 to 999.

    Bad:  source: {paper: 工人日报, page: A3}
    Good: source: {paper: 工人日报, page: 3}
    """
    yield from found(document, "bad-page")


@rule("error", "少了必写的一项")
def check_missing_value(document: Document) -> Iterator[Finding]:
    """A value that lacks a part of it.

    Bad:  byline: [{role: 记者}]
    Good: byline: [{role: 记者, name: 王小明}]
    """
    yield from found(document, "missing-value")


@rule("error", "旧地址的写法不对")
def check_bad_alias(document: Document) -> Iterator[Finding]:
    """An old address of another form.

    Bad:  aliases: [jiu-diming]
    Good: aliases: [/articles/2020/jiu-diming/]
    """
    yield from found(document, "bad-alias")


@rule("warning", "文件不在它那一年的文件夹里")
def check_wrong_folder(document: Document) -> Iterator[Finding]:
    """An article outside its year's folder.

    Bad:  articles/2019/song-nuan.md；date: 2020-01-15
    Good: articles/2020/song-nuan.md；date: 2020-01-15
    """
    yield from found(document, "wrong-folder")
