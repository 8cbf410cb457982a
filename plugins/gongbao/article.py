"""The record of an article, and the reading of its front matter; the only place that spells the fields' names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml

from gongbao.addresses import article_address, issue_address, picture_address
from gongbao.dates import PartialDate, parse_date
from gongbao.frontmatter import (
    FieldError,
    FrontMatter,
    hint_of_list,
    is_empty,
    list_items,
    parse_choice,
    parse_mapping,
    parse_number,
    parse_text,
    report_unknown,
    require,
    split_front_matter,
)
from gongbao.place import Place, parse_places
from gongbao.problem import ContentError, Problem, has_errors
from gongbao.regions import LAST_YEAR, RegionTable
from gongbao.vocabulary import Campaign, Paper, Vocabulary, nearest

SLUG_RE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PICTURE_RE = re.compile(r"(?:[A-Za-z0-9][\w-]*/)*[A-Za-z0-9][\w-]*\.(?:jpe?g|png|webp)", re.ASCII | re.IGNORECASE)
PAGE_RE = re.compile(r"\d{1,3}")
LINES_RE = re.compile(r"\d+(?:-\d+)?")
ALIAS_RE = re.compile(r"/(?:[A-Za-z0-9._~%-]+/)+")
ROLES = ("记者", "通讯员", "特约记者", "摄影", "作者", "编辑")
QUALIFIERS = ("余", "多", "近", "约", "超")
STATUSES = ("published", "draft")
PLACEHOLDER = "正文……"  # what `new` and the snippets put where the text is to be
YEARS = range(1840, 2200)
# Written after the number (170余万元), the others before it (近20万元).
SUFFIXED_QUALIFIERS = frozenset("余多")

Status = Literal["published", "draft"]


@dataclass(frozen=True)
class Source:
    """Where a story stood in print; `inferred` if the paper was deduced, not read."""

    paper: Paper
    date: PartialDate | None = None
    page: int | None = None
    inferred: bool = False

    @property
    def issue_address(self) -> str | None:
        return issue_address(self.paper.id, self.date) if self.date else None


@dataclass(frozen=True)
class Credit:
    """One name of a byline (署名)."""

    role: str
    name: str
    org: str = ""

    @property
    def title(self) -> str:
        """本报记者, 新华社记者, 通讯员."""
        return f"{self.org}{self.role}"


@dataclass(frozen=True)
class Figure:
    """A number that the story reports, as printed: 170余万元 is value 170, unit 万元, qualifier 余."""

    what: str
    value: int | float
    unit: str
    qualifier: str = ""

    @property
    def text(self) -> str:
        """As newspapers write it: 近20万元, 170余万元, 3.3亿余元."""
        if self.qualifier not in SUFFIXED_QUALIFIERS:
            return f"{self.qualifier}{self.value}{self.unit}"
        scale = self.unit[:1] if self.unit[:1] in ("万", "亿") else ""
        if scale and self.value % 10:
            return f"{self.value}{scale}{self.qualifier}{self.unit[1:]}"
        return f"{self.value}{self.qualifier}{self.unit}"


@dataclass(frozen=True)
class Picture:
    """A picture of the story: a file below content/images/, and in `alt` what it shows, in words.

    `line` is where the article names the file.
    """

    file: str
    alt: str
    caption: str = ""
    credit: str = ""
    line: int = field(default=1, compare=False)

    @property
    def address(self) -> str:
        return picture_address(self.file)

    @property
    def media_type(self) -> str:
        """Such as image/jpeg."""
        suffix = self.file.rpartition(".")[2].lower()
        return f"image/{'jpeg' if suffix == 'jpg' else suffix}"


@dataclass(frozen=True)
class Provenance:
    """The page dump that `clip` cut a story from: its file and checksum, and the lines, as `9-13` or `7`.

    `confidence`, from 0 to 1, and `flags` are the cut's, not the editor's.
    """

    file: str
    sha256: str
    lines: tuple[str, ...]
    confidence: float | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Article:
    """One story of the archive. `body` is Markdown that begins on line `body_line` of `file`."""

    file: str  # its path; ten thousand Path objects would take longer to read from the cache than all else
    slug: str
    title: str
    date: PartialDate
    year: int
    places: tuple[Place, ...]
    campaigns: tuple[Campaign, ...]
    body: str = field(repr=False)
    body_line: int = 1
    kicker: str = ""
    subtitle: str = ""
    source: Source | None = None
    byline: tuple[Credit, ...] = ()
    figures: tuple[Figure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    note: str = ""
    status: Status = "published"
    aliases: tuple[str, ...] = ()
    clip: Provenance | None = None
    digest: str = field(default="", repr=False, compare=False)  # SHA-256 of its slug and its file's text

    @property
    def path(self) -> Path:
        """Where it stands."""
        return Path(self.file)

    @cached_property  # asked for a dozen times in a build
    def address(self) -> str:
        return article_address(self.year, self.slug)

    @cached_property
    def sort_key(self) -> tuple[tuple[int, int, int], str]:
        """Orders by date, then by slug: the same on every machine."""
        return (self.date.sort_key, self.slug)


@dataclass(frozen=True)
class Lists:
    """What front matter may refer to."""

    vocabulary: Vocabulary
    regions: RegionTable


def digest_of(slug: str, text: str) -> str:
    """The digest that an article has with this slug and this text of its file."""
    return hashlib.sha256(f"{slug}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def parse_article(path: Path, text: str, lists: Lists) -> tuple[Article, list[Problem]]:
    """Read an article from its file's text; the file's name is its slug.

    Returns the article and its warnings. Raises ContentError with every problem if one of them is an error.
    """
    return parse_matter(split_front_matter(path, text.replace("\r\n", "\n")), text, lists)


def parse_matter(matter: FrontMatter, text: str, lists: Lists) -> tuple[Article, list[Problem]]:
    """The same from a file that is parted already."""
    path = matter.path
    report_unknown(matter, FIELDS, IN_CHINESE)
    if not SLUG_RE.fullmatch(path.stem):
        message = f"文件名“{path.stem}”是文章的永久地址，只能用小写字母、数字和连字符"
        matter.report(None, message, "bad-slug")
    title = matter.read("title", parse_text, "") or _missing(matter, "title", "标题")
    date = matter.read("date", _parse_date, None) or _missing(matter, "date", "日期")
    year = _read_year(matter, date)
    places = matter.read("region", lambda node: parse_places(node, year, lists.regions, matter), ())
    campaigns = matter.read("campaign", lambda node: _parse_campaigns(node, lists.vocabulary, matter), ())
    article = Article(
        file=str(path),
        slug=path.stem,
        title=title,
        date=date if isinstance(date, PartialDate) else PartialDate(year),
        year=year,
        places=places,
        campaigns=campaigns,
        body=matter.body,
        body_line=matter.body_line,
        kicker=matter.read("kicker", parse_text, ""),
        subtitle=matter.read("subtitle", parse_text, ""),
        source=matter.read("source", lambda node: _parse_source(node, lists.vocabulary), None),
        byline=matter.read("byline", _parse_byline, ()),
        figures=matter.read("figures", _parse_figures, ()),
        pictures=matter.read("images", _parse_pictures, ()),
        note=matter.read("note", parse_text, ""),
        status=matter.read("status", parse_choice(STATUSES), "published"),
        aliases=matter.read("aliases", _parse_aliases, ()),
        clip=matter.read("clip", parse_clip, None),
        digest=digest_of(path.stem, text),
    )
    if not matter.body.strip():
        matter.problems.append(Problem(path, matter.body_line, "正文是空的", "missing-body"))
    elif article.status == "published" and matter.body.strip() == PLACEHOLDER:
        matter.problems.append(Problem(path, matter.body_line, "正文还没有写", "missing-body"))
    if has_errors(matter.problems):
        raise ContentError(matter.problems)
    return article, matter.problems


FIELDS = (
    *("title", "kicker", "subtitle", "date", "region", "campaign", "year", "source", "byline", "figures", "note"),
    *("images", "aliases", "status", "clip", "check"),
)

# What editors may write instead, as the form and the glossary call the fields; only offered in messages.
IN_CHINESE = dict(
    pair.split()
    for pair in (
        *("标题 title", "引题 kicker", "副题 subtitle", "日期 date", "地区 region", "活动 campaign", "年份 year"),
        *("出处 source", "来源 source", "署名 byline", "作者 byline", "数字 figures", "编者注 note", "图片 images"),
        *("旧地址 aliases", "状态 status", "author byline", "tags campaign"),
    )
)


CLIP_FIELDS = ("file", "sha256", "lines", "confidence", "flags", "printed", "evidence", "written")


def _missing(matter: FrontMatter, name: str, label: str) -> str:
    if name not in matter.nodes or is_empty(matter.nodes[name][1]):
        node = matter.nodes[name][0] if name in matter.nodes else None
        matter.report(node, f"缺少{label}：请填写 {name}", f"missing-{name}")
    return ""


def _parse_date(node: yaml.Node) -> PartialDate:
    try:
        date = parse_date(parse_text(node))
    except FieldError:
        raise
    except ValueError as error:
        raise FieldError(node, str(error), "bad-date") from None
    if date.year not in YEARS:
        raise FieldError(node, f"年份 {date.year} 不在 {YEARS[0]}—{YEARS[-1]} 之间", "bad-date")
    return date


def _read_year(matter: FrontMatter, date: PartialDate | str) -> int:
    dated = date.year if isinstance(date, PartialDate) else LAST_YEAR
    year: str = matter.read("year", parse_text, "")
    if year and isinstance(date, PartialDate) and year != str(dated):
        matter.report(matter.nodes["year"][1], f"year 是“{year}”，与 date 的 {dated} 年不符", "contradictory-year")
    return dated


def _parse_campaigns(node: yaml.Node, vocabulary: Vocabulary, matter: FrontMatter) -> tuple[Campaign, ...]:
    campaigns = []
    for item in list_items(node):
        name = parse_text(item)
        campaign = vocabulary.find_campaign(name)
        if campaign is None:
            allowed = [campaign.name for campaign in vocabulary.campaigns]
            hint = hint_of_list(name) or (f"；是否想写“{near}”" if (near := nearest(name, allowed)) else "")
            message = f"没有“{name}”这项活动{hint}；可用：{'、'.join(allowed)}"
            matter.report(item, message, "unknown-campaign")
        elif campaign not in campaigns:
            campaigns.append(campaign)
    return tuple(campaigns)


def _parse_source(node: yaml.Node, vocabulary: Vocabulary) -> Source:
    values = parse_mapping(node, ("paper", "date", "page", "inferred"))
    name = parse_text(require(values, "paper", node))
    paper = vocabulary.find_paper(name)
    if paper is None:
        allowed = [paper.name for paper in vocabulary.papers]
        hint = f"；是否想写“{near}”" if (near := nearest(name, allowed)) else ""
        raise FieldError(values["paper"], f"没有“{name}”这份报纸{hint}；可用：{'、'.join(allowed)}", "unknown-paper")
    page = None
    if "page" in values:
        text = parse_text(values["page"])
        if not PAGE_RE.fullmatch(text) or not int(text):
            raise FieldError(values["page"], f"版次“{text[:20]}”应是 1—999 的整数", "bad-page")
        page = int(text)
    return Source(
        paper=paper,
        date=_parse_date(values["date"]) if "date" in values else None,
        page=page,
        inferred="inferred" in values and parse_choice(("true", "false"))(values["inferred"]) == "true",
    )


def parse_clip(node: yaml.Node) -> Provenance:
    """What `clip` noted of a draft. Raises FieldError."""
    values = parse_mapping(node, CLIP_FIELDS)
    lines = tuple(parse_text(item) for item in list_items(require(values, "lines", node)))
    if wrong := next((line for line in lines if not LINES_RE.fullmatch(line)), ""):
        raise FieldError(values["lines"], f"行号“{wrong}”应形如 9-13 或 7", "bad-value")
    file, checksum = (parse_text(require(values, name, node)) for name in ("file", "sha256"))
    return Provenance(
        file,
        checksum,
        lines,
        confidence=float(parse_number(values["confidence"])) if "confidence" in values else None,
        flags=tuple(parse_text(item) for item in list_items(values["flags"])) if "flags" in values else (),
    )


def _parse_byline(node: yaml.Node) -> tuple[Credit, ...]:
    names = []
    for item in list_items(node):
        values = parse_mapping(item, ("role", "name", "org"))
        role = parse_choice(ROLES)(require(values, "role", item))
        name = parse_text(require(values, "name", item))
        names.append(Credit(role, name, parse_text(values["org"]) if "org" in values else ""))
    return tuple(names)


def _parse_figures(node: yaml.Node) -> tuple[Figure, ...]:
    figures = []
    for item in list_items(node):
        values = parse_mapping(item, ("what", "value", "unit", "qualifier"))
        figures.append(
            Figure(
                what=parse_text(require(values, "what", item)),
                value=parse_number(require(values, "value", item)),
                unit=parse_text(require(values, "unit", item)),
                qualifier=parse_choice(QUALIFIERS)(values["qualifier"]) if "qualifier" in values else "",
            )
        )
    return tuple(figures)


def check_picture_name(file: str) -> str:
    """Why a name can't be that of a picture below content/images/; empty if it can."""
    if PICTURE_RE.fullmatch(file):
        return ""
    message = (
        f"图片“{file}”应是 content/images/ 里的 JPEG、PNG 或 WebP 文件，如 2020/zhao-pian.jpg，只用字母、数字、- 和 _"
    )
    return f"{message}；SVG 请另存为 PNG" if file.lower().endswith(".svg") else message


def _parse_pictures(node: yaml.Node) -> tuple[Picture, ...]:
    pictures = []
    for item in list_items(node):
        values = parse_mapping(item, ("file", "alt", "caption", "credit"))
        named = require(values, "file", item)
        file = parse_text(named)
        if message := check_picture_name(file):
            raise FieldError(named, message, "bad-picture")
        if "alt" not in values:
            message = f"图片“{file}”缺少 alt：请用一句话写出画面上有什么，读屏的读者靠它知道图片的内容"
            raise FieldError(item, message, "missing-alt")
        texts = {name: parse_text(values[name]) for name in ("alt", "caption", "credit") if name in values}
        pictures.append(Picture(file, **texts, line=named.start_mark.line + 2))
    return tuple(pictures)


def _parse_aliases(node: yaml.Node) -> tuple[str, ...]:
    aliases = tuple(parse_text(item) for item in list_items(node))
    for alias in aliases:
        if not ALIAS_RE.fullmatch(alias) or ".." in alias:
            raise FieldError(node, f"旧地址“{alias}”应形如 /articles/2020/jiu-diming/", "bad-alias")
    return aliases
