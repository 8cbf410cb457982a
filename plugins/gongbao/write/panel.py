"""The settings of Front Matter CMS, an extension of VS Code: a form beside the text, with the archive's own lists.

Read from its sources, version 10.10: it takes YAML 1.2, so dates stay as they are written. Its blocks write a field of
their own into each item, which an article refuses; bylines and figures are therefore written by hand, with snippets.
"""

from __future__ import annotations

import json
from typing import Any

from gongbao.archive import ARTICLES
from gongbao.article import STATUSES, Lists
from gongbao.write.schema import DESCRIPTIONS

Field = dict[str, Any]
LABELS = {
    "title": "标题",
    "kicker": "引题",
    "subtitle": "副题",
    "date": "日期",
    "region": "地区",
    "campaign": "活动",
    "source": "出处",
    "note": "编者注",
    "status": "状态",
}
HOST = "http://127.0.0.1:8000"


def panel_text(lists: Lists) -> str:
    """The file frontmatter.json at the project's root."""
    return json.dumps(panel_settings(lists), ensure_ascii=False, indent=2) + "\n"


def panel_settings(lists: Lists) -> dict[str, Any]:
    """Every setting that isn't the extension's own default."""
    names = {
        "frontMatter.framework.startCommand": "python3 tasks.py serve",
        "frontMatter.preview.host": HOST,
        "frontMatter.content.supportedFileTypes": ["md"],
        "frontMatter.content.autoUpdateDate": False,
        "frontMatter.content.draftField": {"name": "status", "type": "choice", "choices": list(STATUSES)},
        "frontMatter.content.pageFolders": [
            {"title": "文章", "path": f"[[workspace]]/content/{ARTICLES}", "disableCreation": True}
        ],
        "frontMatter.taxonomy.dateFormat": "yyyy-MM-dd",
        "frontMatter.taxonomy.seoTitleLength": -1,
        "frontMatter.taxonomy.seoDescriptionLength": -1,
        "frontMatter.taxonomy.contentTypes": [{"name": "default", "pageBundle": False, "fields": make_fields(lists)}],
    }
    return dict(sorted(names.items()))


def make_fields(lists: Lists) -> list[Field]:
    """The form's fields, in the order of the front matter."""
    paper = [one.name for one in lists.vocabulary.papers]
    campaigns = lists.vocabulary.campaigns
    names = [*(one.name for one in campaigns), *(alias for one in campaigns for alias in one.aliases)]
    return [
        _field("title", "string", required=True),
        _field("kicker", "string"),
        _field("subtitle", "string"),
        _field("date", "string", required=True),
        _field("region", "list"),
        _field("campaign", "choice", choices=names, multiple=True),
        _field("source", "fields", fields=_source(paper)),
        _field("note", "string"),
        _field("status", "draft"),
    ]


def _field(name: str, kind: str, **others: Any) -> Field:
    return {"name": name, "title": LABELS[name], "description": DESCRIPTIONS[name], "type": kind, **others}


def _source(papers: list[str]) -> list[Field]:
    return [
        {"name": "paper", "title": "报纸", "type": "choice", "choices": papers},
        {"name": "date", "title": "见报日期", "type": "string"},
        {"name": "page", "title": "版次", "type": "number", "numberOptions": {"min": 1, "max": 999}},
        {"name": "inferred", "title": "报纸是据署名推定的", "type": "boolean"},
    ]
