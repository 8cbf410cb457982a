"""The whole catalogue as open data: one row an article, as JSON and as CSV with the same columns, and their schema."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gongbao.article import Article
from gongbao.cache import Cache, Known
from gongbao.words import N_, _

LIST_SEPARATOR = "; "
Make = Callable[[Article], str]
Lines = Callable[[Iterable[Article], Make], Iterable[str]]  # of articles, each made by a function
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Mapping[str, Any] = {"type": "string"}
TEXTS: Mapping[str, Any] = {"type": "array", "items": TEXT}
PARTIAL_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"


@dataclass(frozen=True)
class Column:
    """A column of the catalogue: what it holds, in Chinese and as JSON Schema, and how an article gives it."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    read: Callable[[Article], object]


def _issue(article: Article) -> str:
    return str(article.source.date) if article.source and article.source.date else ""


def _page(article: Article) -> int | str:
    return article.source.page if article.source and article.source.page else ""


def make_lines(articles: Iterable[Article], make: Make) -> Iterable[str]:
    """The line of each article, made now."""
    return map(make, articles)


@dataclass(frozen=True)
class KeptLines:
    """The lines of a file, of which those are made anew whose articles the last build didn't have.

    They are kept under `name`, which tells all that they hang on besides the articles.
    """

    cache: Cache
    name: str

    def __call__(self, articles: Iterable[Article], make: Make) -> list[str]:
        """The line of each article."""
        known = Known[str].load(self.cache, self.name)
        lines = {article.digest: known.values.get(article.digest) or make(article) for article in articles}
        known.keep(lines)
        return list(lines.values())


DATE: Mapping[str, Any] = {"type": "string", "pattern": PARTIAL_DATE}
CODES: Mapping[str, Any] = {"type": "array", "items": {"type": "string", "pattern": r"^\d{6}$"}}
PAGE: Mapping[str, Any] = {"anyOf": [{"type": "integer", "minimum": 1}, {"const": ""}]}
ISSUE: Mapping[str, Any] = {"type": "string", "pattern": f"^$|{PARTIAL_DATE}"}
COLUMNS = (
    Column("url", N_("文章的永久地址，也是它的标识"), {"type": "string", "format": "uri"}, lambda a: a.address),
    Column("title", N_("标题"), {"type": "string", "minLength": 1}, lambda a: a.title),
    Column("kicker", N_("引题，没有则空"), TEXT, lambda a: a.kicker),
    Column("subtitle", N_("副题，没有则空"), TEXT, lambda a: a.subtitle),
    Column("date", N_("日期，知道多细写多细：2020、2020-01 或 2020-01-15"), DATE, lambda a: str(a.date)),
    Column("year", N_("年份"), {"type": "integer"}, lambda a: a.year),
    Column(
        "regions", N_("地区，当年的名称，从省写起，用 / 隔开"), TEXTS, lambda a: ["/".join(p.path) for p in a.places]
    ),
    Column(
        "region_codes", N_("地区的行政区划代码，依次对应 regions"), CODES, lambda a: [p.region.code for p in a.places]
    ),
    Column("campaigns", N_("工会活动的名称"), TEXTS, lambda a: [c.name for c in a.campaigns]),
    Column("campaign_ids", N_("工会活动的标识，依次对应 campaigns"), TEXTS, lambda a: [c.id for c in a.campaigns]),
    Column("paper", N_("报纸，不详则空"), TEXT, lambda a: a.source.paper.name if a.source else ""),
    Column("issue", N_("原报的日期，写法同 date，不详则空"), ISSUE, _issue),
    Column("page", N_("版次，不详则空"), PAGE, _page),
    Column("byline", N_("署名，每人一条，身份在前"), TEXTS, lambda a: [f"{c.title} {c.name}" for c in a.byline]),
    Column(
        "figures", N_("文中数字，项目在前，数值照所印的写"), TEXTS, lambda a: [f"{f.what} {f.text}" for f in a.figures]
    ),
)


def catalogue_json(articles: Iterable[Article], site: str, lines: Lines = make_lines) -> str:
    """A JSON array of objects, one an article and a line; `site` makes the addresses absolute."""
    encode = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` would make an encoder for each row
    return "[\n" + ",\n".join(lines(articles, lambda article: encode(_row(article, site)))) + "\n]\n"


class _Line:
    """What `csv` writes a line to and gets it back from, as `writerow` returns it."""

    def write(self, text: str) -> str:
        return text


def catalogue_csv(articles: Iterable[Article], site: str, lines: Lines = make_lines) -> str:
    """The same rows as CSV (RFC 4180) with a byte order mark, which spreadsheets need to see UTF-8."""
    writer = csv.writer(_Line())

    def write(cells: Iterable[object]) -> str:
        line: str = writer.writerow(
            [LIST_SEPARATOR.join(map(str, cell)) if isinstance(cell, list) else cell for cell in cells]
        )
        return line

    head = write(column.name for column in COLUMNS)
    return "".join(("\ufeff", head, *lines(articles, lambda article: write(_row(article, site).values()))))


def catalogue_schema(name: str, address: str, licence: str) -> str:
    """A JSON Schema of articles.json; `licence` stands in its comment, where there is one."""
    schema = {
        "$schema": DRAFT,
        "$id": address,
        "title": _("%(name)s：文章目录", name=name),
        **({"$comment": _("许可：%(licence)s", licence=licence)} if licence else {}),
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [column.name for column in COLUMNS],
            "properties": {column.name: {"description": _(column.meaning), **column.schema} for column in COLUMNS},
        },
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _row(article: Article, site: str) -> dict[str, object]:
    row = {column.name: column.read(article) for column in COLUMNS}
    return row | {"url": f"{site}{article.address}"}
