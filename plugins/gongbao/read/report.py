"""“Report an error”: the address that opens an issue or a mail with the article already named in it."""

from __future__ import annotations

from functools import cache
from string import Formatter
from urllib.parse import quote, unquote, urlsplit

from gongbao.article import Article
from gongbao.words import _, current_language

FIELDS = ("title", "address", "body")
# What stands for a title and an address in a template that is filled but for these: no text has such characters.
TITLE, ADDRESS = "%01", "%02"
SCHEMES = ("https", "http", "mailto")


def check_report(template: str) -> None:
    """Raises ValueError if a template isn't a web or mail address, or has a field that doesn't exist."""
    if not template:
        return
    if urlsplit(template).scheme not in SCHEMES:
        raise ValueError(f"GONGBAO['report'] 应以 {'、'.join(f'{scheme}:' for scheme in SCHEMES)} 开头：{template}")
    try:
        names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"GONGBAO['report'] 的花括号不成对：{template}") from error
    if unknown := sorted(names - set(FIELDS)):
        raise ValueError(f"GONGBAO['report'] 没有“{unknown[0]}”这一项，可用：{'、'.join(FIELDS)}")


def report_address(template: str, article: Article, address: str) -> str:
    """The template with its fields filled in, percent-encoded (RFC 3986, RFC 6068); empty where no template is set."""
    filled = _fill(template, current_language())
    return filled.replace(TITLE, quote(article.title, safe="")).replace(ADDRESS, quote(address, safe=""))


@cache
def _fill(template: str, language: str) -> str:  # noqa: ARG001  `_` speaks it
    """The template with all but an article's own title and address."""
    title, address = map(unquote, (TITLE, ADDRESS))
    lines = (
        *(_("文章：%(title)s", title=title), _("地址：%(address)s", address=address), ""),
        *(_("有误的文字："), "", _("应为："), "", _("依据：")),
    )
    values = {"title": _("指错：%(title)s", title=title), "address": address, "body": "\r\n".join(lines)}
    return template.format(**{name: quote(value, safe="") for name, value in values.items()})
