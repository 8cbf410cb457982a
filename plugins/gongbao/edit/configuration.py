"""The form of /admin/: what Decap CMS is told of an article's fields, of the vocabularies and of the host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gongbao.article import QUALIFIERS, ROLES, SLUG_RE, STATUSES, Lists
from gongbao.edit.host import Host
from gongbao.regions import FIRST_YEAR, LAST_YEAR, RegionTable
from gongbao.vocabulary import Campaign, Paper

Field = dict[str, Any]
DATE_PATTERN = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
DATE_HINT = "如 2021-07-20；只知道月份写 2021-07，只知道年份写 2021"
STATUS_NAMES = {"draft": "草稿（先存着，不发布）", "published": "发布"}
# Front matter that the form leaves as it is: what `clip` and `check` keep there, and what follows from the date.
UNTOUCHED = frozenset(("year", "clip", "check"))
COMMITS = {
    "create": "新建 {{path}}",
    "update": "修改 {{path}}",
    "delete": "删除 {{path}}",
    "uploadMedia": "上传 {{path}}",
    "deleteMedia": "删除 {{path}}",
}


def make_configuration(host: Host, lists: Lists, site: str) -> dict[str, Any]:
    """The configuration of the page, as JSON has it; `site` is the site's address."""
    root = "" if host.kind == "local" else "content/"
    return {
        "load_config_file": False,
        "locale": "zh_Hans",
        "site_url": site,
        "display_url": site,
        "backend": _backend(host),
        "media_folder": f"{root}images",
        "public_folder": "/images",
        "slug": {"encoding": "ascii", "clean_accents": True, "sanitize_replacement": "-"},
        "collections": [_articles(f"{root}articles", lists)],
    }


def _backend(host: Host) -> dict[str, Any]:
    """Each is Decap's own but for how one signs in; theme/…/signin.js registers them by these names."""
    if host.kind == "local":
        return {"name": "gongbao-local", "proxy_url": host.api, "branch": host.branch}
    return {
        "name": f"gongbao-{host.kind}",
        "repo": host.repository,
        "branch": host.branch,
        "api_root": host.api,
        "commit_messages": COMMITS,
    }


def _articles(folder: str, lists: Lists) -> dict[str, Any]:
    return {
        "name": "articles",
        "label": "报道",
        "label_singular": "报道",
        "description": "一篇报道一个文件。先填标题、文件名和日期，正文贴在最后。",
        "folder": folder,
        "create": True,
        "delete": False,  # a published address stays
        "format": "yaml-frontmatter",
        "extension": "md",
        "identifier_field": "title",
        "slug": "{{fields.slug}}",
        "path": "{{folder}}/{{slug}}",
        "summary": "{{title}}（{{date}}）",
        "preview_path": "articles/{{dirname}}/{{filename}}/",
        "sortable_fields": [
            {"field": "date", "label": "日期", "default_sort": "desc"},
            {"field": "title", "label": "标题"},
        ],
        "view_filters": [{"label": "草稿", "field": "status", "pattern": "draft"}],
        "editor": {"preview": False},
        "fields": make_fields(lists),
    }


def make_fields(lists: Lists) -> list[Field]:
    """The form's fields, in the order in which they are filled in and written."""
    return [
        _line("title", "标题", "主标题，末尾不加句号", required=True),
        _line("kicker", "引题", "标题上面的一行，没有就空着"),
        _line("subtitle", "副题", "标题下面的一行，没有就空着"),
        {
            "name": "slug",
            "label": "文件名",
            "widget": "gongbao-address",
            "hint": "也是永久地址，定了不改：小写字母、数字、连字符，如 ansai-song-wennuan",
            "pattern": [f"^{SLUG_RE.pattern}$", "文件名只能用小写字母、数字和连字符，如 ansai-song-wennuan"],
        },
        _line("date", "日期", DATE_HINT, pattern=[DATE_PATTERN, f"日期应写{DATE_HINT}"], required=True),
        {"name": "folder", "label": "文件夹", "widget": "gongbao-derived", "required": False},
        {
            "name": "region",
            "label": "地区",
            "widget": "gongbao-places",
            "hint": "打一两个字，从候选里选；候选是报道那一年的区划。最主要的排在最前",
            "required": False,
        },
        _choice("campaign", "活动", _names(lists.vocabulary.campaigns), "可以选几项，没有就空着", multiple=True),
        _source(lists.vocabulary.papers),
        _byline(),
        _figures(),
        _pictures(),
        {
            "name": "body",
            "label": "正文",
            "widget": "gongbao-text",
            "hint": "段与段之间空一行；小标题前面加“## ”",
            "rows": 18,
        },
        {"name": "note", "label": "编者注", "widget": "gongbao-text", "required": False, "rows": 2},
        {
            "name": "aliases",
            "label": "旧地址",
            "widget": "list",
            "required": False,
            "collapsed": True,
            "hint": "文章以前的地址，如 /articles/2020/jiu-diming/；一般不用填",
            "field": _line("alias", "旧地址", pattern=[r"^/([A-Za-z0-9._~%-]+/)+$", "应形如 /articles/2020/jiu/"]),
        },
        {
            **_choice("status", "状态", [], "写好了，改成“发布”；空着也是发布"),
            "options": [{"label": STATUS_NAMES[value], "value": value} for value in reversed(STATUSES)],
            "default": "draft",
        },
    ]


def _line(name: str, label: str, hint: str = "", *, pattern: list[str] | None = None, required: bool = False) -> Field:
    field: Field = {"name": name, "label": label, "widget": "gongbao-line", "required": required}
    if hint:
        field["hint"] = hint
    if pattern:
        field["pattern"] = pattern
    return field


def _choice(name: str, label: str, options: Iterable[str], hint: str = "", *, multiple: bool = False) -> Field:
    field: Field = {"name": name, "label": label, "widget": "select", "options": list(options), "required": False}
    if hint:
        field["hint"] = hint
    if multiple:
        field["multiple"] = True
    return field


def _names(entries: Iterable[Campaign | Paper]) -> list[str]:
    return [entry.name for entry in entries]


def _source(papers: Iterable[Paper]) -> Field:
    return {
        "name": "source",
        "label": "出处",
        "widget": "object",
        "required": False,
        "hint": "不知道就都空着",
        "fields": [
            _choice("paper", "报纸", _names(papers)),
            _line("date", "见报日期", DATE_HINT, pattern=[DATE_PATTERN, f"日期应写{DATE_HINT}"]),
            {"name": "page", "label": "版次", "widget": "number", "value_type": "int", "min": 1, "max": 999}
            | {"required": False},
            {"name": "inferred", "label": "报纸是据署名推定的", "widget": "boolean", "required": False},
        ],
    }


def _byline() -> Field:
    return {
        "name": "byline",
        "label": "署名",
        "label_singular": "署名",
        "widget": "list",
        "required": False,
        "collapsed": True,
        "default": [],
        "summary": "{{fields.org}}{{fields.role}} {{fields.name}}",
        "fields": [
            _choice("role", "身份", ROLES) | {"default": ROLES[0], "required": True},
            _line("name", "姓名", required=True),
            _line("org", "单位", "如 本报、新华社，没有就空着"),
        ],
    }


def _figures() -> Field:
    return {
        "name": "figures",
        "label": "文中数字",
        "label_singular": "数字",
        "widget": "list",
        "required": False,
        "collapsed": True,
        "hint": "照文中所印的写：“近20万元”是 20、万元、近",
        "summary": "{{fields.what}} {{fields.value}}{{fields.unit}}",
        "fields": [
            _line("what", "说的是什么", "如 送出慰问金", required=True),
            {"name": "value", "label": "数", "widget": "number", "value_type": "float", "min": 0, "step": 0.0001},
            _line("unit", "单位", "如 万元、人次", required=True),
            _choice("qualifier", "约数", QUALIFIERS),
        ],
    }


def _pictures() -> Field:
    return {
        "name": "images",
        "label": "图片",
        "label_singular": "图片",
        "widget": "list",
        "required": False,
        "collapsed": True,
        "default": [],
        "hint": "先在左上角的“图片”里上传，再在这里写文件名",
        "summary": "{{fields.file}} {{fields.caption}}",
        "fields": [
            _line("file", "图片文件", "如 song-liangcha.jpg", required=True),
            _line("alt", "画面", "用一句话写出画面上有什么，给看不见图片的读者", required=True),
            _line("caption", "图片说明", "登在图片下面"),
            _line("credit", "图片署名", "如 某某摄"),
        ],
    }


def region_choices(regions: RegionTable) -> dict[str, list[int]]:
    """Every path that a division ever had -> its first and last year, and those of later runs."""
    runs: dict[str, list[int]] = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for path in regions.paths_in(year):
            own = runs.setdefault(path, [year, year])
            if own[-1] < year - 1:
                own += [year, year]
            own[-1] = year
    return dict(sorted(runs.items()))
