"""A new article, with as much of its front matter filled in as is known."""

from __future__ import annotations

import datetime
from pathlib import Path

import yaml

from gongbao.archive import ARTICLES, load_lists
from gongbao.article import SLUG_RE, Lists
from gongbao.dates import PartialDate, parse_date

TEMPLATE = """\
---
title: {title}
kicker:
subtitle:
date: {date}
region: [{region}]
campaign: [{campaign}]
source:  # {{paper: 工人日报, date: 2020-01-16, page: 3}}
byline: []
figures: []
status: draft
---

正文……
"""


class DraftError(ValueError):
    """The draft can't be made as asked; the message says what was found and what is allowed."""


def write_draft(content: Path, title: str, *, slug: str, date: str, region: str, campaign: str) -> Path:
    """Write articles/YYYY/SLUG.md and return its path. Raises DraftError; never overwrites a file."""
    if not title.strip():
        raise DraftError("标题是空的")
    try:
        when = parse_date(date) if date else _today()
    except ValueError as error:
        raise DraftError(str(error)) from None
    folder = content / ARTICLES / str(when.year)
    slug = slug or free_slug(folder, when)
    if not SLUG_RE.fullmatch(slug):
        raise DraftError(f"文件名“{slug}”只能用小写字母、数字和连字符")
    _check_lists(load_lists(content), when.year, region, campaign)
    path = folder / f"{slug}.md"
    folder.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.format(title=_yaml_text(title), date=when, region=region, campaign=campaign)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise DraftError(f"{path} 已经有了，请用 --slug 另取一个文件名") from None
    return path


def _today() -> PartialDate:
    today = datetime.datetime.now(datetime.UTC).astimezone().date()
    return PartialDate(today.year, today.month, today.day)


def free_slug(folder: Path, date: PartialDate) -> str:
    """The date and the first number with which no article of the folder is named yet."""
    stem = str(date)
    number = 1
    while (folder / f"{stem}-{number}.md").exists():
        number += 1
    return f"{stem}-{number}"


def _check_lists(lists: Lists, year: int, region: str, campaign: str) -> None:
    if region and lists.regions.find(region, year) is None:
        raise DraftError(f"没有“{region}”这个地区，应写全称，如 陕西省/延安市/安塞区")
    if campaign and lists.vocabulary.find_campaign(campaign) is None:
        allowed = "、".join(entry.name for entry in lists.vocabulary.campaigns)
        raise DraftError(f"没有“{campaign}”这项活动，可用：{allowed}")


def _yaml_text(text: str) -> str:
    return yaml.safe_dump(text.strip(), allow_unicode=True, width=10_000).removesuffix("\n...\n").strip()
