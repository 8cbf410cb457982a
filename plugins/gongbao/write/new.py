"""A new article: what is known of it, read from words as an editor writes them, and its file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gongbao.archive import ARTICLES
from gongbao.article import PLACEHOLDER, ROLES, SLUG_RE, Credit, Lists, parse_article
from gongbao.dates import PartialDate, guess_date, parse_date
from gongbao.draft import DraftError, free_slug, write_new
from gongbao.pinyin import to_slug
from gongbao.problem import ContentError, Problem
from gongbao.vocabulary import nearest

SEPARATORS_RE = re.compile(r"[\s、，,；;]+")
NAMES_RE = re.compile(r"[\s、，,]+")
CREDITS_RE = re.compile(r"[；;\n]+")
CREDIT_RE = re.compile(
    rf"(?P<org>\S*?)\s*(?P<role>{'|'.join(sorted(ROLES, key=len, reverse=True))})[\s:：]*(?P<names>.+)"
)


@dataclass(frozen=True)
class Given:
    """What an editor has said of an article, in words; empty is what wasn't said."""

    title: str = ""
    date: str = ""
    region: str = ""
    campaign: str = ""
    paper: str = ""
    printed: str = ""
    page: str = ""
    byline: str = ""
    slug: str = ""


@dataclass(frozen=True)
class Plan:
    """What is known of an article that is to be begun."""

    title: str
    date: PartialDate
    regions: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    paper: str = ""
    printed: PartialDate | None = None
    page: int | None = None
    byline: tuple[Credit, ...] = ()
    slug: str = ""


def make_plan(given: Given, lists: Lists) -> Plan:
    """What is given, read; the date is today if none is. Raises DraftError for what can't be meant."""
    date = read_date(given.date) if given.date else today()
    return Plan(
        title=read_title(given.title),
        date=date,
        regions=tuple(read_region(word, date.year, lists) for word in split_words(given.region)),
        campaigns=tuple(dict.fromkeys(read_campaign(word, lists) for word in split_words(given.campaign))),
        paper=read_paper(given.paper, lists) if given.paper else "",
        printed=read_date(given.printed) if given.printed else None,
        page=read_page(given.page) if given.page else None,
        byline=read_byline(given.byline),
        slug=read_slug(given.slug) if given.slug else "",
    )


def split_words(text: str) -> tuple[str, ...]:
    """Several names in one line: with spaces, 、, commas or semicolons between them."""
    return tuple(word for word in SEPARATORS_RE.split(text) if word)


def read_title(text: str) -> str:
    """A title on one line. Raises DraftError if it is empty."""
    title = " ".join(text.split())
    if not title:
        raise DraftError("标题是空的")
    return title


def read_date(text: str) -> PartialDate:
    """A date as precise as it is written, also as 2020年1月15日 or 2020/1/15. Raises DraftError."""
    if meant := guess_date(text):
        return meant
    try:
        return parse_date(text)
    except ValueError as error:
        raise DraftError(str(error)) from None


def read_page(text: str) -> int:
    """The number of a page (版). Raises DraftError."""
    if not text.isdecimal() or not 1 <= int(text) <= 999:
        raise DraftError(f"版次“{text}”应是 1—999 的整数")
    return int(text)


def read_slug(text: str) -> str:
    """A file's name. Raises DraftError."""
    if not SLUG_RE.fullmatch(text):
        raise DraftError(f"文件名“{text}”只能用小写字母、数字和连字符")
    return text


def read_paper(text: str, lists: Lists) -> str:
    """A paper's name, found by name, alias or id. Raises DraftError that offers the nearest and lists all."""
    paper = lists.vocabulary.find_paper(text)
    if paper is None:
        names = [one.name for one in lists.vocabulary.papers]
        raise DraftError(f"没有“{text}”这份报纸{_hint(text, names)}；可用：{'、'.join(names)}")
    return paper.name


def read_campaign(text: str, lists: Lists) -> str:
    """A campaign's name, found by name, alias or id. Raises DraftError that offers the nearest and lists all."""
    campaign = lists.vocabulary.find_campaign(text)
    if campaign is None:
        names = [one.name for one in lists.vocabulary.campaigns]
        raise DraftError(f"没有“{text}”这项活动{_hint(text, names)}；可用：{'、'.join(names)}")
    return campaign.name


def find_places(text: str, year: int, lists: Lists) -> list[str]:
    """The paths that a name may mean in a year, the likeliest first: the path itself, a place so called, one that
    begins so, one that is nearly so called, one that was so called in another year.
    """
    division = lists.regions.find(text, year)
    if division is not None and division.exact:
        return [text]
    paths = lists.regions.paths_in(year)
    parts = text.split("/")
    ends = {path: path.split("/")[-len(parts) :] for path in paths}
    begun = [path for path, own in ends.items() if len(own) == len(parts) and all(map(str.startswith, own, parts))]
    called = [path for path in begun if ends[path][-1] in (parts[-1], *(parts[-1] + end for end in "省市区县"))]
    now = lists.regions.path_in(division.region.code, year) if division else None
    near = nearest(text, paths) if not begun else None
    return list(dict.fromkeys(filter(None, [now, *called, *begun, near])))


def read_region(text: str, year: int, lists: Lists) -> str:
    """A place's path, where a name leaves no doubt. Raises DraftError that offers what may be meant."""
    places = find_places(text, year, lists)
    if places[:1] == [text] or (len(places) == 1 and _last(places[0]).startswith(_last(text))):
        return places[0]
    known = lists.regions.find(text, year)
    if known is not None:
        return text  # of another year: `check` says what it was called then
    offered = f"；是不是 {'、'.join(places[:5])}" if places else ""
    raise DraftError(f"没有“{text}”这个地区，应写 {year} 年区划的全称，如 陕西省/延安市/安塞区{offered}")


def _last(path: str) -> str:
    return path.rsplit("/", maxsplit=1)[-1]


def read_byline(text: str) -> tuple[Credit, ...]:
    """本报记者 张三 李四；通讯员 王五: each name with its role and organisation. Raises DraftError."""
    names: list[Credit] = []
    for part in filter(None, map(str.strip, CREDITS_RE.split(text))):
        match = CREDIT_RE.fullmatch(part)
        if match is None:
            raise DraftError(f"署名“{part}”应写如 本报记者 张三；通讯员 李四（身份：{'、'.join(ROLES)}）")
        names += [Credit(match["role"], name, match["org"]) for name in NAMES_RE.split(match["names"].strip()) if name]
    return tuple(names)


def season_of(date: PartialDate, lists: Lists) -> tuple[list[str], list[str]]:
    """The campaigns that usually run in a date's month, and the others."""
    campaigns = lists.vocabulary.campaigns
    own = [one.name for one in campaigns if date.month in one.months]
    return own, [one.name for one in campaigns if one.name not in own]


def today() -> PartialDate:
    """The day of this machine's clock."""
    day = datetime.datetime.now(datetime.UTC).astimezone().date()
    return PartialDate(day.year, day.month, day.day)


def article_folder(content: Path, date: PartialDate) -> Path:
    return content / ARTICLES / str(date.year)


def propose_slug(content: Path, title: str, date: PartialDate) -> str:
    """A free file name: the title's pinyin; the date where it has none."""
    return free_slug(article_folder(content, date), date, to_slug(title))


def write_article(content: Path, plan: Plan, lists: Lists) -> tuple[Path, list[Problem]]:
    """Write articles/YYYY/SLUG.md, which `check` will accept; gives its path and what is still to be noted.

    Raises DraftError; never overwrites a file.
    """
    slug = read_slug(plan.slug) if plan.slug else propose_slug(content, plan.title, plan.date)
    path = article_folder(content, plan.date) / f"{slug}.md"
    text = render_article(plan)
    try:
        _, warnings = parse_article(path, text, lists)
    except ContentError as error:
        raise DraftError("\n".join(problem.message for problem in error.problems)) from None
    write_new(path, text)
    return path, warnings


def render_article(plan: Plan) -> str:
    """The whole file: every field that editors fill in, in the order of the documents."""
    source = {"paper": plan.paper, "date": plan.printed, "page": plan.page}
    fields: dict[str, Any] = {
        "title": plan.title,
        "kicker": "",
        "subtitle": "",
        "date": plan.date,
        "region": list(plan.regions),
        "campaign": list(plan.campaigns),
        "year": plan.date.year,
        "source": {name: value for name, value in source.items() if value} if plan.paper else None,
        "byline": [_credit(credit) for credit in plan.byline],
        "figures": [],
        "status": "draft",
    }
    lines = [f"{name}:{_yaml(value)}" for name, value in fields.items()]
    if not plan.paper:
        lines[list(fields).index("source")] = "source:  # {paper: 工人日报, date: 2020-01-16, page: 3}"
    return "\n".join(["---", *lines, "---", "", PLACEHOLDER, ""])


def _credit(credit: Credit) -> dict[str, str]:
    values = {"role": credit.role, "name": credit.name, "org": credit.org}
    return {name: value for name, value in values.items() if value}


class _Dumper(yaml.SafeDumper):
    """Writes a date as editors do, without quotation marks."""


def _represent_date(dumper: _Dumper, date: PartialDate) -> yaml.Node:
    plain: str = dumper.resolve(yaml.ScalarNode, str(date), (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(plain, str(date))


_Dumper.add_representer(PartialDate, _represent_date)


def _yaml(value: object) -> str:
    """A value as it stands after the colon, on one line."""
    if value in (None, ""):
        return ""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, default_flow_style=True, sort_keys=False, width=1 << 30)
    return f" {text.removesuffix('...' + chr(10)).strip()}"


def _hint(text: str, names: Iterable[str]) -> str:
    near = nearest(text, names)
    return f"，是否想写“{near}”" if near else ""
