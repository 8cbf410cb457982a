"""The record of an article, and the reading of its front matter; the only place that spells the fields' names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from gongbao.addresses import article_address, issue_address
from gongbao.dates import PartialDate, parse_date
from gongbao.problem import ContentError, Problem, has_errors
from gongbao.regions import FIRST_YEAR, LAST_YEAR, Region, RegionTable
from gongbao.vocabulary import Campaign, Paper, Vocabulary, nearest

FRONT_MATTER_RE = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
SLUG_RE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LINES_RE = re.compile(r"\d+(?:-\d+)?")
ROLES = ("记者", "通讯员", "特约记者", "摄影", "作者", "编辑")
QUALIFIERS = ("余", "多", "近", "约", "超")
STATUSES = ("published", "draft")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, ten times faster, where the wheel has it
YEARS = range(1840, 2200)
# Written after the number (170余万元), the others before it (近20万元).
SUFFIXED_QUALIFIERS = frozenset("余多")

Status = Literal["published", "draft"]


@dataclass(frozen=True)
class Place:
    """Where a story happened: the entity, and the names from the province down as the article's year had them."""

    region: Region
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def full_name(self) -> str:
        return "".join(self.path)


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
class Provenance:
    """The page dump that `clip` cut a story from: its file and checksum, and the lines, as `9-13` or `7`."""

    file: str
    sha256: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """One story of the archive. `body` is Markdown that begins on line `body_line` of `path`."""

    path: Path
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
    note: str = ""
    status: Status = "published"
    aliases: tuple[str, ...] = ()
    clip: Provenance | None = None
    digest: str = field(default="", repr=False, compare=False)  # SHA-256 of its slug and its file's text

    @property
    def address(self) -> str:
        return article_address(self.year, self.slug)

    @property
    def sort_key(self) -> tuple[tuple[int, int, int], str]:
        """Orders by date, then by slug: the same on every machine."""
        return (self.date.sort_key, self.slug)


@dataclass(frozen=True)
class Lists:
    """What front matter may refer to."""

    vocabulary: Vocabulary
    regions: RegionTable


class FieldError(ValueError):
    """A field's value is not allowed; the message says what was found and what is allowed."""

    def __init__(self, node: yaml.Node | None, message: str, rule: str, *, warning: bool = False) -> None:
        super().__init__(message)
        self.node, self.rule, self.warning = node, rule, warning


@dataclass
class FrontMatter:
    """The YAML mapping at a file's head, with the place of each value."""

    path: Path
    nodes: dict[str, tuple[yaml.Node, yaml.Node]]
    body: str
    body_line: int
    problems: list[Problem] = field(default_factory=list)

    def report(self, node: yaml.Node | None, message: str, rule: str, *, warning: bool = False) -> None:
        """Note a problem at a node's line; without a node at the front matter's first line."""
        line = node.start_mark.line + 2 if node is not None else 1
        self.problems.append(Problem(self.path, line, message, rule, "warning" if warning else "error"))

    def read(self, name: str, parse: Callable[[yaml.Node], Any], default: Any) -> Any:
        """The parsed value of a field; `default`, with the problem noted, if it is missing or not allowed."""
        if name not in self.nodes or _is_empty(self.nodes[name][1]):
            return default
        try:
            return parse(self.nodes[name][1])
        except FieldError as error:
            self.report(error.node or self.nodes[name][1], str(error), error.rule, warning=error.warning)
            return default


def split_front_matter(path: Path, text: str) -> FrontMatter:
    """Part a file into its front matter and its body.

    Raises ContentError if there is no front matter, it isn't YAML, or it isn't a mapping.
    """
    match = FRONT_MATTER_RE.match(text)
    if match is None:
        message = f"文件开头是“{text[:12].strip()}”，应以两行 --- 之间的元数据开头"
        raise ContentError([Problem(path, 1, message, "missing-front-matter")])
    try:
        root = yaml.compose(match["yaml"], Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ContentError([Problem(path, line, f"YAML 写法有误：{error.problem}", "bad-yaml")]) from None
    except yaml.YAMLError as error:
        raise ContentError([Problem(path, 1, f"YAML 写法有误：{error}", "bad-yaml")]) from None
    if not isinstance(root, yaml.MappingNode):
        raise ContentError([Problem(path, 2, "元数据应是若干“字段: 值”的行", "bad-yaml")])
    matter = FrontMatter(path, {}, text[match.end() :], text.count("\n", 0, match.end()) + 1)
    for key, value in root.value:
        if key.value in matter.nodes:
            matter.report(key, f"字段 {key.value} 写了两次", "repeated-field")
        matter.nodes[str(key.value)] = (key, value)
    return matter


def parse_article(path: Path, text: str, lists: Lists) -> tuple[Article, list[Problem]]:
    """Read an article from its file's text; the file's name is its slug.

    Returns the article and its warnings. Raises ContentError with every problem if one of them is an error.
    """
    matter = split_front_matter(path, text.replace("\r\n", "\n"))
    for name, (key, _) in matter.nodes.items():
        if name not in FIELDS:
            hint = f"，是否想写 {near}" if (near := nearest(name, FIELDS)) else ""
            matter.report(key, f"没有“{name}”这个字段{hint}；可用：{'、'.join(FIELDS)}", "unknown-field")
    if not SLUG_RE.fullmatch(path.stem):
        message = f"文件名“{path.stem}”是文章的永久地址，只能用小写字母、数字和连字符"
        matter.report(None, message, "bad-slug")
    title = matter.read("title", parse_text, "") or _missing(matter, "title", "标题")
    date = matter.read("date", _parse_date, None) or _missing(matter, "date", "日期")
    year = _read_year(matter, date)
    places = matter.read("region", lambda node: _parse_places(node, year, lists.regions, matter), ())
    campaigns = matter.read("campaign", lambda node: _parse_campaigns(node, lists.vocabulary, matter), ())
    article = Article(
        path=path,
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
        note=matter.read("note", parse_text, ""),
        status=matter.read("status", _parse_choice(STATUSES), "published"),
        aliases=matter.read("aliases", _parse_aliases, ()),
        clip=matter.read("clip", _parse_clip, None),
        digest=hashlib.sha256(f"{path.stem}\n{text}".encode("utf-8", "surrogatepass")).hexdigest(),
    )
    if not matter.body.strip():
        matter.problems.append(Problem(path, matter.body_line, "正文是空的", "missing-body"))
    if has_errors(matter.problems):
        raise ContentError(matter.problems)
    return article, matter.problems


FIELDS = (
    *("title", "kicker", "subtitle", "date", "region", "campaign", "year", "source", "byline", "figures", "note"),
    *("images", "aliases", "status", "clip", "check"),
)


CLIP_FIELDS = ("file", "sha256", "lines", "confidence", "flags", "printed", "evidence", "written")


def parse_text(node: yaml.Node) -> str:
    """A scalar as text, white space folded. Raises FieldError for a list or mapping."""
    if not isinstance(node, yaml.ScalarNode):
        raise FieldError(node, "这里应是一行文字", "bad-value")
    return " ".join(str(node.value).split())


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")


def _missing(matter: FrontMatter, name: str, label: str) -> str:
    if name not in matter.nodes or _is_empty(matter.nodes[name][1]):
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


def _items(node: yaml.Node) -> list[yaml.Node]:
    """A list's items; a single value counts as a list of one."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _parse_places(node: yaml.Node, year: int, regions: RegionTable, matter: FrontMatter) -> tuple[Place, ...]:
    places = []
    for item in _items(node):
        path = parse_text(item)
        division = regions.find(path, year)
        if division is None:
            near = nearest(path, regions.paths_in(year))
            hint = f"；最接近的是“{near}”" if near else ""
            message = f"没有“{path}”这个地区，应写 {year} 年区划的全称，如 陕西省/延安市/安塞区{hint}"
            matter.report(item, message, "unknown-region")
            continue
        if not division.exact and FIRST_YEAR <= year <= LAST_YEAR:
            then = regions.path_in(division.region.code, year)
            hint = f"，当时称“{then}”" if then else ""
            matter.report(item, f"{year} 年没有“{path}”{hint}", "region-of-another-year", warning=True)
        places.append(Place(division.region, division.path))
    return tuple(places)


def _parse_campaigns(node: yaml.Node, vocabulary: Vocabulary, matter: FrontMatter) -> tuple[Campaign, ...]:
    campaigns = []
    for item in _items(node):
        name = parse_text(item)
        campaign = vocabulary.find_campaign(name)
        if campaign is None:
            allowed = [campaign.name for campaign in vocabulary.campaigns]
            hint = f"；是否想写“{near}”" if (near := nearest(name, allowed)) else ""
            message = f"没有“{name}”这项活动{hint}；可用：{'、'.join(allowed)}"
            matter.report(item, message, "unknown-campaign")
        elif campaign not in campaigns:
            campaigns.append(campaign)
    return tuple(campaigns)


def _mapping(node: yaml.Node, allowed: tuple[str, ...]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise FieldError(node, f"这里应是“字段: 值”，可用：{'、'.join(allowed)}", "bad-value")
    values = {}
    for key, value in node.value:
        if key.value not in allowed:
            raise FieldError(key, f"没有“{key.value}”这一项，可用：{'、'.join(allowed)}", "unknown-field")
        if not _is_empty(value):
            values[str(key.value)] = value
    return values


def _required(values: dict[str, yaml.Node], name: str, node: yaml.Node) -> yaml.Node:
    if name not in values:
        raise FieldError(node, f"缺少 {name}", "missing-value")
    return values[name]


def _parse_source(node: yaml.Node, vocabulary: Vocabulary) -> Source:
    values = _mapping(node, ("paper", "date", "page", "inferred"))
    name = parse_text(_required(values, "paper", node))
    paper = vocabulary.find_paper(name)
    if paper is None:
        allowed = "、".join(paper.name for paper in vocabulary.papers)
        raise FieldError(values["paper"], f"没有“{name}”这份报纸，可用：{allowed}", "unknown-paper")
    page = None
    if "page" in values:
        text = parse_text(values["page"])
        if not text.isdecimal() or not 1 <= int(text) <= 999:
            raise FieldError(values["page"], f"版次“{text}”应是 1—999 的整数", "bad-page")
        page = int(text)
    return Source(
        paper=paper,
        date=_parse_date(values["date"]) if "date" in values else None,
        page=page,
        inferred="inferred" in values and _parse_choice(("true", "false"))(values["inferred"]) == "true",
    )


def _parse_clip(node: yaml.Node) -> Provenance:
    values = _mapping(node, CLIP_FIELDS)
    lines = tuple(parse_text(item) for item in _items(_required(values, "lines", node)))
    if wrong := next((line for line in lines if not LINES_RE.fullmatch(line)), ""):
        raise FieldError(values["lines"], f"行号“{wrong}”应形如 9-13 或 7", "bad-value")
    file, checksum = (parse_text(_required(values, name, node)) for name in ("file", "sha256"))
    return Provenance(file, checksum, lines)


def _parse_byline(node: yaml.Node) -> tuple[Credit, ...]:
    names = []
    for item in _items(node):
        values = _mapping(item, ("role", "name", "org"))
        role = _parse_choice(ROLES)(_required(values, "role", item))
        name = parse_text(_required(values, "name", item))
        names.append(Credit(role, name, parse_text(values["org"]) if "org" in values else ""))
    return tuple(names)


def _parse_figures(node: yaml.Node) -> tuple[Figure, ...]:
    figures = []
    for item in _items(node):
        values = _mapping(item, ("what", "value", "unit", "qualifier"))
        figures.append(
            Figure(
                what=parse_text(_required(values, "what", item)),
                value=_parse_number(_required(values, "value", item)),
                unit=parse_text(_required(values, "unit", item)),
                qualifier=_parse_choice(QUALIFIERS)(values["qualifier"]) if "qualifier" in values else "",
            )
        )
    return tuple(figures)


def _parse_number(node: yaml.Node) -> int | float:
    text = parse_text(node)
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        raise FieldError(node, f"“{text}”不是数，应写如 20000 或 73.6", "bad-number")
    return float(text) if "." in text else int(text)


def _parse_choice(allowed: tuple[str, ...]) -> Callable[[yaml.Node], str]:
    def parse(node: yaml.Node) -> str:
        text = parse_text(node)
        if text not in allowed:
            raise FieldError(node, f"“{text}”不可用，可用：{'、'.join(allowed)}", "bad-value")
        return text

    return parse


def _parse_aliases(node: yaml.Node) -> tuple[str, ...]:
    aliases = tuple(parse_text(item) for item in _items(node))
    for alias in aliases:
        if not re.fullmatch(r"/(?:[A-Za-z0-9._~%-]+/)+", alias) or ".." in alias:
            raise FieldError(node, f"旧地址“{alias}”应形如 /articles/2020/jiu-diming/", "bad-alias")
    return aliases
