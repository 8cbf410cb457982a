"""The JSON Schema of an article's front matter, for editors' tools: what may be written, as far as a schema can say it.

It is stricter than `check` where that helps who writes (names as the vocabularies spell them) and knows less: whether a
place existed in a year, or the year agrees with the date, only `check` tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gongbao.article import (
    ALIAS_RE,
    CLIP_FIELDS,
    FIELDS,
    LINES_RE,
    QUALIFIERS,
    ROLES,
    STATUSES,
    YEARS,
    Lists,
)
from gongbao.regions import RegionTable
from gongbao.vocabulary import Campaign, Paper

Schema = dict[str, Any]
# Draft 7 is the newest that all of the tools understand.
DIALECT = "http://json-schema.org/draft-07/schema#"
# YAML makes numbers and booleans of some titles; an article takes them as they are written.
TEXT: Schema = {"type": ["string", "number", "boolean"]}
DAY_PATTERN = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
DATE: Schema = {
    "type": ["string", "integer"],
    "pattern": DAY_PATTERN,
    "minimum": YEARS[0],
    "maximum": YEARS[-1],
}
PAGE: Schema = {"type": ["integer", "string"], "minimum": 1, "maximum": 999, "pattern": r"^[1-9]\d{0,2}$"}
NUMBER: Schema = {"type": ["number", "string"], "minimum": 0, "pattern": r"^\d+(\.\d+)?$"}
# As article.PICTURE_RE has it; a schema's patterns know no flags.
PICTURE = r"^([A-Za-z0-9][A-Za-z0-9_-]*/)*[A-Za-z0-9][A-Za-z0-9_-]*\.([Jj][Pp][Ee]?[Gg]|[Pp][Nn][Gg]|[Ww][Ee][Bb][Pp])$"
EMPTY: Schema = {"type": "null"}
PROVINCE = 1

DESCRIPTIONS = {
    "title": "标题，必填。末尾不加句号。",
    "kicker": "引题：标题上面的一行。",
    "subtitle": "副题：标题下面的一行。",
    "date": "日期，必填：2021-07-20，或 2021-07，或 2021，知道多少写多少。",
    "region": "地区：用文章当年的全称，如 陕西省/延安市/安塞区；最主要的排在最前。",
    "campaign": "活动：campaigns.toml 里的名称、别名或标识。",
    "year": "年份：可不写，写了要与 date 相符。",
    "source": "出处：报纸、日期、版次。",
    "byline": "署名：每人一项。",
    "figures": "文中数字：照所印的写。",
    "note": "编者注：一行文字。",
    "images": "图片：file 是 content/images/ 里的文件，alt 用一句话写出画面。",
    "aliases": "旧地址：如 /articles/2020/jiu-diming/，发布时在那里写上转到这里的页面。",
    "status": "draft 是草稿：检查，但不发布。",
    "clip": "由剪报写下：出自哪份录文的哪些行。留着不动。",
    "check": "查过而不改的：哪条规则，为什么。",
}


def article_schema(lists: Lists) -> Schema:
    """The schema, with the campaigns, papers and provinces of an archive."""
    own = _own_fields(lists)
    properties = {name: {"description": DESCRIPTIONS[name], **own[name]} for name in FIELDS}
    return {
        "$schema": DIALECT,
        "title": "工报：文章的元数据",
        "description": "由 inv schema 生成，改动请改 plugins/gongbao/write/schema.py 或词表。",
        "type": "object",
        "required": ["title", "date"],
        "additionalProperties": False,
        "properties": properties,
    }


def schema_text(lists: Lists) -> str:
    """The schema as the file that is kept beside the documents."""
    return json.dumps(article_schema(lists), ensure_ascii=False, indent=2) + "\n"


def _own_fields(lists: Lists) -> dict[str, Schema]:
    campaign, paper = _names(lists.vocabulary.campaigns), _names(lists.vocabulary.papers)
    source = {"paper": paper, "date": _optional(DATE), "page": _optional(PAGE), "inferred": {"type": "boolean"}}
    credit = {"role": {"enum": list(ROLES)}, "name": TEXT, "org": _optional(TEXT)}
    figure = {"what": TEXT, "value": NUMBER, "unit": TEXT, "qualifier": _optional({"enum": list(QUALIFIERS)})}
    ignore = _mapping({"rule": TEXT, "reason": {**TEXT, "minLength": 1}}, required=("rule", "reason"))
    picture = {
        "file": {"type": "string", "pattern": PICTURE},
        "alt": TEXT,
        "caption": _optional(TEXT),
        "credit": _optional(TEXT),
    }
    return {
        "title": {**TEXT, "minLength": 1},
        "kicker": _optional(TEXT),
        "subtitle": _optional(TEXT),
        "date": DATE,
        "region": _one_or_more({"type": "string", "pattern": _region_pattern(lists.regions)}),
        "campaign": _one_or_more(campaign),
        "year": _optional({"type": ["integer", "string"], "pattern": r"^\d{4}$"}),
        "source": _optional(_mapping(source, required=("paper",))),
        "byline": _one_or_more(_mapping(credit, required=("role", "name"))),
        "figures": _one_or_more(_mapping(figure, required=("what", "value", "unit"))),
        "note": _optional(TEXT),
        "images": _one_or_more(_mapping(picture, required=("file", "alt"))),
        "aliases": _one_or_more({"type": "string", "pattern": f"^{ALIAS_RE.pattern}$"}),
        "status": _optional({"enum": list(STATUSES)}),
        "clip": _optional(_clip()),
        "check": _optional(_mapping({"ignore": _one_or_more(ignore)}, required=("ignore",))),
    }


def _clip() -> Schema:
    known: dict[str, Schema] = {
        "file": TEXT,
        "sha256": {"type": ["string", "number"]},
        "lines": _one_or_more({"type": ["integer", "string"], "pattern": f"^{LINES_RE.pattern}$"}),
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "flags": {"type": "array", "items": {"type": "string"}},
    }
    return _mapping({name: known.get(name, {}) for name in CLIP_FIELDS}, required=("file", "sha256", "lines"))


def _mapping(properties: dict[str, Schema], *, required: tuple[str, ...]) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": properties,
    }


def _optional(schema: Schema) -> Schema:
    """The same, or nothing after the colon."""
    return {"anyOf": [schema, EMPTY]}


def _one_or_more(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "array", "items": schema}, schema, EMPTY]}


def _names(entries: Iterable[Campaign | Paper]) -> Schema:
    """Names first, so that they are offered first; then aliases and ids, each with what it stands for."""
    own = list(entries)
    meanings = {entry.name: entry.description for entry in own}
    for entry in own:
        for other in (*entry.aliases, entry.id):
            meanings.setdefault(other, f"即“{entry.name}”")
    return {"enum": list(meanings), "enumDescriptions": list(meanings.values())}


def _region_pattern(table: RegionTable) -> str:
    """Paths that begin with a province; the thousands of places below are too many for a list."""
    provinces = {
        period.name for region in table.regions.values() if region.level == PROVINCE for period in region.names
    }
    return f"^({'|'.join(sorted(provinces))})(/[^/\\s]+){{0,2}}$"
